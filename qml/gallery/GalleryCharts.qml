import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Gallery gallery
    property real crosshair: gallery.from + 0.31 * (gallery.to - gallery.from)
    spacing: Theme.space4

    RowLayout {
        RangePicker {
            seconds: 3600
        }
        Item {
            Layout.fillWidth: true
        }
        Segmented {
            accessibleName: "By"
            current: "node"
            model: [
                {
                    id: "node",
                    title: "Node"
                },
                {
                    id: "instance",
                    title: "Instance"
                }
            ]
        }
    }
    GridLayout {
        columns: 2
        columnSpacing: Theme.space4
        rowSpacing: Theme.space4
        Card {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            TimeChart {
                Layout.fillWidth: true
                title: "CPU"
                unit: "cpu"
                from: root.gallery.from
                to: root.gallery.to
                limit: 1000
                limitName: "limit 1 core"
                crosshair: root.crosshair
                onCrosshairMoved: ms => root.crosshair = ms
                series: [
                    {
                        name: "orders-api-7f2",
                        color: Theme.seriesColor(0),
                        points: root.gallery.wave(420, 600, 2, 360)
                    }
                ]
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            TimeChart {
                Layout.fillWidth: true
                title: "Memory"
                unit: "bytes"
                from: root.gallery.from
                to: root.gallery.to
                crosshair: root.crosshair
                onCrosshairMoved: ms => root.crosshair = ms
                series: [
                    {
                        name: "7f2",
                        color: Theme.seriesColor(0),
                        points: root.gallery.wave(190e6, 60e6, 3, 360)
                    },
                    {
                        name: "9ab",
                        color: Theme.seriesColor(1),
                        points: root.gallery.wave(120e6, 40e6, 4, 360)
                    },
                    {
                        name: "c41",
                        color: Theme.seriesColor(2),
                        points: root.gallery.wave(60e6, 20e6, 5, 360)
                    }
                ]
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            TimeChart {
                Layout.fillWidth: true
                title: "Network"
                unit: "bytesPerSecond"
                from: root.gallery.from
                to: root.gallery.to
                series: [
                    {
                        name: "received",
                        color: Theme.seriesColor(1),
                        points: root.gallery.wave(3.2e6, 4e6, 6, 360)
                    },
                    {
                        name: "sent",
                        color: Theme.seriesColor(3),
                        points: root.gallery.wave(1.1e6, 2e6, 8, 360)
                    }
                ]
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            TimeChart {
                Layout.fillWidth: true
                title: "Restarts"
                from: root.gallery.from
                to: root.gallery.to
                series: []
            }
        }
    }
    Card {
        Layout.fillWidth: true
        title: "Bars and sparklines"
        RowLayout {
            spacing: Theme.space5
            Repeater {
                model: [[
                        {
                            value: 3,
                            tone: "good",
                            label: "3 GiB used"
                        },
                        {
                            value: 2,
                            tone: "busy",
                            label: "2 GiB reserved"
                        }
                    ], [
                        {
                            value: 7.4,
                            tone: "warn",
                            label: "7.4 GiB used"
                        }
                    ], [
                        {
                            value: 6,
                            tone: "good",
                            label: "6 GiB used"
                        },
                        {
                            value: 4,
                            tone: "bad",
                            label: "4 GiB more asked"
                        }
                    ], []]
                delegate: MeterBar {
                    required property var modelData
                    Layout.fillWidth: true
                    parts: modelData
                    limit: 8
                }
            }
        }
        RowLayout {
            spacing: Theme.space5
            Repeater {
                model: ["good", "busy", "warn", "bad", "idle"]
                delegate: Sparkline {
                    required property string modelData
                    required property int index
                    Layout.fillWidth: true
                    implicitHeight: 28
                    tone: modelData
                    points: root.gallery.wave(40, 60, index + 1, 40).map(p => p.y) // qmllint disable unqualified
                }
            }
        }
    }
}
