import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Gallery gallery
    spacing: Theme.space4

    Card {
        Layout.fillWidth: true
        title: qsTr("Type")
        RowLayout {
            spacing: Theme.space6
            Words {
                text: "Workloads 1,284"
                font.pixelSize: Theme.figureSize
                font.weight: Font.Bold
            }
            Words {
                text: "Page title"
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
            }
            Words {
                text: "Heading"
                font.pixelSize: Theme.headingSize
                font.weight: Font.DemiBold
            }
            Words {
                text: "Body text says what happened"
            }
            Words {
                text: "Secondary, muted"
                font.pixelSize: Theme.smallSize
                color: Theme.muted
            }
            Mono {
                text: "12D3KooWBtg3 0Oo 1lI"
            }
        }
    }
    Card {
        Layout.fillWidth: true
        title: qsTr("Buttons")
        RowLayout {
            spacing: Theme.space2
            ActionButton {
                primary: true
                text: "Deploy 4 replicas"
                shortcutText: "Ctrl ⏎"
            }
            ActionButton {
                text: "Scale"
                iconName: "sliders"
            }
            ActionButton {
                text: "Cancel"
                quiet: true
            }
            ActionButton {
                text: "Remove"
                iconName: "trash"
                danger: true
            }
            ActionButton {
                primary: true
                enabled: false
                text: "Deploy"
            }
            ActionButton {
                enabled: false
                text: "Roll back"
                iconName: "undo"
            }
            MenuButton {
                text: "Open"
                MenuRow {
                    text: "File…"
                }
            }
            MenuButton {
                text: "More"
                iconName: "more"
                iconOnly: true
                MenuRow {
                    text: "Restart"
                }
            }
        }
        RowLayout {
            spacing: Theme.space2
            IconButton {
                iconName: "columns"
                text: "Columns"
            }
            IconButton {
                iconName: "pause"
                text: "Pause"
                framed: true
            }
            IconButton {
                iconName: "pin"
                text: "Pinned"
                checkedLook: true
            }
            IconButton {
                iconName: "trash"
                text: "Remove"
                enabled: false
            }
            CopyButton {}
            Chip {
                text: "All 12"
                checked: true
            }
            Chip {
                text: "Healthy 10"
            }
            Chip {
                text: "Needs you 1"
            }
            Selector {
                model: ["orders-api-7f2", "orders-api-9ab"]
            }
        }
    }
    RowLayout {
        spacing: Theme.space4
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            title: qsTr("Fields")
            TextBox {
                Layout.fillWidth: true
                placeholderText: "Image name"
            }
            TextBox {
                Layout.fillWidth: true
                text: "nginx:1.27-alpine"
            }
            TextBox {
                Layout.fillWidth: true
                text: "not a name!"
                wrong: true
            }
            SearchField {
                Layout.fillWidth: true
                hint: "Ctrl F"
            }
            SearchField {
                Layout.fillWidth: true
                text: "orders"
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            title: qsTr("A menu, open")
            Item {
                Layout.fillWidth: true
                implicitHeight: 206
                Raised {
                    width: 250
                    height: rows.height + 10
                    Column {
                        id: rows
                        x: 5
                        y: 5
                        width: 240
                        MenuRow {
                            width: parent.width
                            iconName: "restart"
                            text: "Restart"
                            shortcutText: "R"
                            highlighted: true
                        }
                        MenuRow {
                            width: parent.width
                            iconName: "pause"
                            text: "Pause rollout"
                        }
                        MenuRow {
                            width: parent.width
                            iconName: "undo"
                            text: "Roll back"
                            detail: "There is no earlier version"
                            enabled: false
                        }
                        MenuRow {
                            width: parent.width
                            checkable: true
                            checked: true
                            text: "Follow the log"
                        }
                        MenuLine {
                            width: parent.width
                        }
                        MenuRow {
                            width: parent.width
                            iconName: "trash"
                            text: "Remove…"
                            shortcutText: "Del"
                            danger: true
                        }
                    }
                }
            }
        }
    }
    Card {
        Layout.fillWidth: true
        title: qsTr("Tabs, states, progress")
        Tabs {
            Layout.fillWidth: true
            model: [
                {
                    id: "instances",
                    title: "Instances",
                    count: 5
                },
                {
                    id: "logs",
                    title: "Logs"
                },
                {
                    id: "charts",
                    title: "Charts"
                },
                {
                    id: "events",
                    title: "Events",
                    count: 2,
                    tone: "bad"
                },
                {
                    id: "manifest",
                    title: "Manifest"
                }
            ]
        }
        RowLayout {
            spacing: Theme.space2
            Repeater {
                model: [["good", "Healthy"], ["busy", "Progressing"], ["warn", "Degraded"], ["bad", "Crash loop"], ["idle", "Succeeded"]]
                delegate: StatusChip {
                    required property var modelData
                    tone: modelData[0]
                    word: modelData[1]
                }
            }
            Count {
                value: 12
            }
            Count {
                value: 128
                tone: "bad"
            }
            ProgressLine {
                Layout.fillWidth: true
                value: 0.64
            }
        }
        CommandLine {
            Layout.fillWidth: true
            command: "univrs scale orders-api 5"
            onCopyRequested: root.gallery.copy(command)
        }
    }
}
