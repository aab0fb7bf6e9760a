// Gossip messages as they pass. Scrolling up pauses; scrolling back to the end follows again.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property NetworkViews network: session.network
    readonly property GossipLog log: network.gossip
    property bool told: false // that it is looked at
    signal openRequested

    function focusList() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }
    function tell() {
        if (visible !== told) {
            told = visible;
            network.setShown(told);
        }
    }
    onVisibleChanged: tell()
    Component.onCompleted: tell()

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space6
        anchors.topMargin: Theme.space5
        spacing: Theme.space3

        ColumnLayout {
            spacing: 2
            Words {
                text: qsTr("Gossip Log")
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                objectName: "gossipCounts"
                Layout.fillWidth: true
                color: Theme.muted
                text: root.log.seen === 0 ? qsTr("Nothing has passed since this was opened") : qsTr("%1 · %2 passed, the newest %3 are kept").arg(root.log.rateText).arg(root.log.seen.toLocaleString(Qt.locale(), "f", 0)).arg(root.log.kept.toLocaleString(Qt.locale(), "f", 0))
            }
        }
        RowLayout {
            visible: root.log.seen > 0
            spacing: Theme.space1
            SearchField {
                objectName: "gossipSearch"
                Layout.fillWidth: true
                Layout.minimumWidth: 110
                Layout.maximumWidth: 220
                Layout.rightMargin: Theme.space2
                placeholderText: qsTr("Topic, peer, content")
                Accessible.name: qsTr("Search messages")
                onTextChanged: root.log.text = text
                onDownPressed: root.focusList()
            }
            Chip {
                text: qsTr("All")
                checked: !root.log.refusedOnly
                onClicked: root.log.refusedOnly = false
            }
            Chip {
                objectName: "refusedOnly"
                text: qsTr("Refused")
                checked: root.log.refusedOnly
                onClicked: root.log.refusedOnly = true
            }
            Chip {
                visible: root.log.peer.length > 0
                Accessible.role: Accessible.Button
                Accessible.name: qsTr("Show messages of all peers again")
                checked: true
                text: qsTr("Of one peer ✕")
                onClicked: root.log.peer = ""
            }
            Item {
                Layout.fillWidth: true
                Layout.preferredWidth: 0
            }
            ActionButton {
                objectName: "gossipPause"
                implicitHeight: 28
                iconName: root.log.paused ? "play" : "pause"
                text: root.log.paused ? qsTr("Follow") : qsTr("Pause")
                onClicked: {
                    root.log.paused = !root.log.paused;
                    if (!root.log.paused)
                        list.toEnd();
                }
            }
            IconButton {
                iconName: "trash"
                text: qsTr("Empty the log")
                onClicked: root.log.clear()
            }
        }
        Flow {
            visible: root.log.topics.length > 0
            Layout.fillWidth: true
            Layout.maximumHeight: 64
            clip: implicitHeight > 64
            spacing: 6
            Repeater {
                model: root.log.topics
                delegate: TopicChip {
                    required property var modelData
                    objectName: "topic-" + modelData.topic
                    enabled: modelData.filterable
                    text: modelData.filterable ? modelData.topic : qsTr("other topics")
                    rate: modelData.rateText
                    series: Theme.seriesColor(modelData.series)
                    chosen: root.log.topic === modelData.topic // qmllint disable unqualified
                    onClicked: root.log.topic = chosen ? "" : modelData.topic // qmllint disable unqualified
                }
            }
        }
        Rectangle {
            visible: root.log.seen > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            radius: Theme.cardRadius
            color: Theme.surface
            border.width: list.activeFocus && list.currentIndex < 0 ? 2 : 1
            border.color: list.activeFocus && list.currentIndex < 0 ? Theme.accent : Theme.line
            ListView {
                id: list
                objectName: "gossipList"
                anchors.fill: parent
                anchors.margins: 1
                anchors.topMargin: Theme.space2
                anchors.bottomMargin: Theme.space2
                clip: true
                focus: true
                model: root.log
                currentIndex: -1
                boundsBehavior: Flickable.StopAtBounds
                activeFocusOnTab: true
                keyNavigationEnabled: false
                highlightMoveDuration: 0
                reuseItems: true
                opacity: root.session.connection.stale ? 0.6 : 1
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Messages")
                T.ScrollBar.vertical: ScrollThumb {
                    onPressedChanged: if (!pressed)
                        list.userScrolled()
                }
                // After the new lines have their places.
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
                function goTo(row: int) {
                    if (count === 0)
                        return;
                    root.log.paused = true;
                    currentIndex = Math.max(0, Math.min(count - 1, row));
                    positionViewAtIndex(currentIndex, ListView.Contain);
                    if (root.session.selectedMessageId.length > 0)
                        root.session.selectMessage(root.log.idAt(currentIndex));
                }
                onMovementStarted: root.log.paused = true
                onMovementEnded: userScrolled()
                onCountChanged: if (!root.log.paused)
                    toEnd()
                onHeightChanged: if (!root.log.paused)
                    toEnd()
                Connections {
                    target: root.log
                    function onRowsInserted() {
                        if (!root.log.paused)
                            list.toEnd();
                    }
                }
                Keys.onPressed: event => {
                    const page = Math.max(1, Math.floor(height / 28) - 1);
                    const here = currentIndex >= 0 ? currentIndex : count;
                    switch (event.key) {
                    case Qt.Key_Up:
                        goTo(here - 1);
                        break;
                    case Qt.Key_Down:
                        goTo(here + 1);
                        break;
                    case Qt.Key_PageUp:
                        goTo(here - page);
                        break;
                    case Qt.Key_PageDown:
                        goTo(here + page);
                        break;
                    case Qt.Key_Home:
                        goTo(0);
                        break;
                    case Qt.Key_End:
                        currentIndex = -1;
                        root.log.paused = false;
                        toEnd();
                        break;
                    case Qt.Key_Space:
                        root.log.paused = !root.log.paused;
                        if (!root.log.paused)
                            toEnd();
                        break;
                    case Qt.Key_Return:
                    case Qt.Key_Enter:
                        root.session.selectMessage(root.log.idAt(currentIndex));
                        break;
                    default:
                        return;
                    }
                    event.accepted = true;
                }
                delegate: GossipLine {
                    id: line
                    width: ListView.view ? ListView.view.width : 0
                    chosen: root.session.selectedMessageId === model.messageKey // qmllint disable unqualified
                    current: ListView.isCurrentItem && list.activeFocus // qmllint disable unqualified
                    onClicked: {
                        list.forceActiveFocus(Qt.MouseFocusReason); // qmllint disable unqualified
                        root.log.paused = true; // qmllint disable unqualified
                        list.currentIndex = index; // qmllint disable unqualified
                        root.session.selectMessage(model.messageKey); // qmllint disable unqualified
                    }
                }
            }
            Words {
                anchors.centerIn: parent
                visible: list.count === 0
                color: Theme.muted
                text: qsTr("No message is like this")
            }
            ActionButton {
                objectName: "gossipToEnd"
                visible: root.log.paused
                anchors.horizontalCenter: parent.horizontalCenter
                anchors.bottom: parent.bottom
                anchors.bottomMargin: Theme.space3
                text: root.log.waiting === 0 ? qsTr("To the end") : root.log.waiting === 1 ? qsTr("1 new message") : qsTr("%n new messages", "", root.log.waiting)
                onClicked: {
                    list.currentIndex = -1;
                    root.log.paused = false;
                    list.toEnd();
                }
            }
        }
        EmptyState {
            objectName: "noGossip"
            visible: root.log.seen === 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            iconName: "gossip"
            title: qsTr("Listening")
            text: root.network.peers.connected > 0 ? qsTr("Messages that pass this node appear here as they come. What passed before is not kept.") : qsTr("Nodes tell each other news by gossip. This one has nobody to talk to yet: connect a node, then its messages appear here.")
            command: root.network.peers.connected > 0 ? "" : root.network.connectLine
            onCopyRequested: text => root.session.copy(text)
        }
    }
}
