// The cluster at a glance: how it is, what needs a person first, how much there is, what happened.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property Overview overview: session.overview
    readonly property bool wide: width >= 900
    signal openRequested
    function focusList() {
        if (needs.count > 0)
            needs.itemAt(0).nextItemInFocusChain().forceActiveFocus(Qt.TabFocusReason);
        else
            page.forceActiveFocus(Qt.TabFocusReason);
    }

    component Section: Words {
        color: Theme.muted
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }

    Flickable {
        id: page
        objectName: "overviewPage"
        anchors.fill: parent
        visible: root.overview.complete && !root.overview.empty
        contentWidth: width
        contentHeight: body.implicitHeight + 2 * Theme.space5
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        activeFocusOnTab: contentHeight > height
        Accessible.role: Accessible.Pane
        Accessible.name: qsTr("Overview")
        T.ScrollBar.vertical: ScrollThumb {}
        Keys.onDownPressed: contentY = Math.min(contentY + 60, Math.max(0, contentHeight - height))
        Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
        FocusFollower {
            view: page
        }
        FocusRing {
            visible: page.activeFocus
        }

        ColumnLayout {
            id: body
            width: Math.min(page.width - 2 * Theme.space6, 1680)
            x: Math.max(Theme.space6, (page.width - width) / 2)
            y: Theme.space5
            spacing: Theme.space4
            opacity: root.session.connection.stale ? 0.6 : 1

            ColumnLayout {
                spacing: 2
                RowLayout {
                    spacing: Theme.space3
                    Dot {
                        tone: root.overview.tone
                    }
                    Words {
                        objectName: "overviewWord"
                        text: root.overview.word
                        font.pixelSize: Theme.titleSize
                        font.weight: Font.Bold
                        Accessible.role: Accessible.Heading
                        Accessible.name: text
                    }
                }
                Words {
                    Layout.fillWidth: true
                    text: root.overview.sentence
                    color: Theme.muted
                    wrapMode: Text.Wrap
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
            Card {
                objectName: "needsCard"
                Layout.fillWidth: true
                visible: needs.count > 0
                title: qsTr("Needs you")
                subtitle: root.overview.needs.more > 0 ? qsTr("and %1 more").arg(root.overview.needs.more) : ""
                Repeater {
                    id: needs
                    model: root.overview.needs
                    delegate: ColumnLayout {
                        id: need
                        required property var model
                        required property int index
                        Layout.fillWidth: true
                        spacing: Theme.space3
                        Hairline {
                            Layout.fillWidth: true
                            visible: need.index > 0
                        }
                        NeedLine {
                            Layout.fillWidth: true
                            tone: need.model.tone
                            kind: need.model.kind
                            name: need.model.name
                            word: need.model.word
                            cause: need.model.cause
                            step: need.model.step
                            action: need.model.action
                            cli: need.model.cli
                            onOpened: root.session.go(need.model.view, need.model.target) // qmllint disable unqualified
                            onCopyRequested: text => root.session.copy(text) // qmllint disable unqualified
                        }
                    }
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columns: root.wide ? 3 : 1
                columnSpacing: Theme.space4
                rowSpacing: Theme.space4
                SumCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    title: qsTr("Workloads")
                    count: root.overview.workloadCount
                    parts: root.overview.workloads
                }
                SumCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    title: qsTr("Instances")
                    count: root.overview.instanceCount
                    parts: root.overview.instances
                    noneText: qsTr("None is wanted")
                }
                SumCard {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    title: qsTr("Nodes")
                    count: root.overview.nodeCount
                    parts: root.overview.nodes
                    noneText: qsTr("No node has reported yet")
                }
            }
            Card {
                Layout.fillWidth: true
                title: qsTr("Resources")
                subtitle: root.overview.resources.length > 0 ? qsTr("of the nodes that are ready, reserved by instances") : ""
                Words {
                    visible: root.overview.resources.length === 0
                    text: qsTr("No node is ready: nothing can be placed")
                    color: Theme.muted
                }
                GridLayout {
                    Layout.fillWidth: true
                    columns: root.wide ? 2 : 1
                    columnSpacing: Theme.space6
                    Repeater {
                        model: root.overview.resources
                        delegate: ResourceLine {
                            required property var modelData
                            Layout.fillWidth: true
                            Layout.preferredWidth: 1
                            name: modelData.name
                            parts: modelData.parts
                            limit: modelData.limit
                            words: modelData.text
                        }
                    }
                }
                NodeUsage {
                    Layout.fillWidth: true
                    visible: root.overview.nodeIds.length > 0
                    session: root.session
                    ids: root.overview.nodeIds
                    active: root.visible && root.session.connection.connected
                }
            }
            Card {
                objectName: "operationsCard"
                Layout.fillWidth: true
                visible: operations.count > 0
                title: qsTr("Under way")
                ListView {
                    id: operations
                    Layout.fillWidth: true
                    implicitHeight: 34 * Math.min(8, count)
                    interactive: false
                    clip: true
                    model: root.session.operations
                    Accessible.role: Accessible.List
                    Accessible.name: qsTr("Under way")
                    delegate: ColumnLayout {
                        id: operation
                        required property var model
                        width: ListView.view ? ListView.view.width : 0
                        height: 34
                        spacing: Theme.space1
                        Words {
                            Layout.fillWidth: true
                            text: operation.model.text
                            elide: Text.ElideMiddle
                            Accessible.role: Accessible.StaticText
                            Accessible.name: text
                        }
                        ProgressLine {
                            Layout.fillWidth: true
                            value: operation.model.fraction
                        }
                    }
                }
                Words {
                    visible: operations.count > 8
                    text: qsTr("and %1 more").arg(operations.count - 8)
                    color: Theme.muted
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columns: root.wide ? 2 : 1
                columnSpacing: Theme.space4
                rowSpacing: Theme.space4
                Card {
                    objectName: "eventsCard"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.alignment: Qt.AlignTop
                    title: qsTr("Recent events")
                    Section {
                        visible: events.count === 0
                        text: root.overview.events.problem.present ? root.overview.events.problem.text : root.overview.events.loading ? qsTr("Loading") : qsTr("Nothing has happened yet")
                        wrapMode: Text.Wrap
                        Layout.fillWidth: true
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0
                        Repeater {
                            id: events
                            model: root.overview.events
                            delegate: HappeningLine {
                                required property var model
                                Layout.fillWidth: true
                                tone: model.tone
                                words: model.message
                                times: model.times
                                age: model.age
                                time: model.time
                                leads: model.view.length > 0
                                onClicked: if (leads)
                                    root.session.go(model.view, model.target) // qmllint disable unqualified
                            }
                        }
                    }
                }
                Card {
                    objectName: "refusedCard"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.alignment: Qt.AlignTop
                    title: qsTr("Not placed")
                    subtitle: refused.count > 0 ? qsTr("the newest placements that found no node") : ""
                    Section {
                        visible: refused.count === 0
                        Layout.fillWidth: true
                        wrapMode: Text.Wrap
                        text: root.session.decisions.problem.present ? root.session.decisions.problem.text : root.session.decisions.complete ? qsTr("Every placement on record found a node") : qsTr("Loading")
                    }
                    ListView {
                        id: refused
                        Layout.fillWidth: true
                        implicitHeight: 34 * Math.min(8, count)
                        visible: count > 0
                        interactive: false
                        clip: true
                        model: root.overview.refused
                        Accessible.role: Accessible.List
                        Accessible.name: qsTr("Not placed")
                        delegate: HappeningLine {
                            required property var model
                            width: ListView.view ? ListView.view.width : 0
                            tone: model.tone
                            subject: model.workload
                            words: model.summary
                            age: model.age
                            time: model.time
                            onClicked: root.session.go("scheduler", model.decisionId) // qmllint disable unqualified
                        }
                    }
                }
            }
        }
    }
    EmptyState {
        objectName: "overviewEmpty"
        anchors.centerIn: parent
        width: parent.width
        visible: root.overview.empty
        iconName: "overview"
        title: root.overview.word
        text: qsTr("%1. Drop a manifest, a Compose file or Kubernetes YAML anywhere, or name an image: you see what will run where, and why, before anything happens.").arg(root.overview.sentence)
        command: "univrs deploy nginx:1.27"
        onCopyRequested: text => root.session.copy(text)
        ActionButton {
            objectName: "overviewDeploy"
            text: qsTr("Deploy")
            primary: true
            shortcutText: "Ctrl+N"
            onClicked: root.session.deploy.startEmpty()
        }
        ActionButton {
            text: qsTr("Open a file")
            shortcutText: "Ctrl+O"
            onClicked: root.openRequested()
        }
    }
    LoadingState {
        anchors.fill: parent
        anchors.margins: Theme.space6
        visible: !root.overview.complete
        text: root.session.connection.word
    }
}
