// What needs a person, newest first.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Panel {
    id: root
    required property Desk desk
    readonly property Notifications notifications: desk.notifications
    width: parent ? Math.min(440, parent.width - 24) : 440
    height: Math.min(parent ? parent.height - 80 : 480, 620, notifications.count === 0 ? 170 : header.height + list.contentHeight + 2)
    accessibleName: qsTr("Notifications")
    onOpened: {
        if (list.count === 0) {
            clear.forceActiveFocus(Qt.TabFocusReason);
            return;
        }
        list.currentIndex = 0;
        list.forceLayout();
        // A row that is not there yet takes the focus from the list when it comes.
        const first = list.currentItem ?? list;
        first.forceActiveFocus(Qt.TabFocusReason);
    }
    onClosed: notifications.markRead()

    contentItem: FocusScope { // qmllint disable deferred-property-id
        RowLayout {
            id: header
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.leftMargin: Theme.space4
            anchors.rightMargin: Theme.space2
            height: 48
            Words {
                Layout.fillWidth: true
                text: qsTr("Needs you")
                font.pixelSize: 15
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            ActionButton {
                id: clear
                quiet: true
                text: qsTr("Clear what is solved")
                onClicked: root.notifications.clear()
            }
        }
        Hairline {
            y: header.height - 1
            width: parent.width
        }
        Words {
            visible: list.count === 0
            anchors.fill: list
            anchors.margins: Theme.space5
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: qsTr("Nothing needs you. Crash loops, updates that do not get on, images that cannot be fetched and nodes that are down are told here.")
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        ListView {
            id: list
            objectName: "notificationList"
            anchors.top: header.bottom
            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: 1
            clip: true
            model: root.notifications
            boundsBehavior: Flickable.StopAtBounds
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Notifications")
            T.ScrollBar.vertical: ScrollThumb {}
            Keys.onReturnPressed: if (currentIndex >= 0)
                openRow(currentIndex)
            function openRow(row: int) {
                root.close();
                root.notifications.open(row);
            }
            delegate: Item {
                id: row
                required property int index
                required property string title
                required property string cause
                required property string nextStep
                required property string age
                required property string time
                required property bool unread
                required property bool solved
                required property string tone
                required property string cluster
                width: ListView.view ? ListView.view.width : 0
                implicitHeight: inner.implicitHeight + 2 * Theme.space3
                opacity: solved ? 0.65 : 1
                // Each row is a stop of Tab: Tab into the list itself would go to the child that had the focus last.
                activeFocusOnTab: true
                onActiveFocusChanged: if (activeFocus)
                    ListView.view.currentIndex = index
                ListView.onIsCurrentItemChanged: if (ListView.isCurrentItem && ListView.view.activeFocus && !activeFocus)
                    forceActiveFocus(Qt.TabFocusReason)
                Accessible.role: Accessible.ListItem
                Accessible.focusable: true
                Accessible.name: qsTr("%1, %2").arg(title).arg(solved ? qsTr("solved") : cause)
                Accessible.description: nextStep
                Rectangle {
                    anchors.fill: parent
                    color: row.unread ? Theme.toneGround(row.tone) : "transparent"
                    border.width: row.activeFocus ? 2 : 0
                    border.color: Theme.accent
                }
                RowLayout {
                    id: inner
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    anchors.leftMargin: Theme.space4
                    anchors.rightMargin: Theme.space3
                    spacing: Theme.space3
                    Dot {
                        Layout.alignment: Qt.AlignTop
                        Layout.topMargin: 6
                        tone: row.tone
                    }
                    ColumnLayout {
                        spacing: 3
                        RowLayout {
                            Words {
                                Layout.fillWidth: true
                                text: row.title
                                font.weight: row.unread ? Font.DemiBold : Font.Medium
                            }
                            Words {
                                text: row.solved ? qsTr("solved") : row.age
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
                            Layout.fillWidth: true
                            text: row.cause
                            wrapMode: Text.Wrap
                            maximumLineCount: 3
                            elide: Text.ElideRight
                        }
                        Words {
                            Layout.fillWidth: true
                            visible: !row.solved
                            text: row.nextStep
                            color: Theme.muted
                            wrapMode: Text.Wrap
                            maximumLineCount: 3
                            elide: Text.ElideRight
                        }
                        RowLayout {
                            spacing: Theme.space1
                            Words {
                                Layout.fillWidth: true
                                text: row.cluster
                                color: Theme.muted
                                font.pixelSize: Theme.smallSize
                            }
                            CopyButton {
                                text: qsTr("Copy details")
                                onCopyRequested: root.desk.current.copy(root.notifications.details(row.index)) // qmllint disable unqualified
                            }
                            ActionButton {
                                implicitHeight: 28
                                text: qsTr("Show")
                                Accessible.name: qsTr("Show: %1").arg(row.title)
                                onClicked: list.openRow(row.index) // qmllint disable unqualified
                            }
                        }
                    }
                }
                Hairline {
                    anchors.bottom: parent.bottom
                    width: parent.width
                }
            }
        }
    }
}
