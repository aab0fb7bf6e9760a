// Text of a manifest: monospace, coloured, with line numbers and marked lines. `markers` is a list of {line, tone,
// message}; the message of a line is shown below while the pointer or the cursor is on it.
import QtQuick
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    property string text
    property bool readOnly: false
    property string language: "yaml"
    property var markers: []
    property string accessibleName: qsTr("Manifest")
    property string placeholderText
    property alias editor: edit
    property string editorName: "codeText"
    readonly property real lineHeight: edit.lineCount > 0 ? edit.contentHeight / edit.lineCount : 17
    readonly property int gutter: Math.max(34, digits.advanceWidth("8") * String(edit.lineCount).length + 22)
    // Set when the cursor moves, not bound: asking for the cursor's place may lay the text out anew and move it.
    property int cursorLine: 1
    property int hoveredLine: 0
    readonly property var noted: markers.find(m => m.line > 0 && m.line === hoveredLine) ?? (edit.activeFocus ? markers.find(m => m.line === cursorLine) : undefined)
    signal edited(string text)

    implicitHeight: 240
    implicitWidth: 360

    function showLine(line: int) {
        edit.forceActiveFocus(Qt.OtherFocusReason);
        edit.cursorPosition = edit.positionAt(0, (line - 0.5) * lineHeight);
    }
    function load() {
        if (edit.text !== root.text) {
            edit.text = root.text;
            edit.cursorPosition = 0;
        }
    }
    function toneOf(line: int): string {
        const marker = markers.find(m => m.line === line);
        return marker ? marker.tone : "";
    }
    onTextChanged: load()
    Component.onCompleted: load()

    FontMetrics {
        id: digits
        font.family: Theme.monoFamily
        font.pixelSize: Theme.monoSize
    }
    CodeHighlighter {
        document: edit.textDocument
        language: root.language
        keyColor: Theme.blue
        textColor: Theme.amber
        numberColor: Theme.violet
        commentColor: Theme.muted
        markColor: Theme.muted
        referenceColor: Theme.accent
    }
    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.sunken
        border.width: edit.activeFocus ? 2 : 1
        border.color: edit.activeFocus ? Theme.accent : Theme.line
    }
    Flickable {
        id: flick
        anchors.fill: parent
        anchors.margins: 2
        anchors.bottomMargin: note.visible ? note.height + 3 : 2
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        contentWidth: Math.max(width, edit.x + edit.implicitWidth + 12)
        contentHeight: Math.max(height, edit.implicitHeight + 20)
        T.ScrollBar.vertical: ScrollThumb {}
        T.ScrollBar.horizontal: ScrollThumb {}
        function ensureVisible(r: rect) {
            const top = r.y + edit.y;
            if (contentY > top - 4)
                contentY = Math.max(0, top - 4);
            else if (contentY + height < top + r.height + 14)
                contentY = top + r.height + 14 - height;
            const left = r.x + edit.x;
            if (contentX + root.gutter > left)
                contentX = Math.max(0, left - root.gutter - 4);
            else if (contentX + width < left + 14)
                contentX = left + 14 - width;
        }
        Rectangle {
            visible: edit.activeFocus && !root.readOnly
            y: edit.y + (root.cursorLine - 1) * root.lineHeight
            width: flick.contentWidth
            height: root.lineHeight
            color: Theme.hover
        }
        Repeater {
            model: root.markers
            delegate: Rectangle {
                required property var modelData
                visible: modelData.line > 0 && modelData.line <= edit.lineCount // qmllint disable unqualified
                y: edit.y + (modelData.line - 1) * root.lineHeight // qmllint disable unqualified
                width: flick.contentWidth // qmllint disable unqualified
                height: root.lineHeight // qmllint disable unqualified
                color: Theme.toneGround(modelData.tone)
            }
        }
        TextEdit {
            id: edit
            objectName: root.editorName
            x: root.gutter + 6
            y: 10
            width: Math.max(implicitWidth, flick.width - x - 8)
            height: Math.max(implicitHeight, flick.height - 20)
            focus: true
            readOnly: root.readOnly
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.NoWrap
            selectByMouse: true
            persistentSelection: true
            color: Theme.text
            selectionColor: Qt.alpha(Theme.accent, 0.35)
            selectedTextColor: Theme.text
            font.family: Theme.monoFamily
            font.pixelSize: Theme.monoSize
            activeFocusOnTab: true
            Accessible.role: Accessible.EditableText
            Accessible.name: root.accessibleName
            Accessible.description: root.markers.map(m => qsTr("Line %1: %2").arg(m.line).arg(m.message)).join("; ")
            Accessible.multiLine: true
            Accessible.readOnly: root.readOnly
            onTextChanged: if (text !== root.text) {
                root.text = text;
                root.edited(text);
            }
            onCursorRectangleChanged: {
                root.cursorLine = Math.floor(cursorRectangle.y / root.lineHeight) + 1;
                flick.ensureVisible(cursorRectangle);
            }
            // Tab moves on, as everywhere; two spaces indent in YAML.
            Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
            Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        }
        // Over the text, so that long lines pass beneath it.
        Rectangle {
            x: flick.contentX
            y: flick.contentY
            width: root.gutter
            height: flick.height
            radius: Theme.radius - 2
            color: Theme.sunken
            Hairline {
                anchors.right: parent.right
                height: parent.height
                color: Theme.lineSoft
            }
        }
        Repeater {
            id: numbers
            readonly property int first: Math.max(0, Math.floor((flick.contentY - edit.y) / root.lineHeight))
            model: Math.max(0, Math.min(Math.ceil(flick.height / root.lineHeight) + 1, edit.lineCount - first))
            delegate: Rectangle {
                required property int index
                readonly property int line: numbers.first + index + 1 // qmllint disable unqualified
                readonly property string tone: root.toneOf(line) // qmllint disable unqualified
                x: flick.contentX // qmllint disable unqualified
                y: edit.y + (line - 1) * root.lineHeight // qmllint disable unqualified
                width: root.gutter - 1 // qmllint disable unqualified
                height: root.lineHeight // qmllint disable unqualified
                color: tone.length > 0 ? Theme.toneGround(tone) : "transparent"
                Mono {
                    anchors.fill: parent
                    anchors.rightMargin: 8
                    horizontalAlignment: Text.AlignRight
                    verticalAlignment: Text.AlignVCenter
                    font.pixelSize: 11
                    text: parent.line // qmllint disable
                    color: parent.tone.length > 0 ? Theme.tone(parent.tone) : parent.line === root.cursorLine && edit.activeFocus ? Theme.text : Theme.faint // qmllint disable
                    Accessible.ignored: true
                }
                Rectangle {
                    visible: parent.tone.length > 0 // qmllint disable
                    width: 3
                    height: parent.height
                    color: Theme.tone(parent.tone) // qmllint disable
                }
            }
        }
        HoverHandler {
            id: hover
            readonly property int at: hovered ? Math.floor((point.position.y - edit.y) / root.lineHeight) + 1 : 0
            onAtChanged: root.hoveredLine = at
        }
    }
    Rectangle {
        id: note
        visible: root.noted !== undefined
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: 2
        height: noteText.implicitHeight + 14
        radius: Theme.radius - 2
        color: Theme.floating
        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: Theme.toneGround(root.noted ? root.noted.tone : "idle")
        }
        VectorIcon {
            x: 10
            y: 8
            name: root.noted && root.noted.tone === "bad" ? "error" : "warning"
            color: Theme.tone(root.noted ? root.noted.tone : "idle")
        }
        Words {
            id: noteText
            x: 34
            y: 7
            width: parent.width - 44
            wrapMode: Text.Wrap
            text: root.noted ? root.noted.message : ""
            Accessible.ignored: true
        }
    }
    Words {
        x: edit.x + 2
        y: 12
        width: parent.width - x - 12
        visible: edit.length === 0
        color: Theme.muted
        wrapMode: Text.Wrap
        text: root.placeholderText
    }
}
