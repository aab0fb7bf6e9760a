// Connecting to a node elsewhere. It is asked who it is before it is kept.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Panel {
    id: root
    required property Desk desk
    readonly property NodeForm form: desk.adding
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: parent ? Math.min(520, parent.width - 48) : 0
    modal: true
    padding: Theme.space5
    closePolicy: T.Popup.CloseOnEscape
    accessibleName: qsTr("Connect to a node elsewhere")
    onAboutToShow: {
        form.clear();
        url.forceActiveFocus(Qt.PopupFocusReason);
    }
    onClosed: form.cancel()
    Connections {
        target: root.form
        function onAccepted() {
            root.close();
        }
    }

    component Field: ColumnLayout {
        id: field
        property string title
        default property alias content: slot.data
        spacing: 4
        Words {
            text: field.title
            color: Theme.muted
            font.pixelSize: Theme.smallSize
        }
        RowLayout {
            id: slot
        }
    }

    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        spacing: Theme.space3
        Words {
            Layout.fillWidth: true
            text: qsTr("Connect to a node elsewhere")
            font.pixelSize: 17
            font.weight: Font.Bold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Field {
            title: qsTr("Address")
            TextBox {
                id: url
                objectName: "nodeUrl"
                Layout.fillWidth: true
                placeholderText: qsTr("https://host:8080")
                Accessible.name: qsTr("Address")
                text: root.form.url
                onTextEdited: root.form.url = text
                onAccepted: root.form.check()
            }
        }
        Field {
            title: qsTr("Token: the first line of DATA/api.token on that node")
            TextBox {
                objectName: "nodeToken"
                Layout.fillWidth: true
                placeholderText: qsTr("Token")
                echoMode: TextInput.Password
                enabled: root.form.tokenFile.length === 0
                text: root.form.token
                onTextEdited: root.form.token = text
                onAccepted: root.form.check()
            }
        }
        Field {
            title: qsTr("Or a file that holds it, read at each start")
            TextBox {
                Layout.fillWidth: true
                placeholderText: qsTr("Token file")
                enabled: root.form.token.length === 0
                text: root.form.tokenFile
                onTextEdited: root.form.tokenFile = text
                onAccepted: root.form.check()
            }
        }
        Field {
            title: qsTr("Authorities to check an https node against (PEM), when not the system's")
            TextBox {
                Layout.fillWidth: true
                placeholderText: qsTr("CA file")
                text: root.form.caFile
                onTextEdited: root.form.caFile = text
                onAccepted: root.form.check()
            }
        }
        RowLayout {
            spacing: Theme.space2
            SettingSwitch {
                text: qsTr("Accept any certificate")
                checked: root.form.insecure
                onToggled: root.form.insecure = checked
            }
            Words {
                Layout.fillWidth: true
                text: qsTr("Accept any certificate")
            }
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.form.caution
            color: Theme.amber
            wrapMode: Text.Wrap
        }
        Words {
            objectName: "nodeProblem"
            Layout.fillWidth: true
            visible: root.form.problem.present
            text: root.form.problem.text
            color: Theme.red
            wrapMode: Text.Wrap
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
        RowLayout {
            spacing: Theme.space2
            Mono {
                Layout.fillWidth: true
                text: "univrs --connect-to URL --token-file FILE"
                color: Theme.muted
                font.pixelSize: 11
            }
            ActionButton {
                text: qsTr("Cancel")
                onClicked: root.close()
            }
            ActionButton {
                objectName: "nodeConnect"
                primary: true
                text: root.form.busy ? qsTr("Asking…") : qsTr("Connect")
                enabled: root.form.complete && !root.form.busy
                onClicked: root.form.check()
            }
        }
    }
}
