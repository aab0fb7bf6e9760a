// The consoles that are open, side by side; arrows move between them, Delete closes one.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

RowLayout {
    id: root
    required property Session session
    property bool adding: false
    property bool large: false
    signal addRequested
    signal chosen
    signal largerRequested
    readonly property ConsoleList consoles: session.consoles
    spacing: Theme.space1
    function focusList() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }

    ListView {
        id: list
        objectName: "consoleStrip"
        Layout.fillWidth: true
        implicitHeight: 30
        orientation: ListView.Horizontal
        spacing: Theme.space1
        clip: true
        model: root.consoles
        currentIndex: root.consoles.currentRow
        onCurrentIndexChanged: positionViewAtIndex(currentIndex, ListView.Contain)
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: false
        Accessible.role: Accessible.PageTabList
        Accessible.name: qsTr("Open consoles")
        Keys.onLeftPressed: root.consoles.currentRow = Math.max(0, root.consoles.currentRow - 1)
        Keys.onRightPressed: root.consoles.currentRow = Math.min(count - 1, root.consoles.currentRow + 1)
        Keys.onReturnPressed: root.chosen()
        Keys.onEnterPressed: root.chosen()
        Keys.onDeletePressed: root.consoles.close(root.consoles.currentRow)
        delegate: T.TabButton {
            id: tab
            required property int index
            required property string name
            required property string word
            required property string tone
            required property string detail
            readonly property bool isCurrent: !root.adding && root.consoles.currentRow === index // qmllint disable unqualified
            height: 28
            width: Math.min(200, label.implicitWidth + 58)
            checkable: false
            focusPolicy: Qt.NoFocus
            hoverEnabled: true
            Accessible.selectable: true
            Accessible.name: name + ", " + word
            Accessible.description: detail
            Accessible.selected: isCurrent
            Accessible.onPressAction: clicked()
            onClicked: {
                root.consoles.currentRow = index; // qmllint disable unqualified
                root.chosen(); // qmllint disable unqualified
            }
            background: Rectangle {
                radius: Theme.radius
                color: tab.isCurrent ? Theme.selection : tab.hovered ? Theme.raised : "transparent"
                border.width: tab.isCurrent && list.activeFocus ? 2 : 0 // qmllint disable unqualified
                border.color: Theme.accent
            }
            contentItem: Item { // qmllint disable
                Dot {
                    id: dot
                    x: 10
                    anchors.verticalCenter: parent.verticalCenter
                    tone: tab.tone
                }
                Words {
                    id: label
                    anchors.left: dot.right
                    anchors.leftMargin: 8
                    anchors.right: closer.left
                    anchors.verticalCenter: parent.verticalCenter
                    text: tab.name
                    elide: Text.ElideRight
                    font.weight: tab.isCurrent ? Font.Medium : Font.Normal
                }
                IconButton {
                    id: closer
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    focusPolicy: Qt.NoFocus
                    iconName: "close"
                    text: qsTr("Close the console in %1").arg(tab.name)
                    tip: tab.tone === "good" ? qsTr("Close; its program is ended") : qsTr("Close")
                    onClicked: root.consoles.close(tab.index) // qmllint disable unqualified
                }
            }
            Tip {
                visible: tab.hovered && !closer.hovered
                text: tab.detail + "\n" + tab.word
            }
        }
    }
    IconButton {
        objectName: "addConsole"
        iconName: "plus"
        text: qsTr("Open another console")
        enabled: !root.consoles.full
        onClicked: root.addRequested()
    }
    ActionButton {
        objectName: "largerConsole"
        implicitHeight: 28
        quiet: true
        text: root.large ? qsTr("Smaller") : qsTr("Larger")
        tip: qsTr("Ctrl+Shift+Enter")
        visible: root.consoles.count > 0
        onClicked: root.largerRequested()
    }
}
