// The window.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.ApplicationWindow {
    id: window
    required property Session session
    readonly property bool overlayInspector: width < 1100

    objectName: "mainWindow"
    title: session.connection.nodeName.length > 0 ? qsTr("Univrs – %1").arg(session.connection.nodeName) : qsTr("Univrs")
    width: 1280
    height: 800
    minimumWidth: 800
    minimumHeight: 500
    visible: true
    color: Theme.background

    Binding {
        target: Theme
        property: "dark"
        value: window.session.appearance.dark
    }
    Binding {
        target: Theme
        property: "family"
        value: window.session.appearance.textFamily
    }
    Binding {
        target: Theme
        property: "monoFamily"
        value: window.session.appearance.monoFamily
    }

    Shortcut {
        sequences: ["Ctrl+K", "Ctrl+F"]
        onActivated: topBar.focusSearch()
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
        sequences: ["Ctrl+Q"]
        onActivated: window.close()
    }
    Shortcut {
        sequence: "Esc"
        enabled: window.session.selectedId.length > 0 || window.session.actions.toastShown
        onActivated: {
            if (window.session.actions.toastShown) {
                window.session.actions.dismiss();
            } else {
                window.session.select("");
                workloads.focusList();
            }
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

    TopBar {
        id: topBar
        width: parent.width
        session: window.session
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
    WorkloadsView {
        id: workloads
        focus: true
        anchors.top: banner.bottom
        anchors.left: parent.left
        anchors.right: inspector.visible && !window.overlayInspector ? inspector.left : parent.right
        anchors.bottom: statusLine.top
        session: window.session
        onOpenRequested: openDialog.show()
    }
    Inspector {
        id: inspector
        objectName: "inspector"
        anchors.top: banner.bottom
        anchors.right: parent.right
        anchors.bottom: statusLine.top
        width: Math.min(560, Math.max(400, window.width * 0.36))
        visible: window.session.selectedId.length > 0
        session: window.session
    }
    StatusLine {
        id: statusLine
        anchors.bottom: parent.bottom
        width: parent.width
        session: window.session
    }
    Toast {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: statusLine.top
        anchors.bottomMargin: Theme.space5
        width: Math.min(implicitWidth, parent.width - 48)
        session: window.session
    }
    DeploySheet {
        session: window.session
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
