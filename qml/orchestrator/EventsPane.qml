// What happened to the workload, newest first.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    readonly property EventListModel events: session.events
    spacing: Theme.space2

    RowLayout {
        Words {
            Layout.fillWidth: true
            color: Theme.muted
            text: root.events.count === 1 ? qsTr("1 event") : qsTr("%n events", "", root.events.count)
        }
        CopyButton {
            text: qsTr("Copy the events")
            enabled: root.events.count > 0
            onCopyRequested: root.session.copy(root.events.text())
        }
    }
    ListView {
        id: list
        objectName: "eventList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        model: root.events
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Events")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: Item {
            id: row
            required property string time
            required property string age
            required property string tone
            required property string severity
            required property string type
            required property string message
            required property int times
            width: ListView.view ? ListView.view.width - 10 : 0
            implicitHeight: column.implicitHeight + 14
            Accessible.role: Accessible.ListItem
            Accessible.name: severity + ", " + message
            Accessible.description: type + ", " + time
            ColumnLayout {
                id: column
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                spacing: 2
                RowLayout {
                    spacing: Theme.space2
                    Dot {
                        tone: row.tone
                        Layout.alignment: Qt.AlignTop
                        Layout.topMargin: 6
                    }
                    Words {
                        Layout.fillWidth: true
                        text: row.message
                        wrapMode: Text.Wrap
                    }
                    Words {
                        Layout.alignment: Qt.AlignTop
                        text: row.age
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                        HoverHandler {
                            id: hover
                        }
                        Tip {
                            visible: hover.hovered
                            text: row.time
                        }
                    }
                }
                Words {
                    Layout.leftMargin: 15
                    Layout.fillWidth: true
                    text: row.times > 1 ? qsTr("%1 · %2 times").arg(row.type).arg(row.times) : row.type
                    color: Theme.muted
                    font.pixelSize: Theme.smallSize
                }
            }
            Hairline {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
        footer: Item {
            width: ListView.view ? ListView.view.width : 0
            height: root.events.more ? 40 : 0 // qmllint disable unqualified
            ActionButton {
                anchors.centerIn: parent
                visible: root.events.more // qmllint disable unqualified
                enabled: !root.events.loading // qmllint disable unqualified
                quiet: true
                text: qsTr("Older events")
                onClicked: root.events.loadMore() // qmllint disable unqualified
            }
        }
        Words {
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - 24)
            visible: list.count === 0 && !root.events.loading
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            color: Theme.muted
            text: root.events.problem.present ? root.events.problem.text : qsTr("Nothing has happened yet")
        }
        FocusRing {
            visible: list.activeFocus
        }
    }
    RowLayout {
        Mono {
            Layout.fillWidth: true
            text: "univrs events --workload " + root.session.selected.name
            font.pixelSize: 11
            color: Theme.muted
            elide: Text.ElideMiddle
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("The command that does the same: %1").arg(text)
        }
    }
}
