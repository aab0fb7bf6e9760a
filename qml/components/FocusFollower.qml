// Keeps what has the keyboard in sight: `view` scrolls to whatever inside it gets the focus by a key.
import QtQuick
import QtQuick.Templates as T
import Univrs

Item {
    id: root
    required property Flickable view
    readonly property Item focused: view.Window.activeFocusItem
    onFocusedChanged: Qt.callLater(root.follow) // qmllint disable

    function follow() {
        let within = focused;
        while (within && within !== view.contentItem)
            within = within.parent;
        const control = focused as T.Control;
        if (!within || focused === within || (control && !control.visualFocus))
            return;
        const room = Theme.space4; // so that one sees that it goes on
        const top = focused.mapToItem(within, 0, 0).y;
        const bottom = top + focused.height;
        const most = Math.max(0, view.contentHeight - view.height);
        if (top < view.contentY || focused.height > view.height)
            view.contentY = Math.max(0, Math.min(most, top - room));
        else if (bottom > view.contentY + view.height)
            view.contentY = Math.max(0, Math.min(most, bottom + room - view.height));
    }
}
