// The decision to deploy: left what was given, right what will happen, below the one action.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Popup {
    id: root
    required property Session session
    readonly property DeploySession deploy: session.deploy

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: parent ? Math.min(1104, parent.width - 48) : 0
    height: parent ? Math.min(780, parent.height - 56) : 0
    modal: true
    focus: true
    visible: deploy.active
    closePolicy: deploy.busy ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape
    onClosed: {
        deploy.close();
        visible = Qt.binding(() => root.deploy.active);
    }

    T.Overlay.modal: Rectangle {
        color: Theme.veil
    }
    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.color: Theme.line
    }
    // Only while it is shown: a layout in a closed popup keeps rows that are gone, and the next change of the window's
    // size would touch them.
    contentItem: Loader {
        focus: true
        active: root.visible
        onLoaded: (item as DeploySheetBody).forceActiveFocus(Qt.OtherFocusReason)
        sourceComponent: DeploySheetBody {
            focus: true
            session: root.session // qmllint disable unqualified
            onCloseRequested: root.close() // qmllint disable unqualified
        }
    }
}
