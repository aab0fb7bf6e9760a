import QtQuick
import Univrs

Rectangle {
    implicitWidth: 1
    implicitHeight: 1
    color: Theme.line
}
