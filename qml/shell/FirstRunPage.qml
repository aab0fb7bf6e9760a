// For a cluster on which nothing was ever deployed: what this is, whether it can begin, and three ways to.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property HealthModel health: session.health
    readonly property bool remote: session.connection.remote
    signal openRequested
    objectName: "firstRun"

    Flickable {
        id: scroll
        anchors.fill: parent
        contentWidth: width
        contentHeight: page.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.vertical: ScrollThumb {}
        Item {
            id: page
            width: scroll.width
            height: Math.max(scroll.height, column.implicitHeight + 2 * Theme.space6)
            ColumnLayout {
                id: column
                anchors.centerIn: parent
                width: Math.min(620, parent.width - 2 * Theme.space6)
                spacing: Theme.space5

                ColumnLayout {
                    spacing: Theme.space2
                    VectorIcon {
                        name: "mark"
                        color: Theme.accent
                        scale: 1.6
                        transformOrigin: Item.TopLeft
                        Layout.bottomMargin: Theme.space3
                    }
                    Words {
                        objectName: "emptyText"
                        Layout.fillWidth: true
                        text: root.remote ? qsTr("Run containers on %1").arg(root.session.connection.nodeName) : qsTr("Run containers on this computer, and on any others that join it")
                        font.pixelSize: Theme.titleSize
                        font.weight: Font.Bold
                        wrapMode: Text.Wrap
                        Accessible.role: Accessible.Heading
                        Accessible.name: text
                    }
                    Words {
                        Layout.fillWidth: true
                        text: qsTr("You say what should run. Univrs shows where it would and why, starts it when you agree, and keeps it running.")
                        color: Theme.muted
                        wrapMode: Text.Wrap
                    }
                }
                Rectangle {
                    objectName: "engineState"
                    visible: root.health.known
                    Layout.fillWidth: true
                    implicitHeight: engine.implicitHeight + 2 * Theme.space3
                    radius: Theme.radius
                    color: Theme.toneGround(root.health.runtimeUp ? "good" : "warn")
                    Accessible.role: Accessible.StaticText
                    Accessible.name: engineWhat.text + ". " + engineWhy.text
                    RowLayout {
                        id: engine
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        anchors.margins: Theme.space3
                        spacing: Theme.space3
                        Dot {
                            Layout.alignment: Qt.AlignTop
                            Layout.topMargin: 6
                            tone: root.health.runtimeUp ? "good" : "warn"
                        }
                        ColumnLayout {
                            spacing: 2
                            Words {
                                id: engineWhat
                                Layout.fillWidth: true
                                text: root.health.runtimeUp ? qsTr("%1 is ready").arg(root.session.connection.runtime.length > 0 ? root.session.connection.runtime : qsTr("The container engine")) : qsTr("No container engine answers")
                                font.weight: Font.Medium
                            }
                            Words {
                                id: engineWhy
                                Layout.fillWidth: true
                                visible: text.length > 0
                                text: root.health.runtimeUp ? "" : (root.health.runtimeMessage.length > 0 ? root.health.runtimeMessage + "\n" : "") + qsTr("Install Podman (sudo apt install podman) or start Docker (sudo systemctl start docker). Univrs finds it by itself.")
                                color: Theme.muted
                                wrapMode: Text.Wrap
                            }
                        }
                        ActionButton {
                            visible: !root.health.runtimeUp
                            text: qsTr("Look again")
                            onClicked: root.health.refresh()
                        }
                    }
                }
                RowLayout {
                    spacing: Theme.space3
                    Repeater {
                        model: [
                            {
                                key: "drop",
                                icon: "drop",
                                title: qsTr("Drop a file"),
                                text: qsTr("Univrs, Compose or Kubernetes YAML, anywhere in this window"),
                                action: qsTr("Open file"),
                                keys: "Ctrl+O"
                            },
                            {
                                key: "example",
                                icon: "play",
                                title: qsTr("Try the example"),
                                text: qsTr("A small web server on port 8081, in one container"),
                                action: qsTr("Open example"),
                                keys: ""
                            }
                        ]
                        delegate: Rectangle {
                            id: way
                            required property var modelData
                            Layout.fillWidth: true
                            Layout.fillHeight: true
                            Layout.preferredWidth: 1
                            implicitHeight: inner.implicitHeight + 2 * Theme.space4
                            radius: Theme.cardRadius
                            color: Theme.surface
                            border.color: Theme.line
                            ColumnLayout {
                                id: inner
                                anchors.fill: parent
                                anchors.margins: Theme.space4
                                spacing: Theme.space2
                                RowLayout {
                                    spacing: Theme.space2
                                    VectorIcon {
                                        name: way.modelData.icon
                                        color: Theme.accent
                                    }
                                    Words {
                                        Layout.fillWidth: true
                                        text: way.modelData.title
                                        font.weight: Font.DemiBold
                                    }
                                }
                                Words {
                                    Layout.fillWidth: true
                                    Layout.fillHeight: true
                                    text: way.modelData.text
                                    color: Theme.muted
                                    wrapMode: Text.Wrap
                                }
                                ActionButton {
                                    objectName: "begin_" + way.modelData.key
                                    text: way.modelData.action
                                    shortcutText: way.modelData.keys.replace("+", " ")
                                    onClicked: way.modelData.key === "drop" ? root.openRequested() : root.session.openText(root.session.firstRun.example) // qmllint disable unqualified
                                }
                            }
                        }
                    }
                }
                ColumnLayout {
                    spacing: Theme.space2
                    Words {
                        text: qsTr("Or name an image")
                        font.weight: Font.DemiBold
                    }
                    ImageField {
                        Layout.fillWidth: true
                        session: root.session
                    }
                }
                RowLayout {
                    spacing: Theme.space2
                    Words {
                        text: qsTr("In a terminal")
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                    }
                    Mono {
                        id: cli
                        Layout.fillWidth: true
                        text: "univrs deploy nginx:1.27-alpine"
                        color: Theme.muted
                        Accessible.role: Accessible.StaticText
                        Accessible.name: text
                    }
                    CopyButton {
                        text: qsTr("Copy the command")
                        onCopyRequested: root.session.copy(cli.text)
                    }
                }
            }
        }
    }
}
