// Where and what to run, before a console opens.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    property bool first: true // none is open yet
    signal opened
    signal closed
    readonly property ConsoleList consoles: session.consoles
    implicitHeight: column.implicitHeight
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Open a console")

    function chosenInstance(): string {
        return root.session.instances.idAt(Math.max(0, instance.currentIndex));
    }
    function openNow() {
        const container = containers.visible ? containers.displayText : "";
        if (root.consoles.open(root.session.selected.name, root.chosenInstance(), container, command.text))
            root.opened();
    }
    function look() {
        if (visible)
            root.consoles.lookAt(root.chosenInstance());
    }
    onVisibleChanged: look()
    Component.onCompleted: look()

    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space3

        Words {
            Layout.fillWidth: true
            text: root.session.instances.count > 0 ? qsTr("Open a console in %1").arg(root.session.selected.name) : qsTr("%1 has no instance to open a console in").arg(root.session.selected.name)
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            Layout.fillWidth: true
            visible: root.session.instances.count === 0
            text: qsTr("Scale it up, or wait until one runs.")
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        GridLayout {
            Layout.fillWidth: true
            visible: root.session.instances.count > 0
            columns: 2
            columnSpacing: Theme.space3
            rowSpacing: Theme.space2
            Words {
                text: qsTr("Instance")
                color: Theme.muted
            }
            Selector {
                mono: true
                id: instance
                objectName: "consoleInstance"
                Layout.fillWidth: true
                implicitHeight: Theme.control
                Accessible.name: qsTr("Instance")
                model: {
                    const ids = [];
                    for (let i = 0; i < root.session.instances.count; ++i)
                        ids.push(root.session.instances.idAt(i));
                    return ids;
                }
                onCurrentIndexChanged: root.look()
                onModelChanged: root.look()
            }
            Words {
                visible: containers.visible
                text: qsTr("Container")
                color: Theme.muted
            }
            Selector {
                mono: true
                id: containers
                objectName: "consoleContainer"
                visible: root.consoles.containers.length > 1
                Layout.fillWidth: true
                implicitHeight: Theme.control
                Accessible.name: qsTr("Container")
                model: root.consoles.containers
            }
            Words {
                text: qsTr("Command")
                color: Theme.muted
            }
            TextBox {
                id: command
                objectName: "consoleCommand"
                Layout.fillWidth: true
                placeholderText: qsTr("A shell: bash where there is one, else sh")
                font.family: Theme.monoFamily
                font.pixelSize: Theme.monoSize
                Accessible.name: qsTr("Command; empty for a shell")
                Keys.onReturnPressed: root.openNow()
                Keys.onEnterPressed: root.openNow()
            }
        }
        Words {
            objectName: "consoleProblem"
            Layout.fillWidth: true
            visible: root.consoles.problem.present
            text: root.consoles.problem.text
            color: Theme.red
            wrapMode: Text.Wrap
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
        RowLayout {
            spacing: Theme.space2
            ActionButton {
                objectName: "openConsole"
                primary: true
                text: qsTr("Open console")
                enabled: root.session.instances.count > 0 && !root.consoles.full && root.session.connection.connected
                tip: root.consoles.full ? qsTr("As many as can be are open: close one first") : ""
                onClicked: root.openNow()
            }
            ActionButton {
                visible: !root.first
                quiet: true
                text: qsTr("Back")
                onClicked: root.closed()
            }
        }
    }
}
