// How the node's parts are.
import QtQuick
import QtQuick.Layouts
import Univrs

Panel {
    id: root
    required property Session session
    readonly property HealthModel health: session.health
    width: 360
    padding: Theme.space4
    accessibleName: qsTr("Health")
    onAboutToShow: if (session.connection.connected)
        health.refresh()
    onOpened: again.forceActiveFocus(Qt.TabFocusReason)

    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        spacing: Theme.space3
        Words {
            Layout.fillWidth: true
            text: root.health.word
            font.pixelSize: 15
            font.weight: Font.DemiBold
            color: Theme.tone(root.health.tone)
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.session.connection.connected ? root.health.summary : root.session.connection.why
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Repeater {
            model: root.health.parts
            delegate: RowLayout {
                id: part
                required property var modelData
                Layout.fillWidth: true
                spacing: Theme.space3
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData.name + ", " + modelData.word + ", " + modelData.message
                Dot {
                    Layout.alignment: Qt.AlignTop
                    Layout.topMargin: 6
                    tone: part.modelData.tone
                }
                ColumnLayout {
                    spacing: 0
                    Words {
                        Layout.fillWidth: true
                        text: part.modelData.name + " · " + part.modelData.word
                    }
                    Words {
                        Layout.fillWidth: true
                        visible: text.length > 0
                        text: part.modelData.message
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                        wrapMode: Text.Wrap
                        maximumLineCount: 3
                        elide: Text.ElideRight
                    }
                }
            }
        }
        RowLayout {
            Mono {
                Layout.fillWidth: true
                text: "univrs status"
                color: Theme.muted
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("The same in a terminal: %1").arg(text)
            }
            ActionButton {
                id: again
                text: qsTr("Look again")
                enabled: root.session.connection.connected
                onClicked: root.health.refresh()
            }
        }
    }
}
