// One console: its screen, what is up with it, and what its keys are.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    property ConsoleSession console: null
    property bool large: false
    signal largerRequested
    signal leaveRequested
    function focusTerminal() {
        view.forceActiveFocus(Qt.OtherFocusReason);
    }

    Rectangle {
        id: frame
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: foot.top
        anchors.bottomMargin: Theme.space2
        radius: Theme.radius
        color: Theme.background
        border.width: view.activeFocus ? 2 : 1
        border.color: view.activeFocus ? Theme.accent : Theme.line

        TerminalView {
            id: view
            objectName: "terminalView"
            anchors.fill: parent
            anchors.margins: 8
            anchors.rightMargin: 14
            focus: true
            console: root.console
            fontFamily: Theme.monoFamily
            fontSize: root.large ? Theme.monoSize + 1 : Theme.monoSize
            textColor: Theme.text
            groundColor: Theme.background
            accentColor: Theme.accent
            dark: Theme.dark
            Accessible.role: Accessible.EditableText
            Accessible.name: root.console ? qsTr("Terminal of %1").arg(root.console.name) : qsTr("Terminal")
            Accessible.description: qsTr("Ctrl+Shift+Tab leaves it")
            Accessible.multiLine: true
            Accessible.focusable: true
            onLeaveRequested: root.leaveRequested()
            onLargerRequested: root.largerRequested()
            onPasteAsked: lines => {
                question.lines = lines;
                question.refusal = "";
                question.visible = true;
                pasteButton.forceActiveFocus(Qt.OtherFocusReason);
            }
            onPasteRefused: why => {
                question.refusal = why;
                question.visible = true;
            }
            onConsoleChanged: question.visible = false
        }
        ScrollThumb {
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            anchors.margins: 2
            orientation: Qt.Vertical
            readonly property int lines: view.linesAbove + view.linesBelow + view.rows
            size: lines > 0 ? view.rows / lines : 1
            position: lines > 0 ? view.linesAbove / lines : 0
            onPositionChanged: if (pressed)
                view.scrollTo(Math.round(position * lines))
        }
        ActionButton {
            visible: view.linesBelow > 0
            anchors.horizontalCenter: parent.horizontalCenter
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.space2
            text: view.linesBelow === 1 ? qsTr("1 line below") : qsTr("%n lines below", "", view.linesBelow)
            onClicked: {
                view.scrollToEnd();
                root.focusTerminal();
            }
        }
        Rectangle {
            id: question
            property int lines: 0
            property string refusal
            visible: false
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.margins: Theme.space2
            implicitHeight: asked.implicitHeight + 2 * Theme.space3
            height: implicitHeight
            radius: Theme.radius
            color: Theme.raised
            border.color: Theme.line
            Accessible.role: Accessible.AlertMessage
            Accessible.name: words.text
            Keys.onEscapePressed: question.close()
            function close() {
                view.forgetPaste();
                visible = false;
                root.focusTerminal();
            }
            ColumnLayout {
                id: asked
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.margins: Theme.space3
                spacing: Theme.space2
                Words {
                    id: words
                    Layout.fillWidth: true
                    wrapMode: Text.Wrap
                    text: question.refusal.length > 0 ? question.refusal : question.lines === 1 ? qsTr("Paste this line with its end? To this program that is a press of Return: it may run it at once.") : qsTr("Paste %n lines? Each line end is a press of Return to this program: it may run them one by one.", "", question.lines)
                }
                RowLayout {
                    spacing: Theme.space2
                    ActionButton {
                        id: pasteButton
                        objectName: "pasteAnyway"
                        visible: question.refusal.length === 0
                        primary: true
                        text: qsTr("Paste")
                        onClicked: {
                            view.pasteAnyway();
                            question.close();
                        }
                    }
                    ActionButton {
                        text: question.refusal.length > 0 ? qsTr("Close") : qsTr("Do not paste")
                        onClicked: question.close()
                    }
                }
            }
        }
    }
    ColumnLayout {
        id: foot
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Theme.space1

        RowLayout {
            visible: root.console !== null && !root.console.running
            spacing: Theme.space3
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2
                StatusChip {
                    objectName: "consoleState"
                    tone: root.console ? root.console.tone : "idle"
                    word: root.console ? root.console.problem.present ? root.console.problem.what : root.console.word : ""
                }
                Words {
                    Layout.fillWidth: true
                    visible: text.length > 0
                    text: root.console && root.console.problem.present ? [root.console.problem.why, root.console.problem.hint].filter(s => s.length > 0).join(". ") : "" // qmllint disable
                    color: Theme.muted
                    wrapMode: Text.Wrap
                    maximumLineCount: 3
                    elide: Text.ElideRight
                }
            }
            CopyButton {
                visible: root.console !== null && root.console.problem.present
                text: qsTr("Copy what happened")
                onCopyRequested: root.session.copy(root.console.problem.text)
            }
            ActionButton {
                objectName: "runAgain"
                text: qsTr("Run again")
                enabled: root.session.connection.connected
                tip: qsTr("Return, in the terminal")
                onClicked: {
                    root.console.runAgain();
                    root.focusTerminal();
                }
            }
        }
        RowLayout {
            spacing: Theme.space2
            Words {
                Layout.fillWidth: true
                text: root.console === null ? "" : root.console.running ? qsTr("Ctrl+Shift+Tab leaves the terminal · Ctrl+Shift+C copies · Ctrl+Shift+V pastes") : qsTr("Return runs it again")
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                elide: Text.ElideRight
            }
            Mono {
                visible: root.large && view.columns > 0
                text: view.columns + "×" + view.rows
                color: Theme.muted
                font.pixelSize: 11
            }
            CopyButton {
                visible: root.console !== null
                text: root.console ? qsTr("Copy the command: %1").arg(root.console.cliLine) : ""
                onCopyRequested: root.session.copy(root.console.cliLine)
            }
        }
    }
}
