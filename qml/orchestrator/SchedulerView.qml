// What the scheduler decided: where instances went, and which found no place.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property DecisionListModel decisions: session.decisions
    readonly property DecisionFilter rows: session.decisionRows
    readonly property bool empty: decisions.complete && decisions.total === 0
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
                text: qsTr("Scheduler")
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                objectName: "decisionCounts"
                Layout.fillWidth: true
                color: Theme.muted
                text: !root.decisions.complete ? root.session.connection.word : root.empty ? qsTr("Nothing was placed yet") : root.decisions.more ? qsTr("the newest %1 decisions · %2 found no node").arg(root.decisions.total).arg(root.decisions.refused) : qsTr("%1 decisions · %2 found no node").arg(root.decisions.total).arg(root.decisions.refused)
            }
        }
        RowLayout {
            visible: table.visible
            spacing: Theme.space1
            SearchField {
                objectName: "decisionSearch"
                implicitWidth: 220
                Layout.rightMargin: Theme.space2
                placeholderText: qsTr("Workload, instance, node, reason")
                Accessible.name: qsTr("Search decisions")
                onTextChanged: root.rows.text = text
                onDownPressed: table.focusList()
            }
            Chip {
                text: qsTr("All %1").arg(root.decisions.total)
                checked: !root.rows.refusedOnly
                onClicked: root.rows.refusedOnly = false
            }
            Chip {
                objectName: "refusedChip"
                text: qsTr("Refused %1").arg(root.decisions.refused)
                checked: root.rows.refusedOnly
                onClicked: root.rows.refusedOnly = true
            }
            ActionButton {
                visible: root.rows.workloadId.length > 0
                implicitHeight: 28
                quiet: true
                text: qsTr("Only one workload ✕")
                tip: qsTr("Show the decisions of all workloads")
                onClicked: root.rows.workloadId = ""
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
            objectName: "decisionTable"
            visible: root.decisions.complete && !root.empty
            focus: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: fullHeight
            tableId: "decisions"
            idRole: "decisionId"
            descriptionRole: "summary"
            rows: root.rows
            currentId: root.session.selectedDecisionId
            stale: root.session.connection.stale
            accessibleName: qsTr("Decisions")
            emptyText: root.rows.refusedOnly ? qsTr("Every placement on record found a node") : qsTr("No decision on record is of this kind")
            onActivated: id => root.session.selectDecision(id)
            columns: [
                TableColumn {
                    key: "age"
                    title: qsTr("When")
                    width: 84
                },
                TableColumn {
                    key: "workload"
                    title: qsTr("Workload")
                    width: 140
                    minimumWidth: 100
                    strong: true
                    hideable: false
                },
                TableColumn {
                    key: "outcome"
                    title: qsTr("Outcome")
                    width: 110
                    cell: TableCell {
                        id: outcome
                        StatusChip {
                            anchors.verticalCenter: parent.verticalCenter
                            tone: outcome.row?.tone ?? ""
                            word: outcome.row?.outcome ?? ""
                        }
                    }
                },
                TableColumn {
                    key: "node"
                    title: qsTr("Node")
                    width: 120
                },
                TableColumn {
                    key: "fit"
                    title: qsTr("Fit")
                    width: 84
                    mono: true
                },
                TableColumn {
                    key: "summary"
                    title: qsTr("Why")
                    width: 240
                    minimumWidth: 120
                    fill: true
                    sortable: false
                },
                TableColumn {
                    key: "instance"
                    title: qsTr("Instance")
                    width: 150
                    mono: true
                },
                TableColumn {
                    key: "strategy"
                    title: qsTr("Strategy")
                    width: 90
                },
                TableColumn {
                    key: "trigger"
                    title: qsTr("Because of")
                    width: 100
                },
                TableColumn {
                    key: "time"
                    title: qsTr("Exact time")
                    width: 200
                    mono: true
                    shownByDefault: false
                }
            ]
        }
        RowLayout {
            visible: table.visible && (root.decisions.more || root.decisions.problem.present)
            spacing: Theme.space3
            ActionButton {
                objectName: "olderDecisions"
                text: root.decisions.loading ? qsTr("Loading older ones") : root.decisions.problem.present ? qsTr("Try again") : qsTr("Load older ones")
                enabled: !root.decisions.loading && root.session.connection.connected
                onClicked: root.decisions.more ? root.decisions.loadMore() : root.decisions.refresh()
            }
            Words {
                Layout.fillWidth: true
                text: root.decisions.problem.present ? root.decisions.problem.what + ": " + root.decisions.problem.why : ""
                color: Theme.amber
            }
        }
        EmptyState {
            visible: root.empty
            Layout.fillWidth: true
            Layout.fillHeight: true
            iconName: "scheduler"
            title: qsTr("Nothing was placed yet")
            text: qsTr("Each placement appears here with every node's reason: which fitted and how well, which refused and with what numbers.")
            command: "univrs decisions"
            onCopyRequested: text => root.session.copy(text)
        }
        ErrorState {
            visible: !root.decisions.complete && root.decisions.problem.present
            Layout.fillWidth: true
            Layout.fillHeight: true
            problem: root.decisions.problem
            retryable: root.session.connection.connected
            onRetryRequested: root.decisions.refresh()
            onCopyRequested: text => root.session.copy(text)
        }
        LoadingState {
            visible: !root.decisions.complete && !root.decisions.problem.present
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
