import QtQuick
import QtQuick.Templates as T
import Univrs

T.MenuSeparator {
    property bool shown: true
    visible: shown
    implicitHeight: shown ? 9 : 0
    height: implicitHeight
    contentItem: Item {
        Hairline {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width
        }
    }
}
