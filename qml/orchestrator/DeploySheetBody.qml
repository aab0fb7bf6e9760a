// Inside the deploy sheet.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property DeploySession deploy: session.deploy
    readonly property bool small: width < 820
    property bool asForm: false
    signal closeRequested

    Accessible.role: Accessible.Dialog
    Accessible.name: root.deploy.title

    Shortcut {
        sequences: ["Ctrl+Return", "Ctrl+Enter"]
        enabled: root.deploy.canDeploy
        onActivated: root.deploy.deploy()
    }
    RowLayout {
        id: head
        x: Theme.space5
        width: parent.width - x - Theme.space3
        height: 60
        spacing: Theme.space3
        Words {
            objectName: "sheetTitle"
            text: root.deploy.title
            font.pixelSize: 17
            font.weight: Font.Bold
            Layout.maximumWidth: root.width * 0.5
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            objectName: "sheetSummary"
            text: root.deploy.summary
            color: Theme.muted
            Layout.fillWidth: true
        }
        StatusChip {
            visible: root.deploy.checking
            tone: "busy"
            word: qsTr("Checking")
        }
        StatusChip {
            objectName: "sheetErrors"
            visible: root.deploy.errorCount > 0
            tone: "bad"
            word: root.deploy.errorCount === 1 ? qsTr("1 error") : qsTr("%n errors", "", root.deploy.errorCount)
        }
        StatusChip {
            visible: root.deploy.warningCount > 0
            tone: "warn"
            word: root.deploy.warningCount === 1 ? qsTr("1 warning") : qsTr("%n warnings", "", root.deploy.warningCount)
        }
        IconButton {
            iconName: "close"
            text: qsTr("Close")
            tip: qsTr("Close (Esc)")
            enabled: !root.deploy.busy
            onClicked: root.closeRequested()
        }
    }
    Hairline {
        y: head.height
        width: parent.width
    }
    ColumnLayout {
        id: left
        x: Theme.space5
        anchors.top: head.bottom
        anchors.topMargin: Theme.space3
        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.space3
        width: Math.round(parent.width * (root.small ? 0.44 : 0.4)) - x
        spacing: Theme.space2
        RowLayout {
            Words {
                text: qsTr("Manifest")
                font.weight: Font.DemiBold
            }
            Words {
                Layout.fillWidth: true
                color: Theme.muted
                text: root.deploy.editable || root.deploy.busy ? qsTr("edit here, the plan follows") : qsTr("long: its beginning is shown")
            }
            Chip {
                objectName: "sheetText"
                text: qsTr("Text")
                checked: !root.asForm
                onClicked: root.asForm = false
            }
            Chip {
                objectName: "sheetForm"
                text: qsTr("Form")
                checked: root.asForm
                onClicked: root.asForm = true
            }
        }
        Flow {
            Layout.fillWidth: true
            visible: root.deploy.documents.length > 1
            spacing: 4
            Repeater {
                model: root.deploy.documents.length > 1 ? root.deploy.documents : []
                delegate: Row {
                    id: tab
                    required property var modelData
                    required property int index
                    Chip {
                        text: tab.modelData.name
                        checked: tab.index === root.deploy.current // qmllint disable unqualified
                        onClicked: root.deploy.current = tab.index // qmllint disable unqualified
                        Dot {
                            x: 8
                            anchors.verticalCenter: parent.verticalCenter
                            tone: tab.modelData.tone
                        }
                        leftPadding: 10
                    }
                    IconButton {
                        visible: tab.index === root.deploy.current // qmllint disable unqualified
                        iconName: "close"
                        text: qsTr("Leave out %1").arg(tab.modelData.name)
                        onClicked: root.deploy.removeDocument(tab.index) // qmllint disable unqualified
                    }
                }
            }
        }
        CodeView {
            id: editor
            editorName: "manifestText"
            focus: true
            visible: !root.asForm
            Layout.fillWidth: true
            Layout.fillHeight: true
            readOnly: !root.deploy.editable
            markers: root.deploy.markers
            placeholderText: qsTr("Paste a manifest, a Compose file or Kubernetes YAML, or write an image name such as nginx:1.27-alpine")
            onEdited: text => root.deploy.text = text
        }
        Binding {
            target: editor
            property: "text"
            value: root.deploy.text
        }
        Loader {
            Layout.fillWidth: true
            Layout.fillHeight: true
            active: root.asForm
            visible: active
            sourceComponent: DeployFormPane {
                session: root.session // qmllint disable unqualified
            }
        }
    }
    Hairline {
        id: divider
        anchors.left: left.right
        anchors.leftMargin: Theme.space4
        anchors.top: head.bottom
        anchors.bottom: foot.top
    }
    DeployPlan {
        anchors.left: divider.right
        anchors.leftMargin: Theme.space4
        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.top: head.bottom
        anchors.topMargin: Theme.space3
        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.space3
        session: root.session
        onLineRequested: line => editor.showLine(line)
    }
    Item {
        id: foot
        anchors.bottom: parent.bottom
        width: parent.width
        height: 60
        Hairline {
            width: parent.width
        }
        RowLayout {
            anchors.fill: parent
            anchors.leftMargin: Theme.space5
            anchors.rightMargin: Theme.space5
            spacing: Theme.space2
            Words {
                text: qsTr("Same as")
                color: Theme.muted
            }
            Mono {
                text: root.deploy.cliLine
                color: Theme.muted
                elide: Text.ElideMiddle
                Layout.fillWidth: true
                Layout.maximumWidth: implicitWidth + 1
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("The command that does the same: %1").arg(text)
            }
            CopyButton {
                text: qsTr("Copy the command")
                onCopyRequested: root.session.copy(root.deploy.cliLine)
            }
            Item {
                Layout.fillWidth: true
                Layout.preferredWidth: 0
            }
            ActionButton {
                text: qsTr("Cancel")
                enabled: !root.deploy.busy
                onClicked: root.closeRequested()
            }
            ActionButton {
                objectName: "sheetDeploy"
                text: root.deploy.actionText
                primary: true
                shortcutText: "Ctrl ⏎"
                tip: root.deploy.blockedBy
                enabled: root.deploy.canDeploy
                onClicked: root.deploy.deploy()
            }
        }
    }
}
