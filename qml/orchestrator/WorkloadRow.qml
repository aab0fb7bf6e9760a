import QtQuick
import QtQuick.Templates as T
import Univrs

T.ItemDelegate {
    id: root
    required property int index
    required property string workloadId
    required property string name
    required property string stateWord
    required property string tone
    required property string reason
    required property int ready
    required property int desired
    required property string image
    required property int restarts
    required property string age
    required property string createdAt
    required property real progress
    required property string progressText
    required property WorkloadColumns columns
    required property bool chosen
    required property string nodes
    required property string memory
    property bool marked: false
    signal markRequested(bool extend)

    height: Theme.rowHeight
    highlighted: chosen
    focusPolicy: Qt.NoFocus
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2, %3 of %4 ready").arg(name).arg(stateWord).arg(ready).arg(desired)
    Accessible.description: reason
    Accessible.selectable: true
    Accessible.selected: chosen || marked
    Accessible.onPressAction: clicked()

    // Above the button, which knows nothing of modifiers.
    TapHandler {
        acceptedModifiers: Qt.ControlModifier
        gesturePolicy: TapHandler.ReleaseWithinBounds
        onTapped: root.markRequested(false)
    }
    TapHandler {
        acceptedModifiers: Qt.ShiftModifier
        gesturePolicy: TapHandler.ReleaseWithinBounds
        onTapped: root.markRequested(true)
    }
    contentItem: Item {
        Words {
            x: root.columns.nameX
            width: root.columns.nameWidth - 12
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            horizontalAlignment: Text.AlignLeft // also of names written from right to left
            text: root.name
            font.weight: Font.DemiBold
        }
        StatusChip {
            x: root.columns.stateX - 4
            anchors.verticalCenter: parent.verticalCenter
            tone: root.tone
            word: root.stateWord
        }
        Mono {
            x: root.columns.readyX
            width: root.columns.readyWidth - 8
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: root.ready + "/" + root.desired
        }
        Mono {
            visible: root.progress === -1
            x: root.columns.imageX
            width: root.columns.imageWidth - 12
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideMiddle
            color: Theme.muted
            text: root.image
        }
        Loader {
            active: root.progress !== -1
            x: root.columns.imageX
            width: root.columns.imageWidth - 12
            anchors.verticalCenter: parent.verticalCenter
            sourceComponent: Column {
                spacing: 4
                Words {
                    width: parent.width
                    text: root.progressText // qmllint disable unqualified
                    font.pixelSize: Theme.smallSize
                    color: Theme.blue
                }
                ProgressLine {
                    width: parent.width
                    value: root.progress // qmllint disable unqualified
                    label: root.progressText // qmllint disable unqualified
                }
            }
        }
        Words {
            visible: root.columns.nodesWidth > 0
            x: root.columns.nodesX
            width: root.columns.nodesWidth - 12
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: root.nodes
            color: Theme.muted
        }
        Mono {
            visible: root.columns.memoryWidth > 0
            x: root.columns.memoryX
            width: root.columns.memoryWidth - 16
            height: parent.height
            horizontalAlignment: Text.AlignRight
            verticalAlignment: Text.AlignVCenter
            text: root.memory
            color: Theme.muted
        }
        Mono {
            visible: root.columns.restartsWidth > 0
            x: root.columns.restartsX
            width: root.columns.restartsWidth - 16
            height: parent.height
            horizontalAlignment: Text.AlignRight
            verticalAlignment: Text.AlignVCenter
            text: root.restarts
            color: root.restarts > 0 ? Theme.amber : Theme.muted
        }
        Words {
            visible: root.columns.ageWidth > 0
            x: root.columns.ageX
            width: root.columns.ageWidth - 12
            height: parent.height
            horizontalAlignment: Text.AlignRight
            verticalAlignment: Text.AlignVCenter
            text: root.age
            color: Theme.muted
        }
    }
    background: Rectangle {
        color: root.chosen || root.marked ? Theme.selection : root.hovered ? Theme.hover : "transparent"
        Rectangle {
            visible: root.ListView.isCurrentItem && root.ListView.view && root.ListView.view.activeFocus
            anchors.fill: parent
            anchors.margins: 1
            radius: 4
            color: "transparent"
            border.width: 2
            border.color: Theme.accent
        }
        Hairline {
            visible: root.ListView.view !== null && root.index < root.ListView.view.count - 1
            anchors.bottom: parent.bottom
            width: parent.width
        }
    }
    Tip {
        visible: root.hovered && root.reason.length > 0
        text: root.reason
        x: root.columns.stateX
    }
}
