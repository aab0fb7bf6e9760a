// A menu of MenuRow and MenuLine.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Menu {
    id: control
    property string accessibleName
    readonly property int widest: {
        let width = 0;
        for (let i = 0; i < count; ++i)
            width = Math.max(width, itemAt(i).implicitWidth);
        return width;
    }
    // Below the item, or above where there is no room.
    function openAt(item: Item) {
        const place = item.mapToItem(parent, 0, item.height + 4);
        x = place.x;
        y = place.y;
        open();
    }

    // At a point of the item.
    function openOver(item: Item, at: point) {
        const place = item.mapToItem(parent, at.x, at.y);
        x = place.x;
        y = place.y;
        open();
    }

    implicitWidth: Math.min(360, Math.max(180, widest + leftPadding + rightPadding))
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    margins: Theme.space2
    padding: 5
    overlap: 1
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    delegate: MenuRow {}
    contentItem: ListView {
        implicitHeight: contentHeight
        model: control.contentModel
        currentIndex: control.currentIndex
        clip: true
        interactive: contentHeight > height
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: 0
        Accessible.role: Accessible.PopupMenu
        Accessible.name: control.accessibleName
        T.ScrollBar.vertical: ScrollThumb {}
    }
    background: Raised {}
    T.Overlay.modal: Item {}
    T.Overlay.modeless: Item {}
}
