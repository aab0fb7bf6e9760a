// The selected gossip message: who said it, how it came, what it says.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property GossipLog log: session.network.gossip
    readonly property var message: log.selected
    readonly property bool present: session.selectedMessageId.length > 0
    readonly property string shownText: tabs.current === "hex" ? message.hex ?? "" : message.decoded ?? ""
    visible: present
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Message of %1").arg(message.topic ?? "")

    component Fact: RowLayout {
        id: fact
        property string name
        property string value
        property string copied
        property bool mono: false
        property string peer
        visible: value.length > 0
        Layout.fillWidth: true
        spacing: Theme.space2
        Words {
            Layout.preferredWidth: 104
            text: fact.name
            color: Theme.muted
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            text: fact.value
            font.family: fact.mono ? Theme.monoFamily : Theme.family
            font.pixelSize: fact.mono ? Theme.monoSize : Theme.bodySize
            elide: Text.ElideMiddle
            Accessible.role: Accessible.StaticText
            Accessible.name: fact.name + ": " + fact.value
        }
        IconButton {
            visible: fact.peer.length > 0
            implicitHeight: 22
            iconName: "external"
            text: qsTr("Show %1 in the peer graph").arg(fact.value)
            onClicked: root.session.go("peers", fact.peer) // qmllint disable unqualified
        }
        CopyButton {
            visible: fact.copied.length > 0
            implicitHeight: 22
            text: qsTr("Copy")
            onCopyRequested: root.session.copy(fact.copied) // qmllint disable unqualified
        }
        Item {
            Layout.fillWidth: true
            Layout.preferredWidth: 0
        }
    }

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

        RowLayout {
            spacing: Theme.space3
            Words {
                objectName: "messageTopic"
                text: root.message.topic ?? ""
                font.pixelSize: 17
                font.weight: Font.Bold
                elide: Text.ElideMiddle
                Layout.fillWidth: true
                Layout.maximumWidth: implicitWidth + 1
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            StatusChip {
                tone: root.message.tone ?? "idle"
                word: root.message.verdict ?? ""
            }
            Item {
                Layout.fillWidth: true
                Layout.preferredWidth: 0
            }
            IconButton {
                iconName: "close"
                text: qsTr("Close")
                tip: qsTr("Close (Esc)")
                onClicked: root.session.selectMessage("")
            }
        }
        Words {
            visible: text.length > 0
            Layout.fillWidth: true
            text: root.message.reason ?? ""
            color: Theme.tone(root.message.tone ?? "idle")
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 4
            Fact {
                name: qsTr("Author")
                value: root.message.authorName ?? ""
                copied: root.message.author ?? ""
                peer: root.message.author ?? ""
            }
            Fact {
                name: qsTr("Came from")
                value: root.message.viaName ?? ""
                copied: root.message.via ?? ""
                peer: root.message.via ?? ""
            }
            Fact {
                name: qsTr("Time")
                value: root.message.time ?? ""
            }
            Fact {
                name: qsTr("Size")
                value: root.message.size ?? ""
            }
            Fact {
                name: qsTr("Number")
                value: root.message.seqno ?? ""
                mono: true
            }
            Fact {
                name: qsTr("Message id")
                value: root.message.messageId ?? ""
                copied: value
                mono: true
            }
        }
        RowLayout {
            spacing: Theme.space2
            ActionButton {
                objectName: "onlyTopic"
                implicitHeight: 28
                text: root.log.topic === root.message.topic ? qsTr("All topics") : qsTr("Only this topic")
                onClicked: root.log.topic = root.log.topic === root.message.topic ? "" : root.message.topic
            }
            ActionButton {
                objectName: "onlyPeer"
                implicitHeight: 28
                text: root.log.peer === root.message.author ? qsTr("All peers") : qsTr("Only this author")
                onClicked: root.log.peer = root.log.peer === root.message.author ? "" : root.message.author
            }
        }
        RowLayout {
            spacing: Theme.space2
            Tabs {
                id: tabs
                Layout.fillWidth: true
                accessibleName: qsTr("The message's content")
                current: "decoded"
                model: [
                    {
                        "id": "decoded",
                        "title": qsTr("Decoded")
                    },
                    {
                        "id": "hex",
                        "title": qsTr("Hex")
                    }
                ]
            }
            CopyButton {
                text: qsTr("Copy the content")
                enabled: root.shownText.length > 0
                onCopyRequested: root.session.copy(root.shownText)
            }
        }
        Words {
            visible: text.length > 0
            text: root.message.note ?? ""
            color: Theme.muted
            font.pixelSize: Theme.smallSize
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: 80
            radius: Theme.radius
            color: Theme.sunken
            border.width: content.activeFocus ? 2 : 1
            border.color: content.activeFocus ? Theme.accent : Theme.line
            Flickable {
                id: flick
                anchors.fill: parent
                anchors.margins: 8
                clip: true
                boundsBehavior: Flickable.StopAtBounds
                contentWidth: Math.max(width, content.implicitWidth)
                contentHeight: content.implicitHeight
                T.ScrollBar.vertical: ScrollThumb {}
                T.ScrollBar.horizontal: ScrollThumb {}
                TextEdit {
                    id: content
                    objectName: "messageContent"
                    width: tabs.current === "hex" ? implicitWidth : flick.width - 8
                    readOnly: true
                    textFormat: TextEdit.PlainText
                    wrapMode: tabs.current === "hex" ? TextEdit.NoWrap : TextEdit.Wrap
                    selectByMouse: true
                    color: Theme.text
                    selectionColor: Qt.alpha(Theme.accent, 0.35)
                    selectedTextColor: Theme.text
                    font.family: Theme.monoFamily
                    font.pixelSize: tabs.current === "hex" ? 11 : Theme.monoSize
                    activeFocusOnTab: true
                    text: root.shownText
                    Accessible.role: Accessible.EditableText
                    Accessible.name: qsTr("The message's content")
                    Accessible.multiLine: true
                    Accessible.readOnly: true
                    Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                    Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
                }
            }
            Words {
                anchors.centerIn: parent
                width: Math.min(implicitWidth, parent.width - 32)
                visible: root.shownText.length === 0
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                text: (root.message.hex ?? "").length === 0 ? qsTr("It is empty") : qsTr("Neither text nor JSON: see Hex")
                color: Theme.muted
            }
        }
    }
}
