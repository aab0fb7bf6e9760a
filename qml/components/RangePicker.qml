// How far back charts go.
import QtQuick
import Univrs

Segmented {
    id: root
    property int seconds: 3600
    signal secondsChosen(int seconds)

    accessibleName: qsTr("Time shown")
    current: String(seconds)
    model: [
        {
            id: "300",
            title: qsTr("5 min"),
            spoken: qsTr("5 minutes")
        },
        {
            id: "3600",
            title: qsTr("1 h"),
            spoken: qsTr("1 hour")
        },
        {
            id: "21600",
            title: qsTr("6 h"),
            spoken: qsTr("6 hours")
        },
        {
            id: "86400",
            title: qsTr("1 d"),
            spoken: qsTr("1 day")
        },
        {
            id: "604800",
            title: qsTr("7 d"),
            spoken: qsTr("7 days")
        },
        {
            id: "2592000",
            title: qsTr("30 d"),
            spoken: qsTr("30 days")
        }
    ]
    onChosen: id => {
        seconds = Number(id);
        secondsChosen(seconds);
    }
}
