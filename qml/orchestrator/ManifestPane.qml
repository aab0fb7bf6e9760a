// The workload as YAML: read, copied, edited; below what an edit would change, and the one button that does it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    readonly property WorkloadManifest manifest: session.manifest
    spacing: Theme.space2

    function load() {
        if (edit.text !== root.manifest.text)
            edit.text = root.manifest.text;
    }
    Component.onCompleted: load()
    Connections {
        target: root.manifest
        function onTextChanged() {
            root.load();
        }
    }
    RowLayout {
        spacing: Theme.space2
        Words {
            Layout.fillWidth: true
            color: root.manifest.outdated ? Theme.amber : Theme.muted
            text: root.manifest.outdated ? qsTr("It was changed meanwhile") : root.manifest.dirty ? qsTr("edited, not applied") : root.manifest.editable ? qsTr("edit here, the plan follows") : qsTr("read only")
        }
        CopyButton {
            text: qsTr("Copy the manifest")
            onCopyRequested: root.session.copy(root.manifest.text)
        }
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: 80
        radius: Theme.radius
        color: Theme.background
        border.width: edit.activeFocus ? 2 : 1
        border.color: edit.activeFocus ? Theme.accent : Theme.line
        Flickable {
            id: flick
            readonly property real line: edit.lineCount > 0 ? edit.contentHeight / edit.lineCount : 17
            anchors.fill: parent
            anchors.margins: 3
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            contentWidth: Math.max(width, edit.implicitWidth + 24)
            contentHeight: Math.max(height, edit.implicitHeight + 16)
            T.ScrollBar.vertical: ScrollThumb {}
            T.ScrollBar.horizontal: ScrollThumb {}
            Repeater {
                model: root.manifest.markers
                delegate: Rectangle {
                    required property var modelData
                    visible: modelData.line > 0
                    y: edit.y + (modelData.line - 1) * flick.line // qmllint disable unqualified
                    width: flick.contentWidth // qmllint disable unqualified
                    height: flick.line // qmllint disable unqualified
                    color: Theme.toneGround(modelData.tone)
                }
            }
            TextEdit {
                id: edit
                objectName: "manifestEdit"
                x: 10
                y: 8
                width: Math.max(implicitWidth, flick.width - 20)
                height: Math.max(implicitHeight, flick.height - 16)
                readOnly: !root.manifest.editable
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
                Accessible.name: qsTr("Manifest of %1").arg(root.session.selected.name)
                Accessible.multiLine: true
                onTextChanged: root.manifest.text = text
                onCursorRectangleChanged: {
                    const top = cursorRectangle.y + y;
                    if (flick.contentY > top - 4)
                        flick.contentY = Math.max(0, top - 4);
                    else if (flick.contentY + flick.height < top + cursorRectangle.height + 12)
                        flick.contentY = top + cursorRectangle.height + 12 - flick.height;
                }
                Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
            }
        }
    }
    ColumnLayout {
        visible: root.manifest.problem.present
        Layout.fillWidth: true
        spacing: 2
        Words {
            objectName: "manifestProblem"
            Layout.fillWidth: true
            text: root.manifest.problem.what
            color: Theme.red
            wrapMode: Text.Wrap
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.manifest.problem.why
            color: Theme.muted
            wrapMode: Text.Wrap
            maximumLineCount: 8
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.manifest.problem.hint
            color: Theme.muted
            wrapMode: Text.Wrap
        }
    }
    ListView {
        id: changes
        visible: count > 0
        Layout.fillWidth: true
        Layout.preferredHeight: Math.min(contentHeight, root.height * 0.35)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: root.manifest.changes
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What changes")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: Column {
            id: change
            required property var modelData
            width: ListView.view ? ListView.view.width - 12 : 0
            bottomPadding: 6
            Accessible.role: Accessible.ListItem
            Accessible.name: qsTr("%1: %2 becomes %3").arg(modelData.path).arg(modelData.before || qsTr("nothing")).arg(modelData.after || qsTr("nothing"))
            Mono {
                width: parent.width
                text: change.modelData.path
                color: Theme.muted
                font.pixelSize: 11
                elide: Text.ElideMiddle
            }
            Mono {
                width: parent.width
                visible: change.modelData.before.length > 0
                text: "− " + change.modelData.before
                color: Theme.red
            }
            Mono {
                width: parent.width
                visible: change.modelData.after.length > 0
                text: "+ " + change.modelData.after
                color: Theme.accent
            }
        }
    }
    RowLayout {
        spacing: Theme.space2
        Mono {
            text: root.manifest.cliLine
            font.pixelSize: 11
            color: Theme.muted
            elide: Text.ElideMiddle
            Layout.fillWidth: true
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("The command that does the same: %1").arg(text)
        }
        CopyButton {
            text: qsTr("Copy the command")
            onCopyRequested: root.session.copy(root.manifest.cliLine)
        }
        ActionButton {
            visible: root.manifest.dirty
            text: qsTr("Discard")
            onClicked: root.manifest.reset()
        }
        ActionButton {
            objectName: "manifestApply"
            text: root.manifest.applying ? qsTr("Applying") : qsTr("Apply")
            primary: true
            visible: root.manifest.dirty || root.manifest.applying
            enabled: root.manifest.canApply
            tip: root.manifest.blockedBy
            onClicked: root.manifest.apply()
        }
    }
}
