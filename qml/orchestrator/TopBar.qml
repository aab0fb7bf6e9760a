// Who one is connected to, finding, and the two things one does most.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    required property Session session
    signal openRequested
    function focusSearch() {
        search.forceActiveFocus(Qt.ShortcutFocusReason);
        search.selectAll();
    }
    readonly property ConnectionModel connection: session.connection
    readonly property bool narrow: width < 940
    implicitHeight: Theme.topBar
    color: Theme.surface

    RowLayout {
        anchors.left: parent.left
        anchors.leftMargin: Theme.space4
        anchors.right: search.left
        anchors.rightMargin: Theme.space3
        height: parent.height
        spacing: Theme.space2
        VectorIcon {
            name: "mark"
            color: Theme.accent
            implicitWidth: 16
        }
        Words {
            text: root.connection.nodeName.length > 0 ? root.connection.nodeName : root.connection.endpoint
            font.weight: Font.DemiBold
            Layout.maximumWidth: 220
            Layout.fillWidth: implicitWidth > 150
        }
        StatusChip {
            objectName: "connectionState"
            tone: root.connection.tone
            word: root.connection.word
        }
        Item {
            Layout.fillWidth: true
        }
    }
    TextBox {
        id: search
        objectName: "searchField"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.horizontalCenterOffset: root.narrow ? -20 : 0
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(420, root.width * 0.32)
        iconName: "search"
        hint: "Ctrl K"
        placeholderText: qsTr("Find workloads")
        text: root.session.list.text
        onTextEdited: root.session.list.text = text
        Keys.onEscapePressed: {
            clear();
            root.session.list.text = "";
        }
    }
    RowLayout {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        height: parent.height
        spacing: Theme.space2
        IconButton {
            objectName: "themeButton"
            iconName: root.session.appearance.choice === Appearance.Dark ? "moon" : root.session.appearance.choice === Appearance.Light ? "sun" : "system"
            text: qsTr("Appearance: %1").arg(root.session.appearance.choiceName)
            onClicked: root.session.appearance.next()
        }
        ActionButton {
            objectName: "openButton"
            text: qsTr("Open file")
            tip: qsTr("Open manifests (Ctrl+O)")
            onClicked: root.openRequested()
        }
        ActionButton {
            objectName: "deployButton"
            text: qsTr("Deploy")
            tip: qsTr("Write or paste a manifest (Ctrl+N)")
            primary: true
            onClicked: root.session.deploy.startEmpty()
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
