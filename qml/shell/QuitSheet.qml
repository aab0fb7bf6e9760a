// Quitting while something runs here.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Panel {
    id: root
    required property Leaving leaving
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: parent ? Math.min(520, parent.width - 48) : 0
    padding: Theme.space5
    modal: true
    visible: leaving.asked
    closePolicy: T.Popup.CloseOnEscape
    accessibleName: qsTr("Quit Univrs")
    onAboutToShow: (leaving.canKeep ? keep : stop).forceActiveFocus(Qt.TabFocusReason)
    onClosed: {
        leaving.cancel();
        visible = Qt.binding(() => root.leaving.asked);
    }

    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        spacing: Theme.space3
        Words {
            objectName: "quitWhat"
            Layout.fillWidth: true
            text: root.leaving.what
            font.pixelSize: 17
            font.weight: Font.Bold
            wrapMode: Text.Wrap
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            Layout.fillWidth: true
            text: root.leaving.why
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Flow {
            Layout.fillWidth: true
            Layout.topMargin: Theme.space2
            spacing: Theme.space2
            layoutDirection: Qt.RightToLeft
            ActionButton {
                id: keep
                objectName: "quitKeep"
                visible: root.leaving.canKeep
                primary: true
                text: qsTr("Keep running and quit")
                onClicked: root.leaving.keep()
            }
            ActionButton {
                id: stop
                objectName: "quitStop"
                danger: true
                text: qsTr("Stop all and quit")
                onClicked: root.leaving.stopAll()
            }
            ActionButton {
                objectName: "quitCancel"
                text: qsTr("Cancel")
                onClicked: root.close()
            }
        }
    }
}
