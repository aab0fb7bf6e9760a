// The selected workload: how it is, why, its instances, what can be done, what it writes.
import QtQuick
import QtQuick.Layouts
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property WorkloadDetails workload: session.selected
    readonly property string tab: session.tab
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Details of %1").arg(workload.name)

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
        Hairline {
            height: parent.height
        }
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space5
        anchors.bottomMargin: Theme.space4
        spacing: Theme.space3
        enabled: root.session.connection.connected
        opacity: root.session.connection.stale ? 0.6 : 1

        ColumnLayout {
            spacing: 6
            RowLayout {
                spacing: Theme.space3
                Words {
                    objectName: "inspectorName"
                    text: root.workload.name
                    font.pixelSize: 17
                    font.weight: Font.Bold
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                StatusChip {
                    tone: root.workload.tone
                    word: root.workload.stateWord
                }
                Item {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close")
                    tip: qsTr("Close (Esc)")
                    onClicked: root.session.select("")
                }
            }
            Words {
                objectName: "inspectorReason"
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.workload.reason
                color: root.workload.tone === "bad" ? Theme.red : root.workload.tone === "warn" ? Theme.amber : Theme.muted
                wrapMode: Text.Wrap
                maximumLineCount: 4
                elide: Text.ElideRight
            }
            Mono {
                Layout.fillWidth: true
                text: root.workload.images
                color: Theme.muted
                elide: Text.ElideMiddle
            }
        }
        ColumnLayout {
            visible: root.workload.rollout >= 0
            Layout.fillWidth: true
            spacing: 5
            Words {
                objectName: "rolloutText"
                Layout.fillWidth: true
                text: root.workload.rolloutText
                color: Theme.blue
            }
            ProgressLine {
                Layout.fillWidth: true
                value: root.workload.rollout
                label: root.workload.rolloutText
            }
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.space2
            Rectangle {
                implicitWidth: stepper.implicitWidth + 4
                implicitHeight: Theme.control
                radius: Theme.radius
                color: "transparent"
                border.color: Theme.line
                RowLayout {
                    id: stepper
                    anchors.centerIn: parent
                    spacing: 0
                    IconButton {
                        objectName: "scaleDown"
                        iconName: "minus"
                        text: qsTr("One replica fewer")
                        enabled: root.workload.replicas > 0 && !root.workload.deleting
                        onClicked: root.session.actions.scaleBy(root.workload.id, -1)
                    }
                    Mono {
                        text: root.workload.ready + " /"
                        Accessible.ignored: true
                    }
                    TextInput {
                        id: replicas
                        objectName: "scaleField"
                        Layout.minimumWidth: 30
                        horizontalAlignment: Text.AlignHCenter
                        enabled: !root.workload.deleting
                        color: Theme.text
                        font.family: Theme.monoFamily
                        font.pixelSize: Theme.monoSize
                        selectionColor: Qt.alpha(Theme.accent, 0.35)
                        selectedTextColor: Theme.text
                        selectByMouse: true
                        activeFocusOnTab: true
                        validator: IntValidator {
                            bottom: 0
                            top: 10000
                        }
                        text: root.workload.replicas
                        Accessible.role: Accessible.EditableText
                        Accessible.name: qsTr("Replicas of %1, %2 ready").arg(root.workload.name).arg(root.workload.ready)
                        onActiveFocusChanged: if (activeFocus)
                            selectAll()
                        function restore() {
                            text = Qt.binding(() => root.workload.replicas);
                        }
                        onAccepted: {
                            root.session.actions.scaleTo(root.workload.id, parseInt(text));
                            restore();
                        }
                        onEditingFinished: restore()
                        Keys.onEscapePressed: restore()
                    }
                    IconButton {
                        objectName: "scaleUp"
                        iconName: "plus"
                        text: qsTr("One replica more")
                        enabled: !root.workload.deleting
                        onClicked: root.session.actions.scaleBy(root.workload.id, 1)
                    }
                }
            }
            ActionButton {
                objectName: "restartButton"
                text: qsTr("Restart")
                enabled: !root.workload.deleting
                onClicked: root.session.actions.restart(root.workload.id)
            }
            ActionButton {
                objectName: "imageButton"
                text: qsTr("Image…")
                enabled: !root.workload.deleting
                onClicked: imageRow.edit()
            }
            ActionButton {
                objectName: "rollBackButton"
                visible: root.workload.canRollBack
                text: qsTr("Roll back")
                tip: qsTr("Back to how it was before the last change")
                onClicked: root.session.actions.rollBack(root.workload.id)
            }
            ActionButton {
                objectName: "removeButton"
                text: qsTr("Remove")
                danger: true
                enabled: !root.workload.deleting
                tip: qsTr("Stops and removes it; the next message can take it back")
                onClicked: root.session.actions.remove(root.workload.id)
            }
            Selector {
                objectName: "commandPicker"
                implicitHeight: Theme.control
                implicitWidth: 112
                model: root.workload.cliLines
                currentIndex: -1
                displayText: qsTr("Copy CLI")
                Accessible.name: qsTr("Copy the command that does the same")
                onActivated: index => {
                    root.session.copy(root.workload.cliLines[index]);
                    currentIndex = -1;
                }
            }
        }
        RowLayout {
            id: imageRow
            property bool shown: false
            visible: shown
            spacing: Theme.space2
            TextBox {
                id: imageField
                objectName: "imageField"
                Layout.fillWidth: true
                placeholderText: qsTr("New image, as nginx:1.27-alpine")
                font.family: Theme.monoFamily
                font.pixelSize: Theme.monoSize
                onAccepted: imageRow.update()
                Keys.onEscapePressed: imageRow.shown = false
            }
            ActionButton {
                text: qsTr("Update")
                primary: true
                enabled: imageField.text.trim().length > 0 && imageField.text.trim() !== root.workload.image
                onClicked: imageRow.update()
            }
            IconButton {
                iconName: "close"
                text: qsTr("Keep the image")
                onClicked: imageRow.shown = false
            }
            function edit() {
                imageField.text = root.workload.image;
                shown = true;
                imageField.forceActiveFocus(Qt.OtherFocusReason);
                imageField.selectAll();
            }
            function update() {
                root.session.actions.updateImage(root.workload.id, "", imageField.text);
                shown = false;
            }
            Connections {
                target: root.session
                function onSelectionChanged() {
                    imageRow.shown = false;
                }
                function onEditRequested(part: string) {
                    if (part === "image")
                        imageRow.edit();
                    else
                        replicas.forceActiveFocus(Qt.ShortcutFocusReason);
                }
            }
        }
        Binding {
            target: tabs
            property: "current"
            value: root.tab
        }
        Tabs {
            id: tabs
            Layout.fillWidth: true
            accessibleName: qsTr("Details")
            model: [
                {
                    id: "instances",
                    title: qsTr("Instances")
                },
                {
                    id: "logs",
                    title: qsTr("Logs")
                },
                {
                    id: "charts",
                    title: qsTr("Charts")
                },
                {
                    id: "events",
                    title: qsTr("Events")
                },
                {
                    id: "manifest",
                    title: qsTr("Manifest")
                },
                {
                    id: "console",
                    title: qsTr("Console")
                }
            ]
            onChosen: id => root.session.showTab(id)
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Loader {
                anchors.fill: parent
                active: root.tab === "instances"
                visible: active
                sourceComponent: InstancesPane {
                    session: root.session // qmllint disable unqualified
                }
            }
            Loader {
                anchors.fill: parent
                active: root.tab === "logs"
                visible: active
                sourceComponent: LogPane {
                    session: root.session // qmllint disable unqualified
                }
            }
            Loader {
                anchors.fill: parent
                active: root.tab === "charts"
                visible: active
                sourceComponent: ChartsPane {
                    session: root.session // qmllint disable unqualified
                }
            }
            Loader {
                anchors.fill: parent
                active: root.tab === "events"
                visible: active
                sourceComponent: EventsPane {
                    session: root.session // qmllint disable unqualified
                }
            }
            Loader {
                anchors.fill: parent
                active: root.tab === "manifest"
                visible: active
                sourceComponent: ManifestPane {
                    session: root.session // qmllint disable unqualified
                }
            }
            Loader {
                anchors.fill: parent
                active: root.tab === "console"
                visible: active
                sourceComponent: ConsolePane {
                    session: root.session // qmllint disable unqualified
                }
            }
        }
    }
}
