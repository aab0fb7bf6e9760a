// What the instances write, live. Scrolling up pauses; scrolling back to the end follows again.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    readonly property LogModel log: session.log
    spacing: Theme.space2

    RowLayout {
        spacing: Theme.space2
        Words {
            text: qsTr("Logs")
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            objectName: "logState"
            text: root.log.state
            color: Theme.muted
            Layout.fillWidth: true
        }
        Selector {
            id: picker
            visible: root.session.instances.count > 1 || root.log.instance.length > 0
            Layout.fillWidth: true
            Layout.maximumWidth: 190
            Layout.minimumWidth: 90
            objectName: "logPicker"
            Accessible.name: qsTr("Instance whose log is shown")
            model: {
                const ids = [qsTr("All instances")];
                for (let i = 0; i < root.session.instances.count; ++i)
                    ids.push(root.session.instances.idAt(i));
                return ids;
            }
            onActivated: index => root.log.instance = index > 0 ? root.session.instances.idAt(index - 1) : ""
            onModelChanged: currentIndex = Math.max(0, model.indexOf(root.log.instance))
        }
        IconButton {
            objectName: "pauseButton"
            iconName: root.log.paused ? "play" : "pause"
            text: root.log.paused ? qsTr("Follow") : qsTr("Pause")
            onClicked: {
                root.log.paused = !root.log.paused;
                if (!root.log.paused)
                    list.toEnd();
            }
        }
        CopyButton {
            text: qsTr("Copy the log")
            enabled: root.log.count > 0
            onCopyRequested: root.session.copyLog()
        }
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: 48
        radius: Theme.radius
        color: Theme.background
        border.width: list.activeFocus ? 2 : 1
        border.color: list.activeFocus ? Theme.accent : Theme.line

        ListView {
            id: list
            objectName: "logList"
            anchors.fill: parent
            anchors.margins: 10
            anchors.rightMargin: 2
            clip: true
            model: root.log
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Log lines")
            T.ScrollBar.vertical: ScrollThumb {
                id: thumb
                onPressedChanged: if (!pressed)
                    list.userScrolled()
            }
            // After the new lines have their heights.
            Timer {
                id: end
                interval: 0
                onTriggered: list.positionViewAtEnd()
            }
            function toEnd() {
                end.restart();
            }
            function userScrolled() {
                root.log.paused = !atYEnd;
            }
            onMovementStarted: root.log.paused = true
            onMovementEnded: userScrolled()
            onCountChanged: if (!root.log.paused)
                toEnd()
            onWidthChanged: if (!root.log.paused)
                toEnd()
            onHeightChanged: if (!root.log.paused)
                toEnd()
            Keys.onPressed: event => {
                switch (event.key) {
                case Qt.Key_Up:
                    contentY = Math.max(originY, contentY - 34);
                    break;
                case Qt.Key_Down:
                    contentY = Math.min(originY + Math.max(0, contentHeight - height), contentY + 34);
                    break;
                case Qt.Key_PageUp:
                    contentY = Math.max(originY, contentY - height + 17);
                    break;
                case Qt.Key_PageDown:
                    contentY = Math.min(originY + Math.max(0, contentHeight - height), contentY + height - 17);
                    break;
                case Qt.Key_Home:
                    positionViewAtBeginning();
                    break;
                case Qt.Key_End:
                    positionViewAtEnd();
                    break;
                default:
                    return;
                }
                event.accepted = true;
                userScrolled();
            }
            delegate: Item {
                id: line
                required property string text
                required property string time
                required property string instanceId
                required property bool isError
                width: ListView.view ? ListView.view.width - 12 : 0
                height: words.height
                Accessible.role: Accessible.ListItem
                Accessible.name: text
                Accessible.description: time + " " + instanceId
                Mono {
                    id: when
                    width: 80
                    height: 17
                    text: line.time
                    font.pixelSize: 11
                    color: Theme.muted
                    elide: Text.ElideNone
                    Accessible.ignored: true
                }
                Mono {
                    id: words
                    anchors.left: when.right
                    anchors.leftMargin: 8
                    anchors.right: parent.right
                    height: Math.max(17, implicitHeight)
                    text: line.text
                    font.pixelSize: 11
                    lineHeight: 17
                    lineHeightMode: Text.FixedHeight
                    wrapMode: Text.WrapAnywhere
                    color: line.isError ? Theme.amber : Theme.text
                    Accessible.ignored: true
                }
            }
        }
        Words {
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - 32)
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            visible: root.log.count === 0
            color: Theme.muted
            text: root.log.problem.present ? root.log.problem.text : qsTr("Nothing was written yet")
        }
        ActionButton {
            visible: root.log.paused && root.log.waiting > 0
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: parent.bottom
            anchors.bottomMargin: 8
            text: root.log.waiting === 1 ? qsTr("1 new line") : qsTr("%1 new lines").arg(root.log.waiting)
            onClicked: {
                root.log.paused = false;
                list.toEnd();
            }
        }
    }
}
