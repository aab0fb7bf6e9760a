// Narrows a list while one types. Esc empties it, Down goes to the list.
import QtQuick
import Univrs

TextBox {
    id: control
    signal downPressed

    iconName: "search"
    rightPadding: length > 0 ? 32 : hint.length > 0 ? 44 : 11
    placeholderText: qsTr("Search")
    Accessible.searchEdit: true
    Keys.onEscapePressed: event => {
        event.accepted = length > 0;
        clear();
    }
    Keys.onDownPressed: downPressed()

    IconButton {
        visible: control.length > 0
        anchors.right: parent.right
        anchors.rightMargin: 2
        anchors.verticalCenter: parent.verticalCenter
        focusPolicy: Qt.NoFocus
        iconName: "close"
        iconSize: 12
        text: qsTr("Clear the search")
        onClicked: {
            control.clear();
            control.forceActiveFocus(Qt.OtherFocusReason);
        }
    }
}
