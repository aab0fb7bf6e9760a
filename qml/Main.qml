// The window.
import QtQuick
import QtQml
import QtQuick.Templates as T
import Univrs

T.ApplicationWindow {
    id: window
    required property Desk desk
    property bool startMaximized: false
    readonly property Session session: desk.current

    objectName: "mainWindow"
    title: session.connection.nodeName.length > 0 ? qsTr("Univrs – %1").arg(session.connection.nodeName) : qsTr("Univrs")
    width: 1280
    height: 800
    minimumWidth: 800
    minimumHeight: 500
    visibility: startMaximized ? Window.Maximized : Window.Windowed
    visible: true
    color: Theme.background
    onClosing: close => close.accepted = desk.leaving.closeWindow(desk.settings.closeToTray)

    Binding {
        target: Theme
        property: "dark"
        value: window.desk.appearance.dark
    }
    Binding {
        target: Theme
        property: "family"
        value: window.desk.appearance.textFamily
    }
    Binding {
        target: Theme
        property: "monoFamily"
        value: window.desk.appearance.monoFamily
    }
    Binding {
        target: Theme
        property: "reducedMotion"
        value: window.desk.settings.reducedMotion
    }
    Binding {
        target: Theme
        property: "compact"
        value: window.desk.settings.compact
    }

    Shortcut {
        sequences: ["Ctrl+K"]
        onActivated: palette.visible ? palette.close() : palette.open()
    }
    Shortcut {
        sequences: ["Ctrl+O"]
        onActivated: openDialog.show()
    }
    Shortcut {
        sequences: ["Ctrl+N"]
        onActivated: window.session.deploy.startEmpty()
    }
    Shortcut {
        sequences: ["Ctrl+V", "Shift+Ins"]
        onActivated: window.session.paste()
    }
    Shortcut {
        sequences: ["Ctrl+Z"]
        enabled: window.session.actions.undoable
        onActivated: window.session.actions.undo()
    }
    Shortcut {
        sequences: ["Ctrl+,"]
        onActivated: settings.openAt("")
    }
    Shortcut {
        sequences: ["Ctrl+B"]
        onActivated: window.desk.perform("rail", "")
    }
    Shortcut {
        sequences: ["Ctrl+Shift+N"]
        onActivated: notifications.open()
    }
    Shortcut {
        sequences: ["Ctrl+Q"]
        onActivated: window.desk.leaving.quit()
    }
    Shortcut {
        sequence: "Esc"
        enabled: panes.inspecting || window.session.actions.toastShown
        onActivated: {
            if (window.session.actions.toastShown) {
                window.session.actions.dismiss();
            } else {
                window.session.go(window.desk.frame.view, "");
                panes.focusView();
            }
        }
    }
    Instantiator {
        model: window.desk.frame.views
        delegate: Shortcut {
            required property var modelData
            sequence: modelData.shortcut
            onActivated: {
                window.desk.frame.view = modelData.viewId; // qmllint disable unqualified
                panes.focusView(); // qmllint disable unqualified
            }
        }
    }
    Instantiator {
        model: 9
        delegate: Shortcut {
            required property int index
            sequence: "Alt+" + (index + 1)
            onActivated: window.desk.currentIndex = index // qmllint disable unqualified
        }
    }

    Loader {
        id: openDialog
        active: false
        source: "OpenDialog.qml"
        function show() {
            active = true;
            if (item)
                item.open(); // qmllint disable
        }
    }
    Connections {
        target: openDialog.item
        function onAccepted() {
            window.session.openFiles(openDialog.item.selectedFiles); // qmllint disable
        }
    }
    Connections {
        target: window.desk
        function onSheetRequested(sheet: string, text: string) {
            if (sheet === "settings")
                settings.openAt(text);
            else if (sheet === "add")
                addNode.open();
            else if (sheet === "notifications")
                notifications.open();
            else if (sheet === "open")
                openDialog.show();
        }
    }

    TopBar {
        id: topBar
        width: parent.width
        desk: window.desk
        onPaletteRequested: palette.open()
        onClustersRequested: clusters.open()
        onHealthRequested: health.open()
        onNotificationsRequested: notifications.open()
        onSettingsRequested: settings.openAt("")
        onOpenRequested: openDialog.show()
    }
    Banner {
        id: banner
        objectName: "banner"
        anchors.top: topBar.bottom
        width: parent.width
        height: visible ? implicitHeight : 0
        visible: window.session.connection.state !== ConnectionModel.Connected
        tone: window.session.connection.tone
        what: window.session.connection.state === ConnectionModel.Lost ? qsTr("Connection lost: what you see may be old") : window.session.connection.word
        why: window.session.connection.why
    }
    Rail {
        id: rail
        objectName: "rail"
        anchors.top: banner.bottom
        anchors.bottom: statusLine.top
        width: implicitWidth
        desk: window.desk
        forceFolded: window.width < 900
    }
    FocusScope {
        id: panes
        readonly property bool inspecting: current ? current.inspecting : false
        property SessionPane current: null
        focus: true
        anchors.top: banner.bottom
        anchors.bottom: statusLine.top
        anchors.left: rail.right
        anchors.right: parent.right
        function focusView() {
            if (current)
                current.focusView();
        }
        Repeater {
            model: window.desk
            delegate: SessionPane {
                id: pane
                required property bool isCurrent
                anchors.fill: parent
                desk: window.desk // qmllint disable unqualified
                shown: isCurrent
                focus: isCurrent
                overlayInspector: window.width < 1100 // qmllint disable unqualified
                onOpenRequested: openDialog.show() // qmllint disable unqualified
                onShownChanged: if (shown)
                    panes.current = pane // qmllint disable unqualified
                Component.onCompleted: if (shown)
                    panes.current = pane // qmllint disable unqualified
                Component.onDestruction: if (panes.current === pane) // qmllint disable unqualified
                    panes.current = null
            }
        }
    }
    StatusLine {
        id: statusLine
        anchors.bottom: parent.bottom
        width: parent.width
        session: window.session
    }
    Toast {
        objectName: "toast"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: statusLine.top
        anchors.bottomMargin: Theme.space5
        width: Math.min(implicitWidth, parent.width - 48)
        session: window.session
    }
    DeploySheet {
        session: window.session
    }
    CommandPalette {
        id: palette
        desk: window.desk
    }
    ClusterMenu {
        id: clusters
        parent: topBar
        x: topBar.clusterAnchor.x
        y: topBar.height + 4
        desk: window.desk
        onAddRequested: addNode.open()
    }
    HealthPanel {
        id: health
        parent: topBar
        x: topBar.width - width - Theme.space4
        y: topBar.height + 4
        session: window.session
    }
    NotificationPanel {
        id: notifications
        parent: T.Overlay.overlay
        x: window.width - width - Theme.space3
        y: topBar.height + 4
        desk: window.desk
    }
    SettingsSheet {
        id: settings
        desk: window.desk
        onAddRequested: addNode.open()
    }
    AddNodeSheet {
        id: addNode
        desk: window.desk
    }
    QuitSheet {
        leaving: window.desk.leaving
    }
    DropArea {
        id: drop
        objectName: "dropArea"
        anchors.fill: parent
        onEntered: drag => drag.accepted = drag.hasUrls || drag.hasText
        onDropped: drop => {
            const urls = drop.urls;
            const text = drop.text;
            drop.accept(Qt.CopyAction);
            if (urls.length > 0)
                window.session.openFiles(urls);
            else
                window.session.openText(text);
        }
    }
    DropVeil {
        parent: T.Overlay.overlay
        anchors.fill: parent
        z: 10
        visible: drop.containsDrag
    }
}
