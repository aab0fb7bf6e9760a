// The views, in groups.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Desk desk
    property bool forceFolded: false // too narrow a window
    readonly property bool folded: forceFolded || desk.frame.railFolded
    implicitWidth: folded ? 56 : 208
    Accessible.role: Accessible.PageTabList
    Accessible.name: qsTr("Views")

    function countOf(viewId: string): int {
        switch (viewId) {
        case "peers":
            return desk.current.network.peers.complete ? desk.current.network.peers.connected : -1;
        case "workloads":
            return desk.current.workloads.complete ? desk.current.workloads.total : -1;
        case "nodes":
            return desk.current.index.nodeCount;
        }
        return -1;
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
        Hairline {
            anchors.right: parent.right
            height: parent.height
        }
    }
    Flickable {
        id: page
        anchors.fill: parent
        anchors.margins: Theme.space2
        anchors.topMargin: Theme.space3
        anchors.bottomMargin: fold.height + Theme.space3
        contentHeight: column.implicitHeight
        FocusFollower {
            view: page
        }
        interactive: contentHeight > height
        clip: interactive
        ColumnLayout {
            id: column
            width: parent.width
            spacing: 2
            Repeater {
                model: root.desk.frame.views
                delegate: ColumnLayout {
                    id: entry
                    required property int index
                    required property var modelData
                    readonly property bool first: index === 0 || root.desk.frame.views[index - 1].group !== modelData.group // qmllint disable unqualified
                    Layout.fillWidth: true
                    spacing: 2
                    Words {
                        visible: entry.first && entry.modelData.group.length > 0 && !root.folded // qmllint disable unqualified
                        Layout.topMargin: entry.index > 0 ? Theme.space4 : Theme.space1
                        Layout.bottomMargin: 4
                        Layout.leftMargin: 10
                        text: entry.modelData.group.toUpperCase()
                        color: Theme.muted
                        font.pixelSize: 11
                        font.letterSpacing: 0.4
                        Accessible.ignored: true
                    }
                    Hairline {
                        visible: entry.first && entry.index > 0 && root.folded // qmllint disable unqualified
                        Layout.fillWidth: true
                        Layout.margins: Theme.space2
                    }
                    RailItem {
                        objectName: "rail_" + entry.modelData.viewId
                        Layout.fillWidth: true
                        text: entry.modelData.title
                        iconName: entry.modelData.icon
                        keys: entry.modelData.shortcut
                        number: root.countOf(entry.modelData.viewId) // qmllint disable unqualified
                        folded: root.folded // qmllint disable unqualified
                        chosen: root.desk.frame.view === entry.modelData.viewId // qmllint disable unqualified
                        onClicked: root.desk.frame.view = entry.modelData.viewId // qmllint disable unqualified
                    }
                }
            }
        }
    }
    RailFold {
        id: fold
        objectName: "foldButton"
        visible: !root.forceFolded
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.space2
        folded: root.folded
        onClicked: root.desk.frame.railFolded = !root.desk.frame.railFolded
    }
}
