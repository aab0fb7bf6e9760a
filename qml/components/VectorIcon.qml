// An icon on a 16 px grid, drawn with a 1.6 stroke.
import QtQuick
import QtQuick.Shapes
import Univrs

Shape {
    id: root
    property string name
    property color color: Theme.muted
    readonly property var paths: ({
            "search": "M7 2.5 A4.5 4.5 0 1 1 7 11.5 A4.5 4.5 0 1 1 7 2.5 M10.4 10.4 L14 14",
            "close": "M4 4 L12 12 M12 4 L4 12",
            "copy": "M6 6 H13 V13 H6 Z M3 10 V3 H10",
            "check": "M3 8.5 L6.5 12 L13 4.5",
            "pause": "M5.5 3.5 V12.5 M10.5 3.5 V12.5",
            "play": "M5 3.5 L12.5 8 L5 12.5 Z",
            "minus": "M3.5 8 H12.5",
            "plus": "M3.5 8 H12.5 M8 3.5 V12.5",
            "down": "M4 6.5 L8 10.5 L12 6.5",
            "drop": "M8 2.5 V10 M4.5 6.8 L8 10.3 L11.5 6.8 M3 13.5 H13",
            "sun": "M8 5 A3 3 0 1 1 8 11 A3 3 0 1 1 8 5 M8 1 V2.4 M8 13.6 V15 M1 8 H2.4 M13.6 8 H15 M3.1 3.1 L4 4 M12 12 L12.9 12.9 M3.1 12.9 L4 12 M12 4 L12.9 3.1",
            "moon": "M13 9.5 A5.6 5.6 0 1 1 6.5 3 A4.6 4.6 0 0 0 13 9.5 Z",
            "system": "M2 3 H14 V11 H2 Z M6 14 H10 M8 11 V14",
            "mark": "M8 14.5 V8 M8 10 C4.5 10 3 8 3 4.5 M8 10 C11.5 10 13 8 13 4.5 M8 8 V2 M5.6 9.4 V6.5 M10.4 9.4 V6.5"
        })
    implicitWidth: 16
    implicitHeight: 16
    Accessible.ignored: true

    ShapePath {
        strokeColor: root.color
        strokeWidth: 1.6
        fillColor: "transparent"
        capStyle: ShapePath.RoundCap
        joinStyle: ShapePath.RoundJoin
        PathSvg {
            path: root.paths[root.name] ?? ""
        }
    }
}
