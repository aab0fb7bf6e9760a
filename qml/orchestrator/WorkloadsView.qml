// The list of workloads: how they are, what they use, what can be done with one or several.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property WorkloadListModel workloads: session.workloads
    readonly property WorkloadFilterModel rows: session.list
    readonly property bool empty: workloads.complete && workloads.total === 0
    signal openRequested
    onVisibleChanged: if (session) // none any more while the window ends
        session.setListShown(visible)
    Component.onCompleted: session.setListShown(visible)
    function focusList() {
        table.focusList();
    }

    WorkloadMenu {
        id: menu
        session: root.session
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space6
        anchors.topMargin: Theme.space5
        spacing: Theme.space3

        ColumnLayout {
            spacing: 2
            Words {
                text: qsTr("Workloads")
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                objectName: "countsText"
                Layout.fillWidth: true
                color: Theme.muted
                text: !root.workloads.complete ? root.session.connection.word : root.empty ? qsTr("Nothing is deployed yet") : qsTr("%1 desired · %2 healthy · %3 progressing · %4 degraded").arg(root.workloads.total).arg(root.workloads.healthy).arg(root.workloads.progressing).arg(root.workloads.degraded)
            }
        }
        RowLayout {
            visible: table.visible
            spacing: Theme.space1
            SearchField {
                objectName: "workloadSearch"
                implicitWidth: 220
                Layout.minimumWidth: 120
                Layout.fillWidth: true
                Layout.maximumWidth: 220
                Layout.rightMargin: Theme.space2
                placeholderText: qsTr("Name, label, image, node")
                Accessible.name: qsTr("Search workloads")
                onTextChanged: root.rows.text = text
                onDownPressed: table.focusList()
            }
            Chip {
                text: qsTr("All %1").arg(root.workloads.total)
                checked: root.rows.health === WorkloadListModel.AnyHealth
                onClicked: root.rows.health = WorkloadListModel.AnyHealth
            }
            Chip {
                text: qsTr("Healthy %1").arg(root.workloads.healthy)
                checked: root.rows.health === WorkloadListModel.HealthyOnly
                onClicked: root.rows.health = WorkloadListModel.HealthyOnly
            }
            Chip {
                text: qsTr("Needs you %1").arg(root.workloads.degraded)
                checked: root.rows.health === WorkloadListModel.NeedsAttention
                onClicked: root.rows.health = WorkloadListModel.NeedsAttention
            }
            Item {
                Layout.fillWidth: true
                Layout.preferredWidth: 0
            }
            Words {
                visible: root.rows.text.length > 0
                text: qsTr("%1 found").arg(root.rows.count)
                color: Theme.muted
            }
            ColumnsButton {
                table: table
            }
        }
        MarkedBar {
            visible: root.session.marked.count > 0
            Layout.fillWidth: true
            session: root.session
        }
        DataTable {
            id: table
            objectName: "workload"
            visible: !root.empty && root.workloads.complete
            focus: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            Layout.maximumHeight: fullHeight
            tableId: "workloads"
            idRole: "workloadId"
            descriptionRole: "reason"
            rows: root.rows
            marked: root.session.marked
            currentId: root.session.selectedId
            stale: root.session.connection.stale
            rowMenu: true
            held: menu.visible
            accessibleName: qsTr("Workloads")
            emptyText: qsTr("No workload is in this state")
            onActivated: id => root.session.select(id)
            onContextRequested: (id, x, y) => menu.openFor(id, table, Qt.point(x, y))
            columns: [
                TableColumn {
                    key: "name"
                    title: qsTr("Name")
                    width: 170
                    minimumWidth: 120
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
                    key: "readyText"
                    title: qsTr("Ready")
                    width: 68
                    mono: true
                },
                TableColumn {
                    key: "image"
                    title: qsTr("Image")
                    width: 220
                    minimumWidth: 120
                    fill: true
                    cell: ImageCell {}
                },
                TableColumn {
                    key: "nodes"
                    title: qsTr("On")
                    width: 112
                },
                TableColumn {
                    key: "cpu"
                    title: qsTr("CPU 1 h")
                    width: 96
                    sortable: false // known only of rows that were on screen
                    cell: TableCell {
                        id: cpu
                        Sparkline {
                            anchors.verticalCenter: parent.verticalCenter
                            width: Math.min(parent.width, 84)
                            height: 20
                            points: cpu.row?.cpu ?? []
                            tone: cpu.row?.tone ?? "idle"
                        }
                    }
                },
                TableColumn {
                    key: "memory"
                    title: qsTr("Memory")
                    width: 84
                    mono: true
                    rightAligned: true
                    sortable: false
                },
                TableColumn {
                    key: "restarts"
                    title: qsTr("Restarts")
                    width: 76
                    rightAligned: true
                    cell: TableCell {
                        id: restarts
                        Mono {
                            anchors.fill: parent
                            horizontalAlignment: Text.AlignRight
                            verticalAlignment: Text.AlignVCenter
                            text: restarts.row?.restarts ?? ""
                            color: restarts.row && restarts.row.restarts > 0 ? Theme.amber : Theme.muted
                            Accessible.ignored: true
                        }
                    }
                },
                TableColumn {
                    key: "age"
                    title: qsTr("Age")
                    width: 72
                    rightAligned: true
                },
                TableColumn {
                    key: "ports"
                    title: qsTr("Ports")
                    width: 130
                    mono: true
                    shownByDefault: false
                },
                TableColumn {
                    key: "labels"
                    title: qsTr("Labels")
                    width: 200
                    shownByDefault: false
                },
                TableColumn {
                    key: "owner"
                    title: qsTr("Owner")
                    width: 120
                    shownByDefault: false
                }
            ]
        }
        Rectangle {
            visible: table.visible && root.height - table.implicitHeight > 300
            Layout.fillWidth: true
            implicitHeight: 84
            radius: Theme.cardRadius
            color: "transparent"
            border.color: Theme.line
            RowLayout {
                anchors.centerIn: parent
                width: Math.min(parent.width - 32, implicitWidth)
                spacing: Theme.space3
                VectorIcon {
                    name: "drop"
                }
                ColumnLayout {
                    spacing: 0
                    Words {
                        Layout.fillWidth: true
                        text: qsTr("Drop a manifest, Compose file or Kubernetes YAML anywhere")
                    }
                    Words {
                        Layout.fillWidth: true
                        text: qsTr("You see what will run where, and why, before anything happens")
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                    }
                }
            }
        }
        LoadingState {
            visible: !root.workloads.complete
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: root.session.connection.word
        }
        FirstDeploy {
            visible: root.empty
            Layout.fillWidth: true
            Layout.fillHeight: true
            session: root.session
            onOpenRequested: root.openRequested()
        }
        Item {
            visible: table.visible
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
    }
}
