// Nothing is here yet: why, and what to do next. Buttons written inside stand below the words.
import QtQuick
import QtQuick.Layouts
import Univrs

Item {
    id: root
    property string iconName: "tray"
    property string title
    property string text
    property string command // the line that does the same in a terminal
    property string tone: "idle"
    default property alias actions: buttons.data
    signal copyRequested(string text)

    implicitHeight: column.implicitHeight + 2 * Theme.space6
    implicitWidth: 320
    Accessible.role: Accessible.StaticText
    Accessible.name: title
    Accessible.description: text

    ColumnLayout {
        id: column
        anchors.centerIn: parent
        width: Math.min(440, root.width - 2 * Theme.space4)
        spacing: Theme.space2
        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            Layout.bottomMargin: Theme.space2
            implicitWidth: 44
            implicitHeight: 44
            radius: 12
            color: Theme.toneGround(root.tone)
            VectorIcon {
                anchors.centerIn: parent
                size: 20
                name: root.iconName
                color: Theme.tone(root.tone)
            }
        }
        Words {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            text: root.title
            font.pixelSize: Theme.headingSize
            font.weight: Font.DemiBold
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            lineHeight: 1.25
            text: root.text
            color: Theme.muted
            Accessible.ignored: true
        }
        CommandLine {
            Layout.alignment: Qt.AlignHCenter
            Layout.maximumWidth: column.width
            Layout.topMargin: Theme.space2
            visible: root.command.length > 0
            command: root.command
            onCopyRequested: root.copyRequested(root.command)
        }
        Row {
            id: buttons
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.space2
            spacing: Theme.space2
        }
    }
}
