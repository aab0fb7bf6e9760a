// What the documents were understood as, and what would happen.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Flickable {
    id: root
    required property Session session
    readonly property DeploySession deploy: session.deploy
    signal lineRequested(int line)
    clip: true
    contentHeight: column.implicitHeight
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    T.ScrollBar.vertical: ScrollThumb {}
    Keys.onUpPressed: contentY = Math.max(0, contentY - 40)
    Keys.onDownPressed: contentY = Math.max(0, Math.min(contentHeight - height, contentY + 40))
    FocusFollower {
        view: root
    }
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Plan")

    component Title: Words {
        font.weight: Font.DemiBold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    FocusRing {
        parent: root
        anchors.margins: 0
        visible: root.activeFocus
    }
    ColumnLayout {
        id: column
        width: root.width - 12
        spacing: Theme.space3

        Repeater {
            model: root.deploy.unreadable
            delegate: FindingCard {
                required property var modelData
                Layout.fillWidth: true
                what: modelData.what
                why: modelData.why
                hint: modelData.hint
                onCopyRequested: root.session.copy(what + "\n" + why + "\n" + hint) // qmllint disable unqualified
            }
        }
        Repeater {
            model: root.deploy.archives
            delegate: FindingCard {
                required property var modelData
                Layout.fillWidth: true
                tone: modelData.tone
                what: modelData.what
                why: modelData.why
                hint: modelData.hint
                onCopyRequested: root.session.copy([what, why, hint].join("\n")) // qmllint disable unqualified
            }
        }
        Repeater {
            model: root.deploy.loadingArchives ? root.session.operations : null
            delegate: ProgressLine {
                required property string kind
                required property string text
                required property real fraction
                visible: kind === "load"
                Layout.fillWidth: true
                value: fraction
                label: text
            }
        }
        FindingCard {
            objectName: "deployProblem"
            visible: root.deploy.problem.present
            Layout.fillWidth: true
            what: root.deploy.problem.what
            why: root.deploy.findings.length > 0 ? "" : root.deploy.problem.why
            hint: root.deploy.findings.length > 0 ? "" : root.deploy.problem.hint
            onCopyRequested: root.session.copy(root.deploy.problemText)
        }
        Repeater {
            model: root.deploy.findings
            delegate: FindingCard {
                required property var modelData
                Layout.fillWidth: true
                tone: modelData.warning ? "warn" : "bad"
                where: modelData.path
                what: modelData.message
                hint: modelData.hint
                line: modelData.line
                onCopyRequested: root.session.copy(modelData.text) // qmllint disable unqualified
                onLineRequested: line => root.lineRequested(line)
            }
        }

        Title {
            visible: root.deploy.workloads.length > 0
            text: qsTr("Understood")
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0
            Repeater {
                model: root.deploy.workloads
                delegate: Item {
                    id: card
                    required property var modelData
                    Layout.fillWidth: true
                    implicitHeight: 52
                    Accessible.role: Accessible.ListItem
                    Accessible.name: qsTr("%1, %2, %3 replicas").arg(modelData.name).arg(modelData.image).arg(modelData.replicas)
                    ColumnLayout {
                        anchors.fill: parent
                        anchors.topMargin: 7
                        anchors.bottomMargin: 7
                        spacing: 0
                        RowLayout {
                            Words {
                                text: card.modelData.name
                                font.weight: Font.DemiBold
                                Layout.fillWidth: true
                            }
                            Words {
                                text: card.modelData.ports.length > 0 ? qsTr("ports %1").arg(card.modelData.ports) : ""
                                color: Theme.muted
                                font.pixelSize: Theme.smallSize
                                Layout.maximumWidth: card.width * 0.45
                            }
                            Words {
                                text: card.modelData.replicas === 1 ? qsTr("1 replica") : qsTr("%n replicas", "", card.modelData.replicas)
                                font.pixelSize: Theme.smallSize
                            }
                        }
                        Mono {
                            Layout.fillWidth: true
                            text: card.modelData.image
                            color: Theme.muted
                            elide: Text.ElideMiddle
                        }
                    }
                    Hairline {
                        anchors.bottom: parent.bottom
                        width: parent.width
                    }
                }
            }
        }

        Title {
            visible: root.deploy.steps.length > 0
            text: qsTr("What will happen")
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 6
            Repeater {
                model: root.deploy.steps
                delegate: RowLayout {
                    id: step
                    required property var modelData
                    spacing: Theme.space2
                    Accessible.role: Accessible.ListItem
                    Accessible.name: modelData.action + " " + modelData.object + ". " + modelData.detail
                    Dot {
                        tone: step.modelData.tone
                        Layout.alignment: Qt.AlignTop
                        Layout.topMargin: 5
                    }
                    Words {
                        text: step.modelData.action
                        color: step.modelData.tone === "idle" ? Theme.muted : Theme.tone(step.modelData.tone)
                        font.weight: Font.Medium
                        Layout.preferredWidth: 96
                        Layout.alignment: Qt.AlignTop
                    }
                    Words {
                        Layout.fillWidth: true
                        text: step.modelData.object + (step.modelData.detail.length > 0 ? " · " + step.modelData.detail : "")
                        wrapMode: Text.Wrap
                    }
                }
            }
        }

        Title {
            visible: root.deploy.decisions.length > 0
            text: qsTr("Where, and why")
        }
        Repeater {
            model: root.deploy.decisions
            delegate: ColumnLayout {
                id: decision
                required property var modelData
                Layout.fillWidth: true
                spacing: 0
                RowLayout {
                    Layout.bottomMargin: 2
                    spacing: Theme.space2
                    Words {
                        text: decision.modelData.workload
                        font.weight: Font.Medium
                    }
                    Words {
                        Layout.fillWidth: true
                        text: decision.modelData.summary
                        color: decision.modelData.placed ? Theme.muted : Theme.red
                        wrapMode: Text.Wrap
                    }
                }
                Repeater {
                    model: decision.modelData.nodes
                    delegate: Item {
                        id: node
                        required property var modelData
                        Layout.fillWidth: true
                        implicitHeight: Theme.compactRow
                        Accessible.role: Accessible.ListItem
                        Accessible.name: modelData.name + ", " + modelData.reason
                        RowLayout {
                            anchors.fill: parent
                            spacing: Theme.space3
                            Mono {
                                text: node.modelData.name
                                Layout.preferredWidth: 110
                                elide: Text.ElideMiddle
                                font.weight: node.modelData.chosen ? Font.Bold : Font.Normal
                            }
                            Rectangle {
                                visible: node.modelData.fits
                                Layout.preferredWidth: Math.max(40, node.width * 0.25)
                                implicitHeight: 8
                                radius: 4
                                color: Theme.raised
                                Rectangle {
                                    height: parent.height
                                    radius: 4
                                    width: parent.width * node.modelData.score
                                    color: node.modelData.chosen ? Theme.accent : Theme.muted
                                }
                            }
                            Mono {
                                visible: node.modelData.fits
                                text: Number(node.modelData.score).toLocaleString(Qt.locale(), "f", 2)
                                Layout.preferredWidth: 32
                            }
                            Words {
                                Layout.fillWidth: true
                                text: node.modelData.reason
                                color: node.modelData.chosen ? Theme.accent : node.modelData.fits ? Theme.muted : Theme.red
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
        Words {
            Layout.fillWidth: true
            visible: root.deploy.workloads.length === 0 && !root.deploy.problem.present && root.deploy.unreadable.length === 0
            text: root.deploy.blockedBy
            color: Theme.muted
            wrapMode: Text.Wrap
        }
    }
}
