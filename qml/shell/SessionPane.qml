// What one session shows: its views, each made when it is first gone to and kept, and the inspector of what is selected.
import QtQuick
import Univrs

FocusScope {
    id: root
    required property Session session
    required property Desk desk
    property bool shown: false
    property bool overlayInspector: false
    signal openRequested
    visible: shown
    enabled: shown

    readonly property bool welcoming: session.firstRun.shown && !desk.frame.always
    readonly property bool inspecting: {
        const name = desk.frame.selection;
        return name.length > 0 && session[name].length > 0 && !welcoming; // qmllint disable
    }
    function focusView() {
        for (let i = 0; i < views.count; ++i) {
            const loader = views.itemAt(i) as Loader;
            if (loader.visible && loader.item) {
                loader.item.focusList(); // qmllint disable
                return;
            }
        }
    }

    FocusScope {
        id: content
        focus: true
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        anchors.right: root.inspecting && !root.overlayInspector ? pane.left : parent.right
        visible: !root.welcoming
        Repeater {
            id: views
            model: root.desk.frame.views
            delegate: Loader {
                id: view
                required property var modelData
                readonly property bool wanted: root.shown && root.desk.frame.view === modelData.viewId // qmllint disable unqualified
                anchors.fill: parent
                visible: root.desk.frame.view === modelData.viewId // qmllint disable unqualified
                focus: visible
                function prepare() {
                    if (wanted && status === Loader.Null)
                        setSource(Qt.resolvedUrl("../" + modelData.file), {
                            session: root.session // qmllint disable unqualified
                        });
                }
                onWantedChanged: prepare()
                Component.onCompleted: prepare()
                onLoaded: item.openRequested.connect(root.openRequested) // qmllint disable
            }
        }
    }
    Rectangle { // under an overlaid inspector the view stays as it is, a shade away
        visible: root.inspecting && root.overlayInspector
        anchors.fill: content
        color: Theme.veil
        opacity: 0.35
    }
    Item {
        id: pane
        objectName: "inspector"
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: Math.min(560, Math.max(384, root.width * 0.36))
        visible: root.inspecting
        Repeater {
            model: root.desk.frame.views
            delegate: Loader {
                id: inspector
                required property var modelData
                readonly property bool wanted: root.inspecting && root.desk.frame.view === modelData.viewId // qmllint disable unqualified
                anchors.fill: parent
                visible: wanted
                function prepare() {
                    if (wanted && modelData.inspector.length > 0 && status === Loader.Null)
                        setSource(Qt.resolvedUrl("../" + modelData.inspector), {
                            session: root.session // qmllint disable unqualified
                        });
                }
                onWantedChanged: prepare()
                Component.onCompleted: prepare()
            }
        }
    }
    FirstRunPage {
        anchors.fill: parent
        visible: root.welcoming
        session: root.session
        onOpenRequested: root.openRequested()
    }
}
