// One decision, node by node: who was chosen, who fitted and how well, who refused and with what numbers.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property DecisionDetails decision: session.decisionDetails
    readonly property VerdictListModel verdicts: decision.verdicts
    readonly property VerdictFilter rows: decision.rows
    readonly property bool low: height < 620
    visible: session.selectedDecisionId.length > 0
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Decision on %1").arg(decision.workload)

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
                    objectName: "decisionTitle"
                    text: root.decision.known ? root.decision.instance.length > 0 ? root.decision.instance : root.decision.workload : qsTr("Decision")
                    font.pixelSize: 17
                    font.weight: Font.Bold
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                StatusChip {
                    visible: root.decision.known
                    tone: root.decision.tone
                    word: root.decision.outcome
                }
                Item {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close")
                    tip: qsTr("Close (Esc)")
                    onClicked: root.session.selectDecision("")
                }
            }
            Words {
                objectName: "decisionSummary"
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.decision.summary
                wrapMode: Text.Wrap
                maximumLineCount: 3
                elide: Text.ElideRight
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            Words {
                objectName: "decisionRefused"
                Layout.fillWidth: true
                visible: text.length > 0 && !root.low
                text: root.decision.refused
                color: Theme.muted
                wrapMode: Text.Wrap
                maximumLineCount: 4
                elide: Text.ElideRight
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            Words {
                Layout.fillWidth: true
                visible: root.decision.known
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                text: qsTr("%1 · because of %2 · %3 ago · %4").arg(root.decision.strategy).arg(root.decision.trigger).arg(root.decision.age).arg(root.decision.time)
            }
        }
        Flow {
            Layout.fillWidth: true
            visible: root.decision.known
            spacing: Theme.space2
            ActionButton {
                implicitHeight: 28
                text: root.decision.workload
                tip: qsTr("Open the workload")
                onClicked: root.session.go("workloads", root.decision.workloadId)
            }
            ActionButton {
                implicitHeight: 28
                visible: root.decision.nodeId.length > 0
                text: root.decision.node
                tip: qsTr("Open the node")
                onClicked: root.session.go("nodes", root.decision.nodeId)
            }
            ActionButton {
                implicitHeight: 28
                quiet: true
                visible: root.session.decisionRows.workloadId !== root.decision.workloadId
                text: qsTr("Only this workload")
                tip: qsTr("Show only the decisions on %1").arg(root.decision.workload)
                onClicked: root.session.decisionRows.workloadId = root.decision.workloadId
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            visible: refusals.count > 0
            spacing: 0
            Repeater {
                id: refusals
                model: root.verdicts.refusals
                delegate: RefusalBar {
                    required property var modelData
                    required property int index
                    visible: index < (root.low ? 2 : 6) // qmllint disable unqualified
                    Layout.fillWidth: true
                    text: modelData.word
                    count: modelData.count
                    share: modelData.share
                    checked: root.rows.refusedBy === modelData.filter // qmllint disable unqualified
                    onClicked: root.rows.refusedBy = root.rows.refusedBy === modelData.filter ? "" : modelData.filter // qmllint disable unqualified
                }
            }
        }
        Flow {
            Layout.fillWidth: true
            visible: root.verdicts.total > 0
            spacing: Theme.space1
            Chip {
                text: qsTr("All %1").arg(root.verdicts.total)
                checked: root.rows.show === VerdictFilter.All
                onClicked: root.rows.show = VerdictFilter.All
            }
            Chip {
                text: qsTr("Fit %1").arg(root.verdicts.fits)
                checked: root.rows.show === VerdictFilter.Fits
                onClicked: root.rows.show = VerdictFilter.Fits
            }
            Chip {
                text: qsTr("Refused %1").arg(root.verdicts.total - root.verdicts.fits)
                checked: root.rows.show === VerdictFilter.Refused
                onClicked: root.rows.show = VerdictFilter.Refused
            }
            SearchField {
                implicitWidth: 130
                implicitHeight: 28
                placeholderText: qsTr("Node, reason")
                Accessible.name: qsTr("Search the nodes of this decision")
                onTextChanged: root.rows.text = text
                onDownPressed: table.focusList()
            }
        }
        DataTable {
            id: table
            objectName: "verdictTable"
            visible: root.verdicts.total > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.maximumHeight: implicitHeight
            tableId: "verdicts"
            idRole: "nodeId"
            descriptionRole: "verdict"
            rowHeight: Theme.compactRow
            rows: root.rows
            accessibleName: qsTr("Nodes of this decision")
            emptyText: qsTr("No node is of this kind")
            onActivated: id => root.session.go("nodes", id)
            columns: [
                TableColumn {
                    key: "name"
                    title: qsTr("Node")
                    width: 110
                    minimumWidth: 80
                    strong: true
                    hideable: false
                },
                TableColumn {
                    key: "verdict"
                    title: qsTr("Score or refusal")
                    width: 160
                    minimumWidth: 90
                    fill: true
                    cell: VerdictCell {}
                },
                TableColumn {
                    key: "outcome"
                    title: qsTr("Verdict")
                    width: 80
                    shownByDefault: root.width > 480
                },
                TableColumn {
                    key: "score"
                    title: qsTr("Score")
                    width: 60
                    shownByDefault: root.width > 440 // the bar beside it says it too
                    mono: true
                    rightAligned: true
                }
            ]
        }
        ShareLegend {
            Layout.fillWidth: true
            visible: root.verdicts.fits > 0 && !root.low
            parts: root.verdicts.parts
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.decision.kept
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        ErrorState {
            visible: root.decision.problem.present
            Layout.fillWidth: true
            problem: root.decision.problem
            retryable: root.session.connection.connected
            onRetryRequested: root.decision.reload()
            onCopyRequested: text => root.session.copy(text)
        }
        LoadingState {
            visible: root.decision.loading && root.verdicts.total === 0
            Layout.fillWidth: true
            text: qsTr("Loading the nodes' reasons")
        }
        Words {
            visible: root.decision.known && !root.decision.loading && !root.decision.problem.present && root.verdicts.total === 0
            Layout.fillWidth: true
            wrapMode: Text.Wrap
            text: qsTr("No node's reason is on record")
            color: Theme.muted
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
        }
        CommandLine {
            Layout.fillWidth: true
            visible: root.decision.cliLine.length > 0
            command: root.decision.cliLine
            onCopyRequested: root.session.copy(root.decision.cliLine)
        }
    }
}
