// The selected node: how it is and why, what it has and what is taken, what runs there, what happened to it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property NodeDetails node: session.nodeDetails
    visible: session.selectedNodeId.length > 0
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Details of %1").arg(node.name)

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
                    objectName: "nodeName"
                    text: root.node.name
                    font.pixelSize: 17
                    font.weight: Font.Bold
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                StatusChip {
                    tone: root.node.tone
                    word: root.node.stateWord
                }
                Item {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close")
                    tip: qsTr("Close (Esc)")
                    onClicked: root.session.selectNode("")
                }
            }
            Words {
                objectName: "nodeReason"
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.node.reason
                color: root.node.tone === "bad" ? Theme.red : root.node.tone === "warn" ? Theme.amber : Theme.muted
                wrapMode: Text.Wrap
                maximumLineCount: 4
                elide: Text.ElideRight
            }
            RowLayout {
                spacing: 0
                Mono {
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    text: root.node.id
                    color: Theme.muted
                    elide: Text.ElideMiddle
                }
                CopyButton {
                    text: qsTr("Copy the id")
                    onCopyRequested: root.session.copy(root.node.id)
                }
            }
        }
        RowLayout {
            spacing: Theme.space2
            enabled: root.session.connection.connected
            ActionButton {
                objectName: "cordonButton"
                text: root.node.cordoned ? qsTr("Uncordon") : qsTr("Cordon")
                tip: root.node.cordoned ? qsTr("It takes new instances again") : qsTr("It takes no new instances; those it has go on")
                onClicked: root.session.actions.cordon(root.node.id, !root.node.cordoned)
            }
            CommandLine {
                Layout.fillWidth: true
                Layout.maximumWidth: implicitWidth
                command: root.node.cliLine
                onCopyRequested: root.session.copy(root.node.cliLine)
            }
        }
        Tabs {
            id: tabs
            Layout.fillWidth: true
            accessibleName: qsTr("Parts of the node")
            current: "about"
            model: [
                {
                    "id": "about",
                    "title": qsTr("Node")
                },
                {
                    "id": "instances",
                    "title": qsTr("Instances"),
                    "count": root.node.instances.count
                },
                {
                    "id": "events",
                    "title": qsTr("Events")
                }
            ]
        }
        Flickable {
            id: about
            objectName: "nodeAbout"
            visible: tabs.current === "about"
            Layout.fillWidth: true
            Layout.fillHeight: true
            contentWidth: width
            contentHeight: aboutColumn.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            activeFocusOnTab: contentHeight > height
            Accessible.role: Accessible.Pane
            Accessible.name: qsTr("Node")
            T.ScrollBar.vertical: ScrollThumb {}
            Keys.onDownPressed: contentY = Math.min(contentY + 60, Math.max(0, contentHeight - height))
            Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
            FocusFollower {
                view: about
            }
            ColumnLayout {
                id: aboutColumn
                width: about.width - 10
                spacing: Theme.space4
                Repeater {
                    model: root.node.resources
                    delegate: ResourceLine {
                        required property var modelData
                        Layout.fillWidth: true
                        name: modelData.name
                        parts: modelData.parts
                        limit: modelData.limit
                        words: modelData.text
                    }
                }
                NodeUsage {
                    Layout.fillWidth: true
                    session: root.session
                    ids: root.node.present ? [root.node.id] : []
                    active: root.visible && about.visible && root.session.connection.connected
                }
                GridLayout {
                    Layout.fillWidth: true
                    columns: 2
                    columnSpacing: Theme.space4
                    rowSpacing: 6
                    Repeater {
                        model: root.node.facts
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
                        model: root.node.facts
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
                TagFlow {
                    Layout.fillWidth: true
                    title: qsTr("Taints")
                    tags: root.node.taints
                    visible: tags.length > 0
                }
                TagFlow {
                    Layout.fillWidth: true
                    title: qsTr("Labels")
                    tags: root.node.labels
                    visible: tags.length > 0
                }
            }
        }
        ListView {
            id: instances
            objectName: "nodeInstances"
            visible: tabs.current === "instances" && count > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: root.node.instances
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            reuseItems: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Instances on this node")
            T.ScrollBar.vertical: ScrollThumb {}
            delegate: HappeningLine {
                required property var model
                width: ListView.view ? ListView.view.width - 10 : 0
                tone: model.tone
                subject: model.instanceId
                words: model.restarts > 0 ? qsTr("%1 · %2 restarts").arg(model.stateWord).arg(model.restarts) : model.stateWord
                age: model.age
                time: qsTr("Open %1").arg(model.workload)
                onClicked: root.session.go("workloads", model.workloadId) // qmllint disable unqualified
            }
        }
        Words {
            visible: tabs.current === "instances" && instances.count === 0
            text: qsTr("Nothing runs here")
            color: Theme.muted
        }
        ListView {
            id: events
            objectName: "nodeEvents"
            visible: tabs.current === "events" && count > 0
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: root.node.events
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            reuseItems: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Events of this node")
            T.ScrollBar.vertical: ScrollThumb {}
            FocusRing {
                visible: events.activeFocus
            }
            delegate: HappeningLine {
                required property var model
                width: ListView.view ? ListView.view.width - 10 : 0
                tone: model.tone
                words: model.message
                times: model.times
                age: model.age
                time: model.time
                leads: false
            }
        }
        Words {
            visible: tabs.current === "events" && events.count === 0
            Layout.fillWidth: true
            wrapMode: Text.Wrap
            text: root.node.events.problem.present ? root.node.events.problem.text : root.node.events.loading ? qsTr("Loading") : qsTr("Nothing of this node is on record")
            color: Theme.muted
        }
        Item {
            Layout.fillHeight: true
            Layout.preferredHeight: 0
            visible: !about.visible && !instances.visible && !events.visible
        }
    }
}
