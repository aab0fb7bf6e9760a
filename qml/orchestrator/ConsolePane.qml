// Terminals inside the containers of the selected workload. A console goes on when another workload is selected; the
// strip above lists all that are open on this engine. "Larger" lays the same over the whole window.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property ConsoleList consoles: session.consoles
    property bool adding: false
    readonly property bool starting: adding || consoles.count === 0
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Consoles")

    function focusList() {
        if (starting)
            start.forceActiveFocus(Qt.TabFocusReason);
        else
            small.focusTerminal();
    }
    function setLarge(on: bool) {
        if (on) {
            sheet.open();
            big.focusTerminal();
        } else {
            sheet.close();
            small.focusTerminal();
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space2
        visible: !sheet.visible
        ConsoleStrip {
            id: strip
            Layout.fillWidth: true
            visible: root.consoles.count > 0
            session: root.session
            adding: root.adding
            onAddRequested: root.adding = true
            onChosen: {
                root.adding = false;
                small.focusTerminal();
            }
            onLargerRequested: root.setLarge(true)
        }
        ConsoleScreen {
            id: small
            objectName: "consoleScreen"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !root.starting
            focus: !root.starting
            session: root.session
            console: root.consoles.current
            onLargerRequested: root.setLarge(true)
            onLeaveRequested: strip.focusList()
        }
        ConsoleStart {
            id: start
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumWidth: 520
            Layout.alignment: Qt.AlignHCenter
            visible: root.starting
            focus: root.starting
            session: root.session
            first: root.consoles.count === 0
            onOpened: {
                root.adding = false;
                small.focusTerminal();
            }
            onClosed: root.adding = false
        }
    }
    Words {
        anchors.centerIn: parent
        visible: sheet.visible
        text: qsTr("Shown larger")
        color: Theme.muted
    }
    T.Popup {
        id: sheet
        parent: T.Overlay.overlay
        readonly property int gap: parent && parent.width > 1100 ? Theme.space6 : Theme.space2
        x: gap
        y: gap
        width: parent ? parent.width - 2 * gap : 0
        height: parent ? parent.height - 2 * gap : 0
        modal: true
        focus: true
        padding: Theme.space4
        closePolicy: T.Popup.NoAutoClose // Esc is the program's
        onVisibleChanged: if (visible && root.consoles.count === 0)
            close()
        T.Overlay.modal: Rectangle {
            color: Theme.veil
        }
        background: Rectangle {
            radius: Theme.cardRadius
            color: Theme.surface
            border.color: Theme.line
        }
        contentItem: ColumnLayout { // qmllint disable
            spacing: Theme.space2
            ConsoleStrip {
                id: bigStrip
                Layout.fillWidth: true
                session: root.session
                large: true
                onAddRequested: {
                    root.setLarge(false);
                    root.adding = true;
                }
                onChosen: big.focusTerminal()
                onLargerRequested: root.setLarge(false)
                Keys.onEscapePressed: root.setLarge(false)
            }
            ConsoleScreen {
                id: big
                objectName: "largeConsoleScreen"
                Layout.fillWidth: true
                Layout.fillHeight: true
                focus: true
                large: true
                session: root.session
                console: sheet.visible ? root.consoles.current : null
                onLargerRequested: root.setLarge(false)
                onLeaveRequested: bigStrip.focusList()
            }
        }
    }
    Connections {
        target: root.consoles
        function onCountChanged() {
            if (root.consoles.count === 0 && sheet.visible)
                sheet.close();
        }
    }
}
