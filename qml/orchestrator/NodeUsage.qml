// What nodes used over time, together: CPU and memory, side by side where there is room.
import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Session session
    property var ids: [] // of nodes
    property bool active: false
    property real crosshair: NaN
    spacing: Theme.space2

    UsageFeed {
        id: feed
        session: root.session
        of: UsageFeed.Node
        ids: root.ids
        rangeSeconds: 3600
        active: root.active && root.ids.length > 0
    }
    component Chart: TimeChart {
        property string kind
        property int color: 0
        readonly property real ceiling: feed.serial > 0 ? feed.limit("", kind) : 0 // qmllint disable unqualified
        Layout.fillWidth: true
        Layout.preferredWidth: 1
        from: feed.from // qmllint disable unqualified
        to: feed.to // qmllint disable unqualified
        maxGap: feed.maxGap // qmllint disable unqualified
        limit: ceiling > 0 ? ceiling : NaN
        limitName: qsTr("capacity")
        crosshair: root.crosshair // qmllint disable unqualified
        emptyText: feed.loading ? qsTr("Loading") : qsTr("Nothing was measured in the last hour") // qmllint disable unqualified
        onCrosshairMoved: ms => root.crosshair = ms // qmllint disable unqualified
        series: feed.serial > 0 ? [ // qmllint disable unqualified
            {
                "name": title,
                "color": Theme.seriesColor(color),
                "points": feed.sum(kind)
            }
        ] : [] // qmllint disable unqualified
    }
    Words {
        Layout.fillWidth: true
        visible: feed.problem.present
        text: qsTr("Usage over time is not known: %1").arg(feed.problem.why.length > 0 ? feed.problem.why : feed.problem.what)
        color: Theme.muted
        wrapMode: Text.Wrap
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    GridLayout {
        Layout.fillWidth: true
        visible: !feed.problem.present || !feed.empty
        columns: root.width >= 700 ? 2 : 1
        columnSpacing: Theme.space6
        rowSpacing: Theme.space3
        Chart {
            kind: "cpu"
            title: qsTr("CPU used, last hour")
            unit: "cpu"
        }
        Chart {
            kind: "memory"
            title: qsTr("Memory used, last hour")
            unit: "bytes"
            color: 1
        }
    }
}
