// A gossip message as it passed: when, about what, by whom, through whom, and how it begins.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.ItemDelegate {
    id: line
    required property int index
    required property var model
    property bool chosen: false
    property bool current: false
    readonly property bool wide: width > 760
    implicitHeight: 28
    focusPolicy: Qt.NoFocus
    hoverEnabled: true
    padding: 0
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2 from %3, %4, %5").arg(model.time).arg(model.topic).arg(model.author).arg(model.bytes).arg(model.verdict)
    Accessible.description: model.preview
    Accessible.selectable: true
    Accessible.selected: chosen
    Accessible.onPressAction: clicked()

    Item {
        anchors.fill: parent
        Mono {
            id: time
            x: Theme.space4
            width: 92
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: line.model.time
            color: Theme.muted
            Accessible.ignored: true
        }
        Mono {
            id: topic
            x: time.x + time.width + Theme.space2
            width: Math.min(230, line.width * 0.24)
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: line.model.topic
            elide: Text.ElideMiddle
            color: Theme.seriesColor(line.model.series)
            Accessible.ignored: true
        }
        Words {
            id: from
            x: topic.x + topic.width + Theme.space3
            width: Math.min(200, line.width * 0.2)
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideRight
            text: line.model.via.length > 0 ? qsTr("%1 via %2").arg(line.model.author).arg(line.model.via) : line.model.author
            Accessible.ignored: true
        }
        Mono {
            x: from.x + from.width + Theme.space3
            width: size.x - x - Theme.space3
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            visible: width > 60
            text: line.model.preview
            color: Theme.muted
            Accessible.ignored: true
        }
        Words {
            id: size
            x: verdict.x - width - Theme.space3
            width: 66
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            horizontalAlignment: Text.AlignRight
            text: line.model.bytes
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
        Row {
            id: verdict
            x: line.width - width - Theme.space4
            width: line.wide ? 84 : 10
            height: parent.height
            spacing: 6
            opacity: line.model.tone === "good" ? 0 : 1 // accepted is as it should be
            Dot {
                anchors.verticalCenter: parent.verticalCenter
                tone: line.model.tone
            }
            Words {
                visible: line.wide
                height: parent.height
                verticalAlignment: Text.AlignVCenter
                text: line.model.verdict
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        color: line.chosen ? Theme.selection : line.hovered ? Theme.hover : "transparent"
        FocusRing {
            anchors.margins: 1
            visible: line.current
        }
    }
    Tip {
        visible: line.hovered && line.model.reason.length > 0
        text: line.model.reason
    }
}
