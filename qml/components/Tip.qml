// A few words beside the pointer, after a moment.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.ToolTip {
    id: tip
    delay: 600
    timeout: 8000
    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    y: parent ? parent.height + 6 : 0
    margins: 6
    padding: 8
    topPadding: 5
    bottomPadding: 5
    implicitWidth: Math.min(360, contentItem.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent | T.Popup.CloseOnReleaseOutsideParent
    contentItem: Words {
        text: tip.text
        font.pixelSize: Theme.smallSize
        wrapMode: Text.Wrap
    }
    background: Rectangle {
        radius: 6
        color: Theme.raised
        border.color: Theme.line
    }
}
