// One thing a menu does.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.MenuItem {
    id: control
    property string iconName
    property string shortcutText
    property string detail // why it is not available, or what it will do
    property bool danger: false
    property bool shown: true

    visible: shown
    implicitHeight: shown ? detail.length > 0 ? 44 : 30 : 0
    height: implicitHeight
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    leftPadding: 8
    rightPadding: 10
    opacity: enabled ? 1 : 0.45
    Accessible.name: text
    Accessible.description: detail
    Accessible.onPressAction: if (enabled)
        triggered()
    // Space is the button's own; Return is not everywhere.
    Keys.onReturnPressed: triggered()
    Keys.onEnterPressed: triggered()

    contentItem: MenuRowFace {
        entry: control
    }
    indicator: null
    arrow: null
    background: Rectangle {
        radius: 6
        color: control.highlighted ? Theme.selection : "transparent"
    }
}
