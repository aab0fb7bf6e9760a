import QtQuick
import QtQuick.Layouts
import Univrs

Item {
    id: root
    required property string instanceId
    required property string stateWord
    required property string tone
    required property string message
    required property int restarts
    required property string age
    required property string since
    required property string place
    required property string detail
    implicitHeight: column.implicitHeight + 18
    Accessible.role: Accessible.ListItem
    Accessible.name: instanceId + ", " + detail
    Accessible.description: message

    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 3
        RowLayout {
            spacing: Theme.space2
            Dot {
                tone: root.tone
            }
            Mono {
                text: root.instanceId
                elide: Text.ElideMiddle
                Layout.fillWidth: true
            }
            Words {
                text: root.restarts === 0 ? "" : root.restarts === 1 ? qsTr("1 restart") : qsTr("%1 restarts").arg(root.restarts)
                visible: text.length > 0
                color: Theme.amber
                font.pixelSize: Theme.smallSize
            }
            Words {
                text: root.stateWord
                color: root.tone === "idle" ? Theme.muted : Theme.tone(root.tone)
                font.pixelSize: Theme.smallSize
                font.weight: Font.Medium
            }
            Words {
                text: root.age
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                HoverHandler {
                    id: ageHover
                }
                Tip {
                    visible: ageHover.hovered
                    text: qsTr("since %1").arg(root.since)
                }
            }
        }
        Words {
            visible: root.message.length > 0
            Layout.fillWidth: true
            Layout.leftMargin: 15
            text: root.message
            color: root.tone === "bad" ? Theme.red : Theme.muted
            font.pixelSize: Theme.smallSize
            wrapMode: Text.Wrap
            maximumLineCount: 4
            elide: Text.ElideRight
        }
        Words {
            Layout.fillWidth: true
            Layout.leftMargin: 15
            text: root.place
            visible: text.length > 0
            color: Theme.muted
            font.pixelSize: Theme.smallSize
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
