// The peers of the graph as a table: the same for keyboard and screen reader, and for figures.
import QtQuick
import Univrs

DataTable {
    id: root
    required property Session session
    tableId: "peers"
    idRole: "peerId"
    descriptionRole: "peerId"
    rows: session.network.rows
    currentId: session.selectedPeerId
    stale: session.connection.stale
    accessibleName: qsTr("Peers")
    emptyText: qsTr("No peer is like this")
    onActivated: id => session.selectPeer(id)
    columns: [
        TableColumn {
            key: "name"
            title: qsTr("Peer")
            width: 170
            minimumWidth: 110
            fill: true
            strong: true
            hideable: false
        },
        TableColumn {
            key: "stateWord"
            title: qsTr("State")
            width: 160
            cell: TableCell {
                id: state
                StatusChip {
                    anchors.verticalCenter: parent.verticalCenter
                    tone: state.row ? state.row.tone : ""
                    word: state.row ? state.row.stateWord : ""
                }
            }
        },
        TableColumn {
            key: "transport"
            title: qsTr("Transport")
            width: 96
        },
        TableColumn {
            key: "latency"
            title: qsTr("Latency")
            width: 84
            mono: true
            rightAligned: true
        },
        TableColumn {
            key: "rate"
            title: qsTr("Traffic")
            width: 96
            mono: true
            rightAligned: true
        },
        TableColumn {
            key: "received"
            title: qsTr("Received")
            width: 92
            mono: true
            rightAligned: true
        },
        TableColumn {
            key: "sent"
            title: qsTr("Sent")
            width: 92
            mono: true
            rightAligned: true
        },
        TableColumn {
            key: "neighbours"
            title: qsTr("Neighbours")
            width: 96
            mono: true
            rightAligned: true
        },
        TableColumn {
            key: "agent"
            title: qsTr("Program")
            width: 140
        },
        TableColumn {
            key: "seen"
            title: qsTr("Heard of")
            width: 82
            rightAligned: true
            shownByDefault: false
        },
        TableColumn {
            key: "path"
            title: qsTr("Path")
            width: 130
            shownByDefault: false
        },
        TableColumn {
            key: "connections"
            title: qsTr("Connections")
            width: 100
            mono: true
            rightAligned: true
            shownByDefault: false
        },
        TableColumn {
            key: "address"
            title: qsTr("Address")
            width: 240
            mono: true
            shownByDefault: false
        },
        TableColumn {
            key: "peerId"
            title: qsTr("Id")
            width: 170
            mono: true
            shownByDefault: false
        }
    ]
}
