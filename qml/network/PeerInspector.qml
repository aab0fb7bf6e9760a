// The selected peer: how this node reaches it, what it is, whom it knows; and a ping.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property PeerDetails peer: session.network.details
    visible: session.selectedPeerId.length > 0
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Details of %1").arg(peer.name)

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
        Hairline {
            height: parent.height
            width: 1
        }
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space5
        anchors.bottomMargin: Theme.space4
        spacing: Theme.space3
        opacity: root.session.connection.stale ? 0.6 : 1

        ColumnLayout {
            spacing: 6
            RowLayout {
                spacing: Theme.space3
                Words {
                    objectName: "peerName"
                    text: root.peer.name
                    font.pixelSize: 17
                    font.weight: Font.Bold
                    elide: Text.ElideMiddle
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                StatusChip {
                    tone: root.peer.tone
                    word: root.peer.stateWord
                }
                Item {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close")
                    tip: qsTr("Close (Esc)")
                    onClicked: root.session.selectPeer("")
                }
            }
            RowLayout {
                spacing: 0
                Mono {
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    text: root.peer.id
                    color: Theme.muted
                    elide: Text.ElideMiddle
                }
                CopyButton {
                    text: qsTr("Copy the id")
                    onCopyRequested: root.session.copy(root.peer.id)
                }
            }
        }
        RowLayout {
            visible: !root.peer.own
            spacing: Theme.space2
            ActionButton {
                objectName: "pingButton"
                text: root.peer.pinging ? qsTr("Pinging") : qsTr("Ping")
                enabled: root.session.connection.connected && !root.peer.pinging
                onClicked: root.peer.ping()
            }
            CommandLine {
                Layout.fillWidth: true
                Layout.maximumWidth: implicitWidth
                command: root.peer.pingLine
                onCopyRequested: root.session.copy(root.peer.pingLine)
            }
        }
        CommandLine {
            visible: root.peer.own && root.session.network.connectLine.length > 0
            Layout.fillWidth: true
            command: root.session.network.connectLine
            onCopyRequested: root.session.copy(root.session.network.connectLine)
        }
        Words {
            objectName: "pingResult"
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.peer.pingText
            color: root.peer.pingFailed ? Theme.red : Theme.muted
            wrapMode: Text.Wrap
            maximumLineCount: 4
            elide: Text.ElideRight
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        Tabs {
            id: tabs
            Layout.fillWidth: true
            accessibleName: qsTr("Parts of the peer")
            current: "about"
            model: [
                {
                    "id": "about",
                    "title": qsTr("Peer")
                },
                {
                    "id": "neighbours",
                    "title": qsTr("Connected to"),
                    "count": root.peer.neighbours.length
                },
                {
                    "id": "protocols",
                    "title": qsTr("Protocols"),
                    "count": root.peer.protocols.length
                }
            ]
        }
        Flickable {
            id: about
            visible: tabs.current === "about"
            Layout.fillWidth: true
            Layout.fillHeight: true
            contentWidth: width
            contentHeight: aboutColumn.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            activeFocusOnTab: contentHeight > height
            Accessible.role: Accessible.Pane
            Accessible.name: qsTr("Peer")
            T.ScrollBar.vertical: ScrollThumb {}
            Keys.onDownPressed: contentY = Math.min(contentY + 60, Math.max(0, contentHeight - height))
            Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
            ColumnLayout {
                id: aboutColumn
                width: about.width - 10
                spacing: Theme.space4
                GridLayout {
                    Layout.fillWidth: true
                    columns: 2
                    columnSpacing: Theme.space4
                    rowSpacing: 6
                    Repeater {
                        model: root.peer.facts
                        delegate: Words {
                            required property var modelData
                            required property int index
                            Layout.row: index
                            Layout.column: 0
                            text: modelData.name
                            color: Theme.muted
                            Accessible.ignored: true
                        }
                    }
                    Repeater {
                        model: root.peer.facts
                        delegate: Words {
                            required property var modelData
                            required property int index
                            Layout.row: index
                            Layout.column: 1
                            Layout.fillWidth: true
                            text: modelData.value
                            elide: Text.ElideMiddle
                            Accessible.role: Accessible.StaticText
                            Accessible.name: modelData.name + ": " + modelData.value
                        }
                    }
                }
                Words {
                    visible: root.peer.connections.length > 0
                    text: qsTr("Connections")
                    font.weight: Font.DemiBold
                }
                Repeater {
                    model: root.peer.connections
                    delegate: ColumnLayout {
                        id: connection
                        required property var modelData
                        Layout.fillWidth: true
                        spacing: 2
                        RowLayout {
                            spacing: Theme.space2
                            Dot {
                                tone: connection.modelData.tone
                            }
                            Words {
                                text: connection.modelData.how
                                Layout.fillWidth: true
                            }
                            Words {
                                text: connection.modelData.age
                                color: Theme.muted
                                font.pixelSize: Theme.smallSize
                            }
                        }
                        RowLayout {
                            spacing: 0
                            Mono {
                                Layout.fillWidth: true
                                Layout.maximumWidth: implicitWidth + 1
                                Layout.leftMargin: 15
                                text: connection.modelData.address
                                color: Theme.muted
                                elide: Text.ElideMiddle
                            }
                            CopyButton {
                                text: qsTr("Copy the address")
                                onCopyRequested: root.session.copy(connection.modelData.address) // qmllint disable unqualified
                            }
                        }
                        Words {
                            Layout.fillWidth: true
                            Layout.leftMargin: 15
                            text: connection.modelData.words
                            color: Theme.muted
                            font.pixelSize: Theme.smallSize
                        }
                    }
                }
                Words {
                    visible: root.peer.addresses.length > 0
                    text: root.peer.own ? qsTr("Addresses of this node") : qsTr("Addresses it may be reached at")
                    font.weight: Font.DemiBold
                }
                Repeater {
                    model: root.peer.addresses
                    delegate: RowLayout {
                        id: address
                        required property string modelData
                        Layout.fillWidth: true
                        Layout.topMargin: -12
                        spacing: 0
                        Mono {
                            Layout.fillWidth: true
                            Layout.maximumWidth: implicitWidth + 1
                            text: address.modelData
                            color: Theme.muted
                            elide: Text.ElideMiddle
                        }
                        CopyButton {
                            text: qsTr("Copy the address")
                            onCopyRequested: root.session.copy(address.modelData) // qmllint disable unqualified
                        }
                    }
                }
                TagFlow {
                    Layout.fillWidth: true
                    title: qsTr("Gossip topics")
                    tags: root.peer.topics
                    visible: tags.length > 0
                }
            }
        }
        ListView {
            id: neighbours
            objectName: "peerNeighbours"
            visible: tabs.current === "neighbours" && count > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: root.peer.neighbours
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            reuseItems: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Connected to")
            T.ScrollBar.vertical: ScrollThumb {}
            delegate: HappeningLine {
                required property var modelData
                width: ListView.view ? ListView.view.width - 10 : 0
                tone: modelData.tone
                subject: modelData.name
                words: modelData.words
                time: modelData.id
                onClicked: root.session.selectPeer(modelData.id) // qmllint disable unqualified
            }
        }
        Words {
            visible: tabs.current === "neighbours" && neighbours.count === 0
            text: qsTr("Nobody reported a connection of it")
            color: Theme.muted
        }
        ListView {
            id: protocols
            visible: tabs.current === "protocols" && count > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: root.peer.protocols
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Protocols")
            T.ScrollBar.vertical: ScrollThumb {}
            delegate: Mono {
                required property string modelData
                width: ListView.view ? ListView.view.width - 10 : 0
                height: 24
                verticalAlignment: Text.AlignVCenter
                text: modelData
                color: Theme.muted
                elide: Text.ElideMiddle
                Accessible.role: Accessible.ListItem
                Accessible.name: modelData
            }
        }
        Words {
            visible: tabs.current === "protocols" && protocols.count === 0
            text: qsTr("It has not told its protocols")
            color: Theme.muted
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
