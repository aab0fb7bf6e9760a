// The head of one column: sorts, is dragged wider at its edge, and has a menu for everything else.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Button {
    id: control
    required property TableColumn column
    required property TableLayout layout
    property bool sorted: false
    property bool descending: false
    property bool tabStop: false
    readonly property bool endAligned: column !== null && column.rightAligned
    signal menuRequested

    text: column ? column.title : ""
    focusPolicy: tabStop ? Qt.TabFocus : Qt.NoFocus
    leftPadding: 0
    rightPadding: 0
    Accessible.name: text
    Accessible.description: sorted ? descending ? qsTr("Sorted, largest first") : qsTr("Sorted, smallest first") : column && column.sortable ? qsTr("Sorts by this column") : ""
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onMenuPressed: menuRequested()
    Keys.onPressed: event => {
        if (event.key === Qt.Key_F10 && (event.modifiers & Qt.ShiftModifier)) {
            menuRequested();
            event.accepted = true;
        }
    }

    contentItem: Item {
        Row {
            x: control.endAligned ? parent.width - width : 0
            height: parent.height
            spacing: 3
            layoutDirection: control.endAligned ? Qt.RightToLeft : Qt.LeftToRight
            Words {
                height: parent.height
                width: Math.min(implicitWidth, control.availableWidth - (control.sorted ? 15 : 0))
                verticalAlignment: Text.AlignVCenter
                text: control.text
                font.pixelSize: Theme.smallSize
                font.weight: control.sorted ? Font.DemiBold : Font.Medium
                color: control.sorted || control.hovered ? Theme.text : Theme.muted
                Accessible.ignored: true
            }
            VectorIcon {
                visible: control.sorted
                height: parent.height
                size: 12
                name: control.descending ? "arrow-down" : "arrow-up"
                color: Theme.accent
            }
        }
    }
    background: Item {
        FocusRing {
            anchors.margins: 2
            anchors.leftMargin: -6
            radius: 5
            visible: control.visualFocus
        }
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: control.menuRequested()
    }
    MouseArea {
        id: edge
        property real grip
        visible: control.column !== null && !control.column.fill
        x: control.width - 2
        width: 10
        height: parent.height
        cursorShape: Qt.SplitHCursor
        preventStealing: true
        hoverEnabled: true
        onPressed: event => grip = control.column.shownWidth - mapToItem(control.parent, event.x, 0).x
        onPositionChanged: event => {
            if (pressed)
                control.layout.setWidth(control.column, Math.round(mapToItem(control.parent, event.x, 0).x + grip));
        }
        Rectangle {
            visible: edge.containsMouse || edge.pressed
            x: 4
            y: 8
            width: 2
            height: parent.height - 16
            radius: 1
            color: Theme.accent
        }
    }
}
