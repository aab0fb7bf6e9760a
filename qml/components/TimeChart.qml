// Values over time with a legend, a limit, and a crosshair that reads the values. All charts of a view share one time:
//   TimeChart { crosshair: view.crosshair; onCrosshairMoved: ms => view.crosshair = ms }
import QtQuick
import Univrs

Item {
    id: root
    property string title
    property alias from: chart.from
    property alias to: chart.to
    property alias series: chart.series
    property alias limit: chart.limit
    property alias limitName: chart.limitName
    property alias unit: chart.unit
    property alias maxGap: chart.maxGap
    property real crosshair: NaN
    readonly property alias focused: chart.activeFocus
    property string emptyText: qsTr("No values in this time")
    signal crosshairMoved(real ms)
    signal rangeChosen(real from, real to)

    implicitHeight: head.height + 150
    implicitWidth: 360

    Item {
        id: head
        width: parent.width
        height: root.title.length > 0 || root.series.length > 1 ? 24 : 0
        visible: height > 0
        Words {
            id: titleText
            height: 18
            verticalAlignment: Text.AlignVCenter
            text: root.title
            font.weight: Font.DemiBold
            Accessible.ignored: true
        }
        Row {
            id: legend
            anchors.right: parent.right
            height: 18
            spacing: Theme.space3
            visible: root.series.length > 1 && implicitWidth < parent.width - titleText.implicitWidth - 12
            Repeater {
                model: root.series
                delegate: Row {
                    id: entry
                    required property var modelData
                    height: 18
                    spacing: 5
                    Rectangle {
                        anchors.verticalCenter: parent.verticalCenter
                        width: 10
                        height: 3
                        radius: 1.5
                        color: entry.modelData.color
                    }
                    Words {
                        height: parent.height
                        verticalAlignment: Text.AlignVCenter
                        text: entry.modelData.name
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
    TimeChartItem {
        id: chart
        objectName: "plot"
        anchors.fill: parent
        anchors.topMargin: head.height
        crosshair: root.crosshair
        gridColor: Theme.line
        textColor: Theme.muted
        limitColor: Theme.red
        font.family: Theme.family
        font.pixelSize: 11
        onCrosshairMoved: ms => root.crosshairMoved(ms)
        onRangeChosen: (start, end) => root.rangeChosen(start, end)
        Accessible.role: Accessible.Chart
        Accessible.name: root.title
        Accessible.focusable: true
        Accessible.description: spoken

        Rectangle {
            visible: !isNaN(chart.selectionFrom) && chart.selectionTo > chart.selectionFrom
            readonly property real scale1: chart.plot.width / Math.max(1, chart.to - chart.from)
            x: chart.plot.x + (chart.selectionFrom - chart.from) * scale1
            y: chart.plot.y
            width: (chart.selectionTo - chart.selectionFrom) * scale1
            height: chart.plot.height
            color: Theme.selection
        }
        Rectangle {
            visible: !isNaN(chart.crosshairX) && chart.crosshairX >= chart.plot.x && chart.crosshairX <= chart.plot.x + chart.plot.width + 1
            x: Math.round(chart.crosshairX)
            y: chart.plot.y
            width: 1
            height: chart.plot.height
            color: Theme.faint
        }
        Repeater {
            model: chart.readout
            delegate: Rectangle {
                required property var modelData
                visible: !isNaN(modelData.y)
                x: modelData.x - 4
                y: modelData.y - 4
                width: 8
                height: 8
                radius: 4
                color: modelData.color
                border.width: 2
                border.color: Theme.surface
            }
        }
        Rectangle {
            id: readoutBox
            readonly property bool leftSide: chart.crosshairX > chart.plot.x + chart.plot.width / 2
            visible: chart.readout.length > 0 && !chart.empty
            x: Math.round(leftSide ? chart.crosshairX - width - 10 : chart.crosshairX + 10)
            y: chart.plot.y + 2
            width: lines.implicitWidth + 18
            height: lines.implicitHeight + 12
            radius: 7
            color: Theme.floating
            border.color: Theme.lineStrong
            Column {
                id: lines
                x: 9
                y: 6
                spacing: 3
                Words {
                    text: chart.crosshairText
                    color: Theme.muted
                    font.pixelSize: Theme.smallSize
                    Accessible.ignored: true
                }
                Repeater {
                    model: chart.readout
                    delegate: Row {
                        id: reading
                        required property var modelData
                        spacing: 6
                        Rectangle {
                            anchors.verticalCenter: parent.verticalCenter
                            width: 10
                            height: 3
                            radius: 1.5
                            color: reading.modelData.color
                        }
                        Words {
                            width: Math.min(implicitWidth, 150)
                            visible: chart.readout.length > 1 // qmllint disable unqualified
                            text: reading.modelData.name
                            color: Theme.muted
                            font.pixelSize: Theme.smallSize
                            Accessible.ignored: true
                        }
                        Mono {
                            text: reading.modelData.value
                            font.pixelSize: 11
                            Accessible.ignored: true
                        }
                    }
                }
            }
        }
        FocusRing {
            anchors.margins: -2
            visible: chart.activeFocus
        }
        Words {
            x: chart.plot.x + (chart.plot.width - width) / 2
            y: chart.plot.y + (chart.plot.height - height) / 2
            visible: chart.empty
            text: root.emptyText
            color: Theme.muted
        }
    }
}
