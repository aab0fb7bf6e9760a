// What the workload uses: CPU, memory, network, restarts, over one range and under one crosshair; all instances
// together, or each.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    property bool each: false
    property real crosshair: -1
    readonly property list<color> colors: [Theme.accent, Theme.blue, Theme.amber, Theme.red, Theme.muted, Theme.text]
    spacing: Theme.space2

    // Left and right move the crosshair, as pointing does.
    function step(by: int) {
        const width = (feed.to - feed.from) / 60;
        const here = crosshair < 0 ? feed.to : crosshair;
        crosshair = Math.max(feed.from, Math.min(feed.to, here + by * width));
    }
    function seriesOf(kind: string, name: string, color: color): var {
        if (feed.serial < 0)
            return [];
        if (!each)
            return [
                {
                    name: name,
                    color: color,
                    points: feed.sum(kind)
                }
            ];
        const list = [];
        for (let i = 0; i < Math.min(6, feed.ids.length); ++i)
            list.push({
                name: feed.ids[i].slice(-6),
                color: colors[i],
                points: feed.points(feed.ids[i], kind)
            });
        return list;
    }
    UsageFeed {
        id: feed
        session: root.session
        active: root.visible
        of: root.each ? UsageFeed.Instance : UsageFeed.Workload
        ids: !root.visible ? [] : root.each ? (root.session.instances.count, root.session.instances.ids()) : [root.session.selectedId]
        rangeSeconds: 3600
    }
    RowLayout {
        spacing: 2
        Repeater {
            model: [
                {
                    seconds: 300,
                    title: qsTr("5 min")
                },
                {
                    seconds: 3600,
                    title: qsTr("1 h")
                },
                {
                    seconds: 21600,
                    title: qsTr("6 h")
                },
                {
                    seconds: 86400,
                    title: qsTr("1 d")
                },
                {
                    seconds: 604800,
                    title: qsTr("7 d")
                },
                {
                    seconds: 2592000,
                    title: qsTr("30 d")
                }
            ]
            delegate: Chip {
                required property var modelData
                text: modelData.title
                implicitWidth: contentItem.implicitWidth + 14
                checked: feed.rangeSeconds === modelData.seconds // qmllint disable unqualified
                onClicked: feed.rangeSeconds = modelData.seconds // qmllint disable unqualified
            }
        }
        Item {
            Layout.fillWidth: true
        }
        Chip {
            objectName: "chartsEach"
            text: qsTr("Each")
            Accessible.role: Accessible.CheckBox
            Accessible.name: qsTr("A line for each instance")
            checked: root.each
            onClicked: root.each = !root.each
        }
    }
    Words {
        Layout.fillWidth: true
        visible: text.length > 0
        color: feed.problem.present ? Theme.amber : Theme.muted
        wrapMode: Text.Wrap
        text: feed.problem.present ? feed.problem.text : feed.empty ? qsTr("Nothing was measured in this time. The node keeps a measure every 10 s while an instance runs.") : root.each && feed.ids.length > 6 ? qsTr("The first 6 of %1 instances are shown").arg(feed.ids.length) : ""
    }
    Flickable {
        id: flick
        objectName: "charts"
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: !feed.empty
        clip: true
        contentHeight: column.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        Accessible.role: Accessible.Grouping
        Accessible.name: qsTr("Charts of %1").arg(root.session.selected.name)
        Keys.onLeftPressed: root.step(-1)
        Keys.onRightPressed: root.step(1)
        Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
        Keys.onDownPressed: contentY = Math.max(0, Math.min(contentHeight - height, contentY + 60))
        T.ScrollBar.vertical: ScrollThumb {}
        ColumnLayout {
            id: column
            width: flick.width - 12
            spacing: Theme.space3
            Words {
                Layout.fillWidth: true
                text: root.crosshair < 0 ? qsTr("now") : new Date(root.crosshair).toLocaleString(Qt.locale(), Locale.ShortFormat)
                color: Theme.muted
                font.pixelSize: Theme.smallSize
            }
            component Part: UsageChart {
                Layout.fillWidth: true
                from: feed.from // qmllint disable unqualified
                to: feed.to // qmllint disable unqualified
                crosshair: root.crosshair // qmllint disable unqualified
                onCrosshairMoved: time => root.crosshair = time // qmllint disable unqualified
            }
            Part {
                title: qsTr("CPU")
                unit: "cpu"
                series: root.seriesOf("cpu", qsTr("CPU"), Theme.accent)
                limit: feed.serial >= 0 && !root.each ? feed.limit("", "cpu") : 0
            }
            Part {
                title: qsTr("Memory")
                unit: "bytes"
                series: root.seriesOf("memory", qsTr("Memory"), Theme.blue)
                limit: feed.serial >= 0 && !root.each ? feed.limit("", "memory") : 0
            }
            Part {
                title: qsTr("Network received")
                unit: "bytesPerSecond"
                series: root.seriesOf("received", qsTr("Received"), Theme.accent)
            }
            Part {
                title: qsTr("Network sent")
                unit: "bytesPerSecond"
                series: root.seriesOf("sent", qsTr("Sent"), Theme.blue)
            }
            Part {
                title: qsTr("Restarts")
                unit: "count"
                series: root.seriesOf("restarts", qsTr("Restarts"), Theme.amber)
            }
        }
        FocusRing {
            visible: flick.activeFocus
        }
    }
    Item {
        visible: feed.empty
        Layout.fillHeight: true
    }
}
