// Every colour, size and font of the window.
pragma Singleton
import QtQuick

QtObject {
    property bool dark: true
    property string family: "Inter"
    property string monoFamily: "JetBrains Mono"
    property bool reducedMotion: false
    property bool compact: false

    readonly property color background: dark ? "#0d1311" : "#f5f7f5"
    readonly property color surface: dark ? "#131b18" : "#ffffff"
    readonly property color raised: dark ? "#19231f" : "#f0f4f1"
    readonly property color line: dark ? "#25322c" : "#dce4df"
    readonly property color text: dark ? "#e6efea" : "#14201a"
    readonly property color muted: dark ? "#8ea298" : "#52665c"
    readonly property color faint: dark ? "#5d7067" : "#8b9c93"
    readonly property color accent: dark ? "#56d3a0" : "#08744d"
    readonly property color accentText: dark ? "#0d1311" : "#ffffff"
    readonly property color amber: dark ? "#e7b04c" : "#8a5700"
    readonly property color red: dark ? "#f0726c" : "#b92f28"
    readonly property color blue: dark ? "#74b4fb" : "#1a5fb8"
    readonly property color violet: dark ? "#b394ff" : "#6038c9"
    // Grounds and lines by height: sunken fields, floating menus; a soft line parts rows, a strong one holds a control.
    readonly property color sunken: dark ? "#0f1614" : "#f9fbf9"
    readonly property color floating: dark ? "#19231f" : "#ffffff"
    readonly property color lineSoft: dark ? "#1d2824" : "#e9eeeb"
    readonly property color lineStrong: dark ? "#33443c" : "#c8d3cc"
    readonly property color track: dark ? "#26332d" : "#dfe7e2"
    readonly property color lifted: dark ? "#26332d" : "#ffffff"
    readonly property color skeleton: dark ? "#1e2925" : "#e6ece8"
    readonly property color shadow: dark ? "#2e000000" : "#0b14201a"
    readonly property color veil: dark ? "#b3060a08" : "#8014201a"
    readonly property color hover: dark ? "#0ce6efea" : "#0a14201a"
    readonly property color selection: Qt.alpha(accent, dark ? 0.12 : 0.10)

    // Series of charts, in this order; told apart by more than hue.
    function seriesColor(index: int): color {
        const colors = [accent, blue, amber, violet, red, muted];
        return colors[index % colors.length];
    }

    // "good", "busy", "warn", "bad", "idle" -> colour
    function tone(name: string): color {
        switch (name) {
        case "good":
            return accent;
        case "busy":
            return blue;
        case "warn":
            return amber;
        case "bad":
            return red;
        }
        return muted;
    }
    function toneGround(name: string): color {
        return Qt.alpha(tone(name), dark ? 0.14 : 0.10);
    }

    // A shortcut with the keys' names of the language: "Strg+K".
    function keys(text: string): string {
        return text.replace("Ctrl", qsTr("Ctrl")).replace("Shift", qsTr("Shift"));
    }

    readonly property int space1: 4
    readonly property int space2: 8
    readonly property int space3: 12
    readonly property int space4: 16
    readonly property int space5: 20
    readonly property int space6: 24
    readonly property int radius: 7
    readonly property int cardRadius: 12
    readonly property int rowHeight: compact ? compactRow : 40
    readonly property int compactRow: 32
    readonly property int control: 32
    readonly property int topBar: 48
    readonly property int statusLine: 26
    readonly property int bodySize: 13
    readonly property real smallSize: 11.5
    readonly property int headingSize: 15
    readonly property int titleSize: 20
    readonly property int figureSize: 24
    readonly property int monoSize: 12
    // Milliseconds; 0 where the desktop or the person asked for no motion.
    readonly property int quick: reducedMotion ? 0 : 140
    readonly property int calm: reducedMotion ? 0 : 180
}
