// A pane that floats over the window: a menu, a list, a sheet.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Popup {
    id: root
    property string accessibleName
    focus: true
    padding: 0
    margins: Theme.space2
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    T.Overlay.modal: Rectangle {
        color: Theme.veil
    }
    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.color: Theme.line
        Accessible.role: Accessible.Pane
        Accessible.name: root.accessibleName
    }
}
