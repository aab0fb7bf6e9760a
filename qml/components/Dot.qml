import QtQuick
import Univrs

Rectangle {
    property string tone
    implicitWidth: 7
    implicitHeight: 7
    radius: 3.5
    color: Theme.tone(tone)
}
