// One measure over time: a line for each series, a limit, and the crosshair all charts of the page share.
import QtQuick
import QtQuick.Shapes
import Univrs

Item {
    id: root
    property string title
    property string unit // "cpu", "bytes", "bytesPerSecond", "count"
    property var series: [] // {name, color, points}
    property real limit: 0
    property real from: 0
    property real to: 1
    property real crosshair: -1 // time in ms; -1 = none
    signal crosshairMoved(real time)
    readonly property real highest: {
        let most = limit;
        for (const s of series)
            for (const p of s.points)
                most = Math.max(most, p.y);
        return most > 0 ? most * 1.08 : 1;
    }
    readonly property string reading: {
        const parts = [];
        for (const s of series) {
            const value = valueAt(s.points, crosshair);
            if (value >= 0)
                parts.push(series.length > 1 ? s.name + " " + format(value) : format(value));
        }
        return parts.join("  ·  ");
    }
    implicitHeight: 104
    Accessible.role: Accessible.Chart
    Accessible.name: title
    Accessible.description: reading

    function format(value: real): string {
        if (unit === "cpu")
            return value >= 1000 ? qsTr("%1 CPU").arg(Number(value / 1000).toLocaleString(Qt.locale(), "f", 2)) : qsTr("%1 m").arg(Math.round(value));
        if (unit === "count")
            return String(Math.round(value));
        const steps = ["B", "KiB", "MiB", "GiB", "TiB"];
        let step = 0;
        while (value >= 1024 && step < steps.length - 1) {
            value /= 1024;
            ++step;
        }
        const text = (value < 10 && step > 0 ? Number(value).toLocaleString(Qt.locale(), "f", 1) : Math.round(value)) + " " + steps[step];
        return unit === "bytesPerSecond" ? qsTr("%1/s").arg(text) : text;
    }
    // The newest when nothing is pointed at; -1 = not measured then.
    function valueAt(points: var, time: real): real {
        if (points.length === 0)
            return -1;
        if (time < 0)
            return points[points.length - 1].y;
        let best = -1;
        let distance = (to - from) / 40;
        for (const p of points) {
            if (Math.abs(p.x - time) <= distance) {
                distance = Math.abs(p.x - time);
                best = p.y;
            }
        }
        return best;
    }
    Words {
        id: heading
        text: root.title
        font.pixelSize: Theme.smallSize
        color: Theme.muted
    }
    Mono {
        anchors.right: parent.right
        anchors.left: heading.right
        anchors.leftMargin: Theme.space2
        horizontalAlignment: Text.AlignRight
        text: root.reading
        font.pixelSize: 11
    }
    Item {
        id: plot
        anchors.fill: parent
        anchors.topMargin: 20
        clip: true
        Rectangle {
            anchors.fill: parent
            color: Theme.background
            radius: 4
        }
        Repeater {
            model: root.series
            delegate: Shape {
                id: shape
                required property var modelData
                anchors.fill: parent
                ShapePath {
                    strokeColor: shape.modelData.color
                    strokeWidth: 1.5
                    fillColor: "transparent"
                    joinStyle: ShapePath.RoundJoin
                    PathPolyline {
                        path: {
                            const width = plot.width; // qmllint disable unqualified
                            const height = plot.height; // qmllint disable unqualified
                            const span = Math.max(1, root.to - root.from); // qmllint disable unqualified
                            return shape.modelData.points.map(p => Qt.point((p.x - root.from) / span * width, height - p.y / root.highest * (height - 2) - 1)); // qmllint disable unqualified
                        }
                    }
                }
            }
        }
        Rectangle {
            visible: root.limit > 0
            y: plot.height - root.limit / root.highest * (plot.height - 2) - 1
            width: parent.width
            height: 1
            color: Theme.amber
            opacity: 0.7
        }
        Rectangle {
            visible: root.crosshair >= 0
            x: (root.crosshair - root.from) / Math.max(1, root.to - root.from) * plot.width
            width: 1
            height: parent.height
            color: Theme.muted
        }
        HoverHandler {
            id: hover
            onPointChanged: if (hovered)
                root.crosshairMoved(root.from + point.position.x / plot.width * (root.to - root.from))
            onHoveredChanged: if (!hovered)
                root.crosshairMoved(-1)
        }
    }
}
