// The list of workloads: name, state, numbers, image.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property WorkloadListModel workloads: session.workloads
    readonly property bool empty: workloads.complete && workloads.total === 0
    signal openRequested
    onVisibleChanged: session.setListShown(visible)
    Component.onCompleted: session.setListShown(visible)
    function focusList() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }

    WorkloadColumns {
        id: table
        inner: list.width - 24
    }

    component Heading: Words {
        height: parent ? parent.height : 0
        verticalAlignment: Text.AlignVCenter
        font.pixelSize: Theme.smallSize
        color: Theme.muted
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
            visible: !root.empty && root.workloads.complete
            spacing: Theme.space1
            Chip {
                text: qsTr("All %1").arg(root.workloads.total)
                checked: root.session.list.health === WorkloadListModel.AnyHealth
                onClicked: root.session.list.health = WorkloadListModel.AnyHealth
            }
            Chip {
                text: qsTr("Healthy %1").arg(root.workloads.healthy)
                checked: root.session.list.health === WorkloadListModel.HealthyOnly
                onClicked: root.session.list.health = WorkloadListModel.HealthyOnly
            }
            Chip {
                text: qsTr("Needs you %1").arg(root.workloads.degraded)
                checked: root.session.list.health === WorkloadListModel.NeedsAttention
                onClicked: root.session.list.health = WorkloadListModel.NeedsAttention
            }
            Item {
                Layout.fillWidth: true
            }
            Words {
                visible: root.session.list.text.length > 0
                text: qsTr("%1 found").arg(root.session.list.count)
                color: Theme.muted
            }
        }
        MarkedBar {
            visible: root.session.marked.count > 0
            Layout.fillWidth: true
            session: root.session
        }
        Rectangle {
            visible: !root.empty && root.workloads.complete
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 120
            Layout.preferredHeight: Math.max(Theme.rowHeight * 2, list.contentHeight + 34)
            Layout.maximumHeight: Layout.preferredHeight
            radius: Theme.cardRadius
            color: Theme.surface
            border.color: Theme.line
            opacity: root.session.connection.stale ? 0.7 : 1

            Item {
                id: header
                width: parent.width
                height: 33
                Accessible.ignored: true
                Heading {
                    x: table.nameX
                    text: qsTr("Name")
                }
                Heading {
                    x: table.stateX
                    text: qsTr("State")
                }
                Heading {
                    x: table.readyX
                    text: qsTr("Ready")
                }
                Heading {
                    x: table.imageX
                    text: qsTr("Image")
                }
                Heading {
                    visible: table.nodesWidth > 0
                    x: table.nodesX
                    text: qsTr("On")
                }
                Heading {
                    visible: table.memoryWidth > 0
                    x: table.memoryX
                    width: table.memoryWidth - 16
                    horizontalAlignment: Text.AlignRight
                    text: qsTr("Memory")
                }
                Heading {
                    visible: table.restartsWidth > 0
                    x: table.restartsX
                    width: table.restartsWidth - 16
                    horizontalAlignment: Text.AlignRight
                    text: qsTr("Restarts")
                }
                Heading {
                    visible: table.ageWidth > 0
                    x: table.ageX
                    width: table.ageWidth - 12
                    horizontalAlignment: Text.AlignRight
                    text: qsTr("Age")
                }
                Hairline {
                    anchors.bottom: parent.bottom
                    width: parent.width
                }
            }
            ListView {
                id: list
                objectName: "workloadList"
                anchors.fill: parent
                anchors.topMargin: header.height
                anchors.bottomMargin: 1
                anchors.leftMargin: 1
                anchors.rightMargin: 1
                clip: true
                model: root.session.list
                boundsBehavior: Flickable.StopAtBounds
                activeFocusOnTab: true
                keyNavigationEnabled: true
                highlightFollowsCurrentItem: true
                highlightMoveDuration: 0
                reuseItems: true
                focus: true
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Workloads")
                T.ScrollBar.vertical: ScrollThumb {}
                HoverHandler {
                    onHoveredChanged: root.session.list.hold = hovered
                }
                onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0)
                    currentIndex = 0
                function choose(row: int) {
                    currentIndex = row;
                    root.session.marked.anchor(row);
                    root.session.select(root.session.list.idAt(row));
                }
                Keys.onReturnPressed: choose(currentIndex)
                Keys.onEnterPressed: choose(currentIndex)
                Keys.onSpacePressed: event => {
                    if (event.modifiers & Qt.ControlModifier)
                        root.session.marked.toggle(currentIndex);
                    else
                        choose(currentIndex);
                }
                Keys.onPressed: event => {
                    const page = Math.max(1, Math.floor(height / Theme.rowHeight) - 1);
                    if (event.matches(StandardKey.SelectAll)) {
                        root.session.marked.all();
                        event.accepted = true;
                        return;
                    }
                    if ((event.modifiers & Qt.ShiftModifier) && (event.key === Qt.Key_Up || event.key === Qt.Key_Down)) {
                        if (root.session.marked.count === 0)
                            root.session.marked.anchor(currentIndex);
                        currentIndex = Math.max(0, Math.min(count - 1, currentIndex + (event.key === Qt.Key_Up ? -1 : 1)));
                        root.session.marked.extendTo(currentIndex);
                        event.accepted = true;
                        return;
                    }
                    if (event.key === Qt.Key_Escape && root.session.marked.count > 0) {
                        root.session.marked.clear();
                        event.accepted = true;
                        return;
                    }
                    switch (event.key) {
                    case Qt.Key_Home:
                        currentIndex = 0;
                        break;
                    case Qt.Key_End:
                        currentIndex = count - 1;
                        break;
                    case Qt.Key_PageUp:
                        currentIndex = Math.max(0, currentIndex - page);
                        break;
                    case Qt.Key_PageDown:
                        currentIndex = Math.min(count - 1, currentIndex + page);
                        break;
                    default:
                        return;
                    }
                    event.accepted = true;
                }
                Connections {
                    target: root.session
                    function onSelectionChanged() {
                        if (root.session.selectedId.length > 0)
                            list.currentIndex = root.session.list.rowOf(root.session.selectedId);
                    }
                }
                delegate: WorkloadRow {
                    width: ListView.view ? ListView.view.width : 0
                    columns: table // qmllint disable unqualified
                    chosen: root.session.selectedId === workloadId // qmllint disable unqualified
                    marked: root.session.marked.serial >= 0 && root.session.marked.contains(workloadId) // qmllint disable unqualified
                    onClicked: {
                        list.forceActiveFocus(Qt.MouseFocusReason); // qmllint disable unqualified
                        list.choose(index);
                    }
                    onMarkRequested: extend => {
                        list.forceActiveFocus(Qt.MouseFocusReason); // qmllint disable unqualified
                        list.currentIndex = index; // qmllint disable unqualified
                        if (extend)
                            root.session.marked.extendTo(index); // qmllint disable unqualified
                        else
                            root.session.marked.toggle(index); // qmllint disable unqualified
                    }
                }
            }
            Words {
                anchors.centerIn: parent
                anchors.verticalCenterOffset: 16
                visible: list.count === 0
                text: root.session.list.text.length > 0 ? qsTr("No workload matches “%1”").arg(root.session.list.text) : qsTr("No workload is in this state")
                color: Theme.muted
                width: Math.min(implicitWidth, parent.width - 32)
            }
        }
        Rectangle {
            visible: !root.empty && root.workloads.complete && root.height - list.contentHeight > 330
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
        FirstDeploy {
            visible: root.empty
            Layout.fillWidth: true
            Layout.fillHeight: true
            session: root.session
            onOpenRequested: root.openRequested()
        }
        Item {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 0
            visible: !root.empty
        }
    }
}
