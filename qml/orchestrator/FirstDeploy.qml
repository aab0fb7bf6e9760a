// Nothing is here yet: what to do next.
import QtQuick
import QtQuick.Layouts
import Univrs

Item {
    id: root
    required property Session session
    signal openRequested
    Rectangle {
        anchors.fill: parent
        radius: Theme.cardRadius
        color: "transparent"
        border.color: Theme.line
    }
    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(520, parent.width - 48)
        spacing: Theme.space4
        VectorIcon {
            Layout.alignment: Qt.AlignHCenter
            name: "drop"
            color: Theme.accent
        }
        Words {
            objectName: "emptyText"
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            font.pixelSize: 15
            font.weight: Font.DemiBold
            text: qsTr("Drop a manifest, Compose file or Kubernetes YAML here, or paste an image name")
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        ImageField {
            Layout.fillWidth: true
            session: root.session
        }
        Words {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            color: Theme.muted
            text: qsTr("You see what will run where, and why, before anything happens.")
        }
        ActionButton {
            Layout.alignment: Qt.AlignHCenter
            text: qsTr("Open file")
            shortcutText: "Ctrl O"
            onClicked: root.openRequested()
        }
    }
}
