// One line of a log: whose it is (a coloured edge), when, and what was written.
import QtQuick
import Univrs

Item {
    id: root
    required property int index
    required property string text
    required property string markup
    required property string time
    required property string instanceId
    required property int tint
    required property bool isError
    required property string level
    required property bool isMatch
    required property bool isCurrentMatch
    property bool showTime: true
    property bool wrap: true
    property bool chosen: false
    property bool several: false // instances: their colours tell something
    readonly property list<color> tints: [Theme.accent, Theme.blue, Theme.amber, Theme.red, Theme.muted, Theme.text]
    height: wrap ? words.height : 17
    Accessible.role: Accessible.ListItem
    Accessible.name: text
    Accessible.description: time + " " + instanceId
    Accessible.selectable: true
    Accessible.selected: chosen

    Rectangle {
        anchors.fill: parent
        color: root.isCurrentMatch ? Qt.alpha(Theme.amber, 0.28) : root.chosen ? Theme.selection : root.isMatch ? Qt.alpha(Theme.amber, 0.1) : "transparent"
    }
    Rectangle {
        visible: root.several
        width: 3
        height: parent.height
        color: root.tints[root.tint]
    }
    Mono {
        id: when
        visible: root.showTime
        x: root.several ? 8 : 4
        width: visible ? 80 : 0
        height: 17
        text: root.time
        font.pixelSize: 11
        color: Theme.muted
        elide: Text.ElideNone
        Accessible.ignored: true
    }
    Mono {
        id: words
        anchors.left: when.right
        anchors.leftMargin: root.showTime ? 8 : 0
        anchors.right: parent.right
        height: root.wrap ? Math.max(17, implicitHeight) : 17
        text: root.markup.length > 0 ? root.markup : root.text
        // What the program wrote is escaped in `markup`; only the model's own tags are read.
        textFormat: root.markup.length > 0 ? Text.StyledText : Text.PlainText
        font.pixelSize: 11
        lineHeight: 17
        lineHeightMode: Text.FixedHeight
        wrapMode: root.wrap ? Text.WrapAnywhere : Text.NoWrap
        maximumLineCount: root.wrap ? 60 : 1
        elide: root.wrap ? Text.ElideNone : Text.ElideRight
        color: root.level === "error" ? Theme.red : root.level === "warn" || root.isError ? Theme.amber : root.level === "debug" ? Theme.muted : Theme.text
        Accessible.ignored: true
    }
}
