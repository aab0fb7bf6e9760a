// Copies and says so in its own place.
import QtQuick
import Univrs

IconButton {
    id: control
    property bool done: false
    signal copyRequested

    text: qsTr("Copy")
    iconName: done ? "check" : "copy"
    tip: done ? qsTr("Copied") : text
    onClicked: {
        copyRequested();
        done = true;
        back.restart();
    }
    Timer {
        id: back
        interval: 1500
        onTriggered: control.done = false
    }
}
