// Finding in the log: what, how, how many, and from one to the next.
import QtQuick
import QtQuick.Layouts
import Univrs

RowLayout {
    id: root
    required property LogModel log
    signal goRequested(bool forward)
    function focusField() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }
    spacing: 2

    component Toggle: ToggleChip {
        id: toggle
        property string tip
        Tip {
            visible: toggle.hovered
            text: toggle.tip
        }
    }
    TextBox {
        id: field
        objectName: "logSearch"
        Layout.fillWidth: true
        Layout.minimumWidth: 90
        implicitHeight: 28
        iconName: "search"
        placeholderText: qsTr("Find in the log")
        onTextEdited: root.log.search = text
        Keys.onReturnPressed: event => root.goRequested(!(event.modifiers & Qt.ShiftModifier))
        Keys.onEnterPressed: event => root.goRequested(!(event.modifiers & Qt.ShiftModifier))
        Keys.onEscapePressed: event => {
            event.accepted = text.length > 0;
            clear();
            root.log.search = "";
        }
    }
    Words {
        objectName: "logMatches"
        visible: root.log.search.length > 0
        Layout.leftMargin: 6
        Layout.rightMargin: 4
        text: root.log.searchProblem.length > 0 ? qsTr("not valid") : root.log.currentMatch > 0 ? qsTr("%1 of %2").arg(root.log.currentMatch).arg(root.log.matchCount) : root.log.searching ? qsTr("%1…").arg(root.log.matchCount) : root.log.matchCount === 0 ? qsTr("none") : qsTr("%1 found").arg(root.log.matchCount)
        color: root.log.searchProblem.length > 0 ? Theme.red : Theme.muted
        font.pixelSize: Theme.smallSize
        Accessible.role: Accessible.StaticText
        Accessible.name: root.log.searchProblem.length > 0 ? root.log.searchProblem : text
        HoverHandler {
            id: hover
        }
        Tip {
            visible: hover.hovered && root.log.searchProblem.length > 0
            text: root.log.searchProblem
        }
    }
    IconButton {
        visible: root.log.search.length > 0
        iconName: "down"
        rotation: 180
        text: qsTr("Previous match (Shift+Enter)")
        enabled: root.log.matchCount > 0
        onClicked: root.goRequested(false)
    }
    IconButton {
        objectName: "nextMatch"
        visible: root.log.search.length > 0
        iconName: "down"
        text: qsTr("Next match (Enter)")
        enabled: root.log.matchCount > 0
        onClicked: root.goRequested(true)
    }
    Toggle {
        objectName: "logCase"
        text: "Aa"
        tip: qsTr("Match case")
        Accessible.name: tip
        checked: root.log.matchCase
        onClicked: root.log.matchCase = !root.log.matchCase
    }
    Toggle {
        objectName: "logRegex"
        text: ".*"
        tip: qsTr("Regular expression")
        Accessible.name: tip
        checked: root.log.regex
        onClicked: root.log.regex = !root.log.regex
    }
    Toggle {
        objectName: "logOnly"
        text: qsTr("Only")
        tip: qsTr("Show matching lines only")
        Accessible.name: tip
        checked: root.log.onlyMatches
        onClicked: root.log.onlyMatches = !root.log.onlyMatches
    }
}
