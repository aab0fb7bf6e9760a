// Who is connected to whom, as a graph or as a table.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property NetworkViews network: session.network
    readonly property PeerListModel peers: network.peers
    readonly property PeerFilter rows: network.rows
    readonly property PeerGraph picture: network.graph
    readonly property bool any: peers.complete && peers.total > 0
    property string form: "graph"
    property bool told: false // that it is looked at
    signal openRequested

    function figure(value: int): string {
        return value.toLocaleString(Qt.locale(), "f", 0);
    }
    function focusList() {
        if (form === "table")
            table.focusList();
        else
            graph.forceActiveFocus(Qt.ShortcutFocusReason);
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
        id: head
        x: Theme.space6
        y: Theme.space5
        width: parent.width - 2 * Theme.space6
        spacing: Theme.space3
        ColumnLayout {
            spacing: 2
            Words {
                text: qsTr("Peer Graph")
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                objectName: "peerCounts"
                Layout.fillWidth: true
                color: Theme.muted
                text: !root.peers.complete ? root.session.connection.word : !root.any ? qsTr("No other node is connected") : qsTr("%1 peers · %2 connected here · %3 connections · every line is one that somebody reported").arg(root.figure(root.peers.total)).arg(root.figure(root.peers.connected)).arg(root.figure(root.peers.links))
            }
        }
        RowLayout {
            visible: root.any
            spacing: Theme.space1
            SearchField {
                objectName: "peerSearch"
                implicitWidth: 200
                Layout.fillWidth: true
                Layout.minimumWidth: 110
                Layout.maximumWidth: 220
                Layout.rightMargin: Theme.space2
                placeholderText: qsTr("Name, id, program")
                Accessible.name: qsTr("Search peers")
                onTextChanged: root.rows.text = text
                onDownPressed: root.focusList()
            }
            Chip {
                text: qsTr("All %1").arg(root.figure(root.peers.total))
                checked: root.rows.show === PeerFilter.All
                onClicked: root.rows.show = PeerFilter.All
            }
            Chip {
                text: qsTr("Connected %1").arg(root.figure(root.peers.connected))
                checked: root.rows.show === PeerFilter.Connected
                onClicked: root.rows.show = PeerFilter.Connected
            }
            Chip {
                text: qsTr("Relayed %1").arg(root.peers.relayed)
                checked: root.rows.show === PeerFilter.Relayed
                onClicked: root.rows.show = PeerFilter.Relayed
            }
            Chip {
                text: qsTr("Elsewhere %1").arg(root.figure(root.peers.total - root.peers.connected))
                checked: root.rows.show === PeerFilter.Elsewhere
                onClicked: root.rows.show = PeerFilter.Elsewhere
            }
            Selector {
                id: transport
                visible: root.peers.transports.length > 1
                implicitWidth: 146
                Layout.leftMargin: Theme.space1
                Accessible.name: qsTr("Transport")
                model: {
                    const words = [qsTr("Any transport")];
                    for (const name of root.peers.transports)
                        words.push(name);
                    return words;
                }
                onActivated: index => root.rows.transport = index > 0 ? root.peers.transports[index - 1] : ""
                onModelChanged: currentIndex = Math.max(0, model.indexOf(root.rows.transport))
            }
            Item {
                Layout.fillWidth: true
                Layout.preferredWidth: 0
            }
            ColumnsButton {
                visible: root.form === "table"
                table: table
            }
            Segmented {
                objectName: "peerForm"
                accessibleName: qsTr("Shown as")
                current: root.form
                model: [
                    {
                        "id": "graph",
                        "title": qsTr("Graph")
                    },
                    {
                        "id": "table",
                        "title": qsTr("Table")
                    }
                ]
                onChosen: id => root.form = id
            }
        }
    }
    PeerGraphItem {
        id: graph
        objectName: "peerGraph"
        anchors.fill: parent
        anchors.topMargin: head.y + head.height + Theme.space2
        visible: root.any && root.form === "graph"
        focus: root.form === "graph"
        activeFocusOnTab: true
        graph: root.picture
        margin: 56
        calm: Theme.reducedMotion
        groundColor: Theme.background
        textColor: Theme.text
        mutedColor: Theme.muted
        lineColor: Theme.line
        directColor: Theme.accent
        relayedColor: Theme.amber
        focusColor: Theme.accent
        fontFamily: Theme.family
        opacity: root.session.connection.stale ? 0.5 : 1
        Accessible.role: Accessible.List // of peers: the arrows go from one to the next
        Accessible.name: qsTr("Peer graph")
        Accessible.description: root.picture.spoken
        Accessible.focusable: true
        onActivated: id => root.session.selectPeer(id)

        FocusRing {
            anchors.margins: 3
            visible: graph.activeFocus && root.picture.current.length === 0
        }
        Connections {
            target: root.session
            function onPeerSelectionChanged() {
                graph.reveal(root.session.selectedPeerId);
            }
        }
        GraphLegend {
            visible: parent.width > implicitWidth + controls.width + 64 && parent.height > 200
            anchors.left: parent.left
            anchors.bottom: parent.bottom
            anchors.margins: Theme.space4
            relayed: root.peers.relayed > 0
        }
        Rectangle {
            id: controls
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.margins: Theme.space4
            width: tools.implicitWidth + 6
            height: 34
            radius: Theme.radius
            color: Theme.surface
            border.color: Theme.line
            Row {
                id: tools
                x: 3
                y: 3
                IconButton {
                    visible: root.picture.pinnedCount > 0
                    iconName: "pin"
                    text: qsTr("Let go of the pinned peers")
                    onClicked: root.picture.unpinAll()
                }
                IconButton {
                    objectName: "zoomOut"
                    iconName: "minus"
                    text: qsTr("Smaller")
                    tip: qsTr("Smaller (-)")
                    onClicked: graph.zoomBy(0.8)
                }
                IconButton {
                    objectName: "zoomIn"
                    iconName: "plus"
                    text: qsTr("Larger")
                    tip: qsTr("Larger (+)")
                    onClicked: graph.zoomBy(1.25)
                }
                IconButton {
                    objectName: "zoomFit"
                    iconName: "fit"
                    text: qsTr("Show all")
                    tip: qsTr("Show all (0)")
                    checkedLook: graph.fitted
                    onClicked: graph.fit()
                }
            }
        }
    }
    PeersTable {
        id: table
        objectName: "peerTable"
        visible: root.any && root.form === "table"
        focus: root.form === "table"
        anchors.top: head.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.topMargin: Theme.space3
        anchors.leftMargin: Theme.space6
        anchors.rightMargin: Theme.space6
        height: Math.min(fullHeight, parent.height - y - Theme.space6)
        session: root.session
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.topMargin: head.y + head.height
        anchors.bottomMargin: Theme.space6
        visible: root.peers.complete && root.peers.total === 0
        spacing: 0
        Item {
            Layout.fillHeight: true
        }
        EmptyState {
            objectName: "noPeers"
            Layout.fillWidth: true
            iconName: "graph"
            title: qsTr("This node stands alone")
            text: root.network.connectLine.length === 0 ? (root.network.problem.present ? root.network.problem.text : qsTr("Start a node elsewhere and name this one's address. Its connections appear here.")) : root.network.onlyLocal ? qsTr("Start another node on this computer with the line below. To be reached from elsewhere, this one must listen on an address of the network.") : qsTr("Start a node on another machine with the line below. It and whom it knows appear here.")
            command: root.network.connectLine
            onCopyRequested: text => root.session.copy(text)
        }
        Item {
            Layout.fillHeight: true
        }
    }
    LoadingState {
        visible: !root.peers.complete
        anchors.fill: parent
        anchors.margins: Theme.space6
        anchors.topMargin: head.y + head.height + Theme.space4
        text: root.session.connection.word
    }
}
