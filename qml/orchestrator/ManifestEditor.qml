// The text of a manifest: monospace, with line numbers, wrong lines marked.
import QtQuick
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property DeploySession deploy
    readonly property real lineHeight: edit.lineCount > 0 ? edit.contentHeight / edit.lineCount : 17
    readonly property int gutter: Math.max(28, digits.advanceWidth("8") * String(edit.lineCount).length + 18)

    function showLine(line: int) {
        edit.forceActiveFocus(Qt.OtherFocusReason);
        edit.cursorPosition = edit.positionAt(0, (line - 0.5) * lineHeight);
    }
    function load() {
        if (edit.text !== root.deploy.text)
            edit.text = root.deploy.text;
    }
    Component.onCompleted: {
        load();
        edit.cursorPosition = 0;
    }
    Connections {
        target: root.deploy
        function onTextChanged() {
            root.load();
        }
    }
    FontMetrics {
        id: digits
        font.family: Theme.monoFamily
        font.pixelSize: Theme.monoSize
    }
    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.background
        border.width: edit.activeFocus ? 2 : 1
        border.color: edit.activeFocus ? Theme.accent : Theme.line
    }
    Flickable {
        id: flick
        anchors.fill: parent
        anchors.margins: 2
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
        Repeater {
            model: root.deploy.errorLines
            delegate: Rectangle {
                required property var modelData
                x: 0
                visible: modelData <= edit.lineCount // qmllint disable unqualified
                y: edit.y + (modelData - 1) * root.lineHeight // qmllint disable unqualified
                width: flick.contentWidth // qmllint disable unqualified
                height: root.lineHeight // qmllint disable unqualified
                color: Theme.toneGround("bad")
                Rectangle {
                    width: 3
                    height: parent.height
                    color: Theme.red
                }
            }
        }
        Repeater {
            id: numbers
            readonly property int first: Math.max(0, Math.floor((flick.contentY - edit.y) / root.lineHeight))
            model: Math.max(0, Math.min(Math.ceil(flick.height / root.lineHeight) + 1, edit.lineCount - first))
            delegate: Mono {
                required property int index
                readonly property int line: numbers.first + index + 1 // qmllint disable unqualified
                x: flick.contentX // qmllint disable unqualified
                y: edit.y + (line - 1) * root.lineHeight // qmllint disable unqualified
                width: root.gutter - 8 // qmllint disable unqualified
                height: root.lineHeight // qmllint disable unqualified
                horizontalAlignment: Text.AlignRight
                verticalAlignment: Text.AlignVCenter
                font.pixelSize: 11
                text: line
                color: root.deploy.errorLines.indexOf(line) >= 0 ? Theme.red : Theme.faint // qmllint disable unqualified
                Accessible.ignored: true
            }
        }
        TextEdit {
            id: edit
            objectName: "manifestText"
            x: root.gutter + 2
            y: 10
            width: Math.max(implicitWidth, flick.width - x - 8)
            height: Math.max(implicitHeight, flick.height - 20)
            focus: true
            readOnly: !root.deploy.editable
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
            Accessible.name: qsTr("Manifest")
            Accessible.multiLine: true
            onTextChanged: root.deploy.text = text
            onCursorRectangleChanged: flick.ensureVisible(cursorRectangle)
            // Tab moves on, as everywhere; two spaces indent in YAML.
            Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
            Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        }
    }
    Words {
        x: edit.x + 2
        y: 12
        width: parent.width - x - 12
        visible: edit.length === 0
        color: Theme.muted
        wrapMode: Text.Wrap
        text: qsTr("Paste a manifest, a Compose file or Kubernetes YAML, or write an image name such as nginx:1.27-alpine")
    }
}
