// The cluster's machines: state, place, what is reserved.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property NodeListModel nodes: session.nodes
    readonly property NodeFilter rows: session.nodeRows
    signal openRequested
    function focusList() {
        table.focusList();
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space6
        anchors.topMargin: Theme.space5
        spacing: Theme.space3

        ColumnLayout {
            spacing: 2
            Words {
                text: qsTr("Nodes")
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                objectName: "nodeCounts"
                Layout.fillWidth: true
                color: Theme.muted
                text: !root.nodes.complete ? root.session.connection.word : qsTr("%1 in the cluster · %2 ready · %3 cordoned · %4 not ready").arg(root.nodes.total).arg(root.nodes.ready).arg(root.nodes.cordoned).arg(root.nodes.notReady)
            }
        }
        RowLayout {
            visible: root.nodes.complete && root.nodes.total > 0
            spacing: Theme.space1
            SearchField {
                objectName: "nodeSearch"
                implicitWidth: 220
                Layout.rightMargin: Theme.space2
                placeholderText: qsTr("Name, label, runtime")
                Accessible.name: qsTr("Search nodes")
                onTextChanged: root.rows.text = text
                onDownPressed: table.focusList()
            }
            Chip {
                text: qsTr("All %1").arg(root.nodes.total)
                checked: root.rows.show === NodeFilter.All
                onClicked: root.rows.show = NodeFilter.All
            }
            Chip {
                text: qsTr("Ready %1").arg(root.nodes.ready)
                checked: root.rows.show === NodeFilter.Ready
                onClicked: root.rows.show = NodeFilter.Ready
            }
            Chip {
                text: qsTr("Cordoned %1").arg(root.nodes.cordoned)
                checked: root.rows.show === NodeFilter.Cordoned
                onClicked: root.rows.show = NodeFilter.Cordoned
            }
            Chip {
                text: qsTr("Needs you %1").arg(root.nodes.notReady)
                checked: root.rows.show === NodeFilter.NeedsYou
                onClicked: root.rows.show = NodeFilter.NeedsYou
            }
            Item {
                Layout.fillWidth: true
            }
            ColumnsButton {
                table: table
            }
        }
        DataTable {
            id: table
            objectName: "nodeTable"
            visible: root.nodes.complete && root.nodes.total > 0
            focus: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: fullHeight
            tableId: "nodes"
            idRole: "nodeId"
            descriptionRole: "reason"
            rows: root.rows
            currentId: root.session.selectedNodeId
            stale: root.session.connection.stale
            accessibleName: qsTr("Nodes")
            emptyText: qsTr("No node is in this state")
            onActivated: id => root.session.selectNode(id)
            columns: [
                TableColumn {
                    key: "name"
                    title: qsTr("Name")
                    width: 150
                    minimumWidth: 110
                    fill: true
                    strong: true
                    hideable: false
                },
                TableColumn {
                    key: "stateWord"
                    title: qsTr("State")
                    width: 118
                    cell: TableCell {
                        id: state
                        StatusChip {
                            anchors.verticalCenter: parent.verticalCenter
                            tone: state.row?.tone ?? ""
                            word: state.row?.stateWord ?? ""
                        }
                    }
                },
                TableColumn {
                    key: "cpu"
                    title: qsTr("CPU reserved")
                    width: 150
                    cell: ShareCell {
                        parts: row ? row.cpuParts : []
                        limit: row ? row.cpuLimit : 0
                        words: row ? row.cpu : ""
                    }
                },
                TableColumn {
                    key: "memory"
                    title: qsTr("Memory reserved")
                    width: 170
                    cell: ShareCell {
                        parts: row ? row.memoryParts : []
                        limit: row ? row.memoryLimit : 0
                        words: row ? row.memory : ""
                    }
                },
                TableColumn {
                    key: "instances"
                    title: qsTr("Instances")
                    width: 84
                    mono: true
                    rightAligned: true
                },
                TableColumn {
                    key: "runtime"
                    title: qsTr("Runtime")
                    width: 130
                },
                TableColumn {
                    key: "up"
                    title: qsTr("Up")
                    width: 70
                    rightAligned: true
                },
                TableColumn {
                    key: "region"
                    title: qsTr("Region")
                    width: 110
                },
                TableColumn {
                    key: "arch"
                    title: qsTr("Arch")
                    width: 76
                },
                TableColumn {
                    key: "version"
                    title: qsTr("Univrs")
                    width: 76
                    mono: true
                },
                TableColumn {
                    key: "roles"
                    title: qsTr("Roles")
                    width: 130
                },
                TableColumn {
                    key: "zone"
                    title: qsTr("Zone")
                    width: 100
                    shownByDefault: false
                },
                TableColumn {
                    key: "cloud"
                    title: qsTr("Cloud")
                    width: 100
                    shownByDefault: false
                },
                TableColumn {
                    key: "address"
                    title: qsTr("Address")
                    width: 190
                    mono: true
                    shownByDefault: false
                },
                TableColumn {
                    key: "labels"
                    title: qsTr("Labels")
                    width: 240
                    shownByDefault: false
                    sortable: false
                },
                TableColumn {
                    key: "nodeId"
                    title: qsTr("Id")
                    width: 160
                    mono: true
                    shownByDefault: false
                }
            ]
        }
        EmptyState {
            visible: root.nodes.complete && root.nodes.total === 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            iconName: "nodes"
            title: qsTr("No node has reported yet")
            text: qsTr("A node appears here as soon as it runs Univrs and reaches this cluster.")
            command: "univrs up"
            onCopyRequested: text => root.session.copy(text)
        }
        LoadingState {
            visible: !root.nodes.complete
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: root.session.connection.word
        }
        Item {
            visible: table.visible
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
