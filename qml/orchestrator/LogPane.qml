// What the instances write, live. Scrolling up pauses; scrolling back to the end follows again.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property LogModel log: session.log
    property bool showTime: true
    property bool wrap: true
    property int from: -1 // chosen lines: where choosing began, and its other end
    property int to: -1
    readonly property int firstChosen: Math.min(from, to)
    readonly property int lastChosen: Math.max(from, to)
    property string detail

    function choose(row: int, extend: bool) {
        if (row < 0 || row >= list.count)
            return;
        to = row;
        if (!extend || from < 0)
            from = row;
        list.positionViewAtIndex(row, ListView.Contain);
        if (detail.length > 0)
            detail = log.pretty(row);
    }
    function forget() {
        from = -1;
        to = -1;
        detail = "";
    }
    Binding {
        target: root.log
        property: "colors"
        value: [String(Theme.muted), String(Theme.red), String(Theme.accent), String(Theme.amber), String(Theme.blue), String(Theme.blue), String(Theme.accent), String(Theme.text), String(Theme.amber)]
    }
    Connections {
        target: root.log
        function onModelReset() {
            root.forget();
        }
        function onRowsRemoved() {
            root.forget();
        }
        function onPrepended(rows) {
            list.positionViewAtIndex(rows, ListView.Beginning);
        }
    }
    Loader {
        id: saveDialog
        active: false
        source: "../SaveDialog.qml"
        function show() {
            active = true;
            if (item)
                item.open(); // qmllint disable
        }
    }
    Connections {
        target: saveDialog.item
        function onAccepted() {
            root.log.saveTo(saveDialog.item.selectedFile); // qmllint disable
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.space2
        // Narrow, what is shown and what can be done with it stand below each other.
        GridLayout {
            columns: root.width < 480 ? 1 : 2
            columnSpacing: 2
            rowSpacing: Theme.space1
            RowLayout {
                spacing: 2
                Words {
                    objectName: "logState"
                    text: root.log.state
                    color: Theme.muted
                    Layout.fillWidth: true
                    Layout.minimumWidth: 40
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
                Selector {
                    id: picker
                    mono: true
                    visible: root.session.instances.count > 1 || root.log.instance.length > 0
                    Layout.fillWidth: true
                    Layout.maximumWidth: 190
                    Layout.minimumWidth: 80
                    objectName: "logPicker"
                    Accessible.name: qsTr("Instance whose log is shown")
                    model: {
                        const ids = [qsTr("All instances")];
                        for (let i = 0; i < root.session.instances.count; ++i)
                            ids.push(root.session.instances.idAt(i));
                        return ids;
                    }
                    onActivated: index => root.log.instance = index > 0 ? root.session.instances.idAt(index - 1) : ""
                    onModelChanged: currentIndex = Math.max(0, model.indexOf(root.log.instance))
                }
            }
            RowLayout {
                spacing: 2
                Layout.alignment: Qt.AlignRight
                ToggleChip {
                    text: qsTr("Times")
                    checked: root.showTime
                    onClicked: root.showTime = !root.showTime
                }
                ToggleChip {
                    objectName: "logWrap"
                    text: qsTr("Wrap")
                    checked: root.wrap
                    onClicked: root.wrap = !root.wrap
                }
                IconButton {
                    objectName: "pauseButton"
                    iconName: root.log.paused ? "play" : "pause"
                    text: root.log.paused ? qsTr("Follow") : qsTr("Pause")
                    onClicked: {
                        root.log.paused = !root.log.paused;
                        if (!root.log.paused)
                            list.toEnd();
                    }
                }
                CopyButton {
                    text: root.from >= 0 ? qsTr("Copy the chosen lines") : qsTr("Copy the log")
                    enabled: root.log.count > 0
                    onCopyRequested: root.session.copy(root.from >= 0 ? root.log.copied(root.firstChosen, root.lastChosen) : root.log.copied(0, -1))
                }
                IconButton {
                    objectName: "saveLog"
                    iconName: "drop"
                    text: qsTr("Save as a file")
                    enabled: root.log.count > 0
                    onClicked: saveDialog.show()
                }
            }
        }
        LogSearchBar {
            id: search
            Layout.fillWidth: true
            log: root.log
            onGoRequested: forward => {
                root.log.paused = true;
                const row = root.log.toMatch(list.indexAt(4, list.contentY + 4), forward);
                if (row >= 0)
                    list.positionViewAtIndex(row, ListView.Center);
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 48
            radius: Theme.radius
            color: Theme.background
            border.width: list.activeFocus ? 2 : 1
            border.color: list.activeFocus ? Theme.accent : Theme.line

            ListView {
                id: list
                objectName: "logList"
                anchors.fill: parent
                anchors.margins: 6
                anchors.rightMargin: 2
                clip: true
                focus: true
                model: root.log
                boundsBehavior: Flickable.StopAtBounds
                activeFocusOnTab: true
                keyNavigationEnabled: false
                currentIndex: -1 // else the focus goes to the first line, far out of sight
                reuseItems: true
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Log lines")
                T.ScrollBar.vertical: ScrollThumb {
                    id: thumb
                    onPressedChanged: if (!pressed)
                        list.userScrolled()
                }
                header: Item {
                    width: ListView.view ? ListView.view.width : 0
                    visible: older.visible || note.visible
                    height: visible ? 32 : 0
                    ActionButton {
                        id: older
                        anchors.centerIn: parent
                        implicitHeight: 26
                        visible: root.log.canLoadOlder || root.log.loadingOlder // qmllint disable unqualified
                        enabled: !root.log.loadingOlder // qmllint disable unqualified
                        quiet: true
                        text: root.log.loadingOlder ? qsTr("Loading") : qsTr("Load older lines") // qmllint disable unqualified
                        onClicked: {
                            root.log.paused = true; // qmllint disable unqualified
                            root.log.loadOlder(); // qmllint disable unqualified
                        }
                    }
                    Words {
                        id: note
                        anchors.centerIn: parent
                        width: Math.min(implicitWidth, parent.width)
                        visible: !older.visible && text.length > 0
                        text: root.log.olderNote // qmllint disable unqualified
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                    }
                }
                // After the new lines have their heights.
                Timer {
                    id: end
                    interval: 0
                    onTriggered: list.positionViewAtEnd()
                }
                function toEnd() {
                    end.restart();
                }
                function userScrolled() {
                    root.log.paused = !atYEnd;
                }
                onMovementStarted: root.log.paused = true
                onMovementEnded: userScrolled()
                onCountChanged: if (!root.log.paused)
                    toEnd()
                onWidthChanged: if (!root.log.paused)
                    toEnd()
                onHeightChanged: if (!root.log.paused)
                    toEnd()
                // The window has another meaning for it.
                Keys.onShortcutOverride: event => event.accepted = event.matches(StandardKey.Find)
                Keys.onPressed: event => {
                    const page = Math.max(1, Math.floor(height / 17) - 1);
                    const extend = event.modifiers & Qt.ShiftModifier;
                    const here = root.to >= 0 ? root.to : Math.max(0, indexAt(4, contentY + height - 8));
                    let target = -1;
                    switch (event.key) {
                    case Qt.Key_Up:
                        target = Math.max(0, here - 1);
                        break;
                    case Qt.Key_Down:
                        target = Math.min(count - 1, here + 1);
                        break;
                    case Qt.Key_PageUp:
                        target = Math.max(0, here - page);
                        break;
                    case Qt.Key_PageDown:
                        target = Math.min(count - 1, here + page);
                        break;
                    case Qt.Key_Home:
                        target = 0;
                        break;
                    case Qt.Key_End:
                        root.forget();
                        root.log.paused = false;
                        toEnd();
                        event.accepted = true;
                        return;
                    case Qt.Key_Return:
                    case Qt.Key_Enter:
                        root.detail = root.detail.length > 0 ? "" : root.log.pretty(here);
                        event.accepted = true;
                        return;
                    default:
                        if (event.matches(StandardKey.Copy)) {
                            root.session.copy(root.from >= 0 ? root.log.copied(root.firstChosen, root.lastChosen) : root.log.copied(0, -1));
                        } else if (event.matches(StandardKey.Find)) {
                            search.focusField();
                        } else if (event.matches(StandardKey.SelectAll)) {
                            root.from = 0;
                            root.to = count - 1;
                        } else {
                            return;
                        }
                        event.accepted = true;
                        return;
                    }
                    event.accepted = true;
                    root.log.paused = true;
                    root.choose(target, extend);
                }
                delegate: LogLine {
                    id: line
                    width: ListView.view ? ListView.view.width - 12 : 0
                    showTime: root.showTime // qmllint disable unqualified
                    wrap: root.wrap // qmllint disable unqualified
                    several: root.log.instance.length === 0 && root.session.instances.count > 1 // qmllint disable unqualified
                    chosen: root.from >= 0 && index >= root.firstChosen && index <= root.lastChosen // qmllint disable unqualified
                    TapHandler {
                        acceptedModifiers: Qt.NoModifier
                        onTapped: {
                            list.forceActiveFocus(Qt.MouseFocusReason); // qmllint disable unqualified
                            root.log.paused = true; // qmllint disable unqualified
                            root.choose(line.index, false); // qmllint disable unqualified
                        }
                        onDoubleTapped: root.detail = root.log.pretty(line.index) // qmllint disable unqualified
                    }
                    TapHandler {
                        acceptedModifiers: Qt.ShiftModifier
                        onTapped: root.choose(line.index, true) // qmllint disable unqualified
                    }
                }
            }
            Words {
                anchors.centerIn: parent
                width: Math.min(implicitWidth, parent.width - 32)
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                visible: list.count === 0
                color: Theme.muted
                text: root.log.problem.present ? root.log.problem.text : root.log.onlyMatches && root.log.search.length > 0 ? qsTr("No line matches") : qsTr("Nothing was written yet")
            }
            ActionButton {
                objectName: "logToEnd"
                visible: root.log.paused
                anchors.horizontalCenter: parent.horizontalCenter
                anchors.bottom: parent.bottom
                anchors.bottomMargin: 8
                text: root.log.waiting === 0 ? qsTr("To the end") : root.log.waiting === 1 ? qsTr("1 new line") : qsTr("%n new lines", "", root.log.waiting)
                onClicked: {
                    root.forget();
                    root.log.paused = false;
                    list.toEnd();
                }
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(root.height * 0.4, pretty.implicitHeight + 20)
            visible: root.detail.length > 0
            radius: Theme.radius
            color: Theme.raised
            Flickable {
                anchors.fill: parent
                anchors.margins: 10
                anchors.rightMargin: 70
                clip: true
                contentHeight: pretty.implicitHeight
                boundsBehavior: Flickable.StopAtBounds
                T.ScrollBar.vertical: ScrollThumb {}
                Mono {
                    id: pretty
                    width: parent.width
                    text: root.detail
                    font.pixelSize: 11
                    wrapMode: Text.WrapAnywhere
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
            Row {
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.margins: 4
                CopyButton {
                    text: qsTr("Copy this line")
                    onCopyRequested: root.session.copy(root.detail)
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close the line")
                    onClicked: root.detail = ""
                }
            }
        }
        RowLayout {
            spacing: 4
            Words {
                Layout.fillWidth: true
                text: root.log.held
                color: Theme.muted
                font.pixelSize: Theme.smallSize
            }
            Mono {
                text: root.log.cliLine
                visible: root.width > 380
                font.pixelSize: 11
                color: Theme.muted
                elide: Text.ElideMiddle
                Layout.maximumWidth: root.width * 0.5
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("The command that does the same: %1").arg(text)
            }
            CopyButton {
                text: qsTr("Copy the command")
                onCopyRequested: root.session.copy(root.log.cliLine)
            }
        }
    }
}
