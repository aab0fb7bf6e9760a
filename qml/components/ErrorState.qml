// Something could not be shown: what, why, and what to do; its details can be copied.
import QtQuick
import QtQuick.Layouts
import Univrs

Item {
    id: root
    property problem problem
    property bool retryable: false
    signal retryRequested
    signal copyRequested(string text)

    implicitHeight: column.implicitHeight + 2 * Theme.space6
    implicitWidth: 320
    Accessible.role: Accessible.AlertMessage
    Accessible.name: problem.what
    Accessible.description: problem.why + " " + problem.hint

    ColumnLayout {
        id: column
        anchors.centerIn: parent
        width: Math.min(480, root.width - 2 * Theme.space4)
        spacing: Theme.space2
        Rectangle {
            Layout.alignment: Qt.AlignHCenter
            Layout.bottomMargin: Theme.space2
            implicitWidth: 44
            implicitHeight: 44
            radius: 12
            color: Theme.toneGround("bad")
            VectorIcon {
                anchors.centerIn: parent
                size: 20
                name: "warning"
                color: Theme.red
            }
        }
        Words {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            text: root.problem.what
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
            text: root.problem.why
            color: Theme.muted
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            lineHeight: 1.25
            text: root.problem.hint
            Accessible.ignored: true
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.space2
            spacing: Theme.space2
            ActionButton {
                visible: root.retryable
                iconName: "restart"
                text: qsTr("Try again")
                onClicked: root.retryRequested()
            }
            ActionButton {
                quiet: true
                iconName: "copy"
                text: qsTr("Copy details")
                onClicked: root.copyRequested(root.problem.text)
            }
        }
    }
}
