// An image name to deploy.
import QtQuick
import QtQuick.Layouts
import Univrs

RowLayout {
    id: root
    required property Session session
    spacing: Theme.space2
    function submit() {
        if (field.text.trim().length > 0)
            root.session.openText(field.text.trim());
    }
    TextBox {
        id: field
        objectName: "imageField"
        Layout.fillWidth: true
        placeholderText: qsTr("Image, for example nginx:1.27-alpine")
        font.family: length > 0 ? Theme.monoFamily : Theme.family
        onAccepted: root.submit()
    }
    ActionButton {
        text: qsTr("Show plan")
        primary: true
        enabled: field.text.trim().length > 0
        onClicked: root.submit()
    }
}
