// Every component in every state, a page at a time.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Rectangle {
    id: root
    required property Gallery gallery
    property string page: "controls"
    property bool dark: true
    property bool interactive: true
    readonly property var pages: [
        {
            id: "controls",
            title: qsTr("Controls"),
            part: controls
        },
        {
            id: "table",
            title: qsTr("Table"),
            part: table
        },
        {
            id: "states",
            title: qsTr("States"),
            part: states
        },
        {
            id: "charts",
            title: qsTr("Charts"),
            part: charts
        },
        {
            id: "code",
            title: qsTr("Code"),
            part: code
        },
        {
            id: "forms",
            title: qsTr("Forms"),
            part: forms
        },
        {
            id: "icons",
            title: qsTr("Icons"),
            part: icons
        }
    ]
    implicitHeight: (interactive ? 64 : 0) + body.implicitHeight + 2 * Theme.space6
    color: Theme.background
    Binding {
        target: Theme
        property: "dark"
        value: root.dark
    }
    Binding {
        target: Theme
        property: "reducedMotion"
        value: true
        when: !root.interactive
    }
    Component {
        id: controls
        GalleryControls {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    Component {
        id: table
        GalleryTable {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    Component {
        id: states
        GalleryStates {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    Component {
        id: charts
        GalleryCharts {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    Component {
        id: code
        GalleryCode {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    Component {
        id: forms
        GalleryForms {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    Component {
        id: icons
        GalleryIcons {
            gallery: root.gallery // qmllint disable unqualified
        }
    }
    RowLayout {
        visible: root.interactive
        x: Theme.space6
        y: Theme.space4
        width: parent.width - 2 * Theme.space6
        Tabs {
            Layout.fillWidth: true
            accessibleName: qsTr("Pages")
            model: root.pages
            current: root.page
            onChosen: id => root.page = id
        }
        IconButton {
            iconName: root.dark ? "sun" : "moon"
            text: root.dark ? qsTr("Light") : qsTr("Dark")
            onClicked: root.dark = !root.dark
        }
    }
    Flickable {
        anchors.fill: parent
        anchors.topMargin: root.interactive ? 64 : 0
        contentHeight: body.implicitHeight + 2 * Theme.space6
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        T.ScrollBar.vertical: ScrollThumb {}
        Loader {
            id: body
            x: Theme.space6
            y: Theme.space6
            width: root.width - 2 * Theme.space6
            sourceComponent: root.pages.find(p => p.id === root.page).part
        }
    }
}
