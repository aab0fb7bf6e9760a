// Which cluster, finding and doing, how everything is.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Rectangle {
    id: root
    required property Desk desk
    readonly property Session session: desk.current
    readonly property bool narrow: width < 1000
    signal paletteRequested
    signal clustersRequested
    signal healthRequested
    signal notificationsRequested
    signal settingsRequested
    signal openRequested
    readonly property Item clusterAnchor: clusterButton
    readonly property Item healthAnchor: healthButton
    readonly property Item bellAnchor: bell
    implicitHeight: Theme.topBar
    color: Theme.surface

    T.AbstractButton {
        id: clusterButton
        objectName: "clusterButton"
        x: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        height: 36
        width: Math.min(implicitContentWidth + leftPadding + rightPadding, root.narrow ? 190 : 280)
        leftPadding: Theme.space2
        rightPadding: Theme.space2
        focusPolicy: Qt.StrongFocus
        text: qsTr("Cluster: %1, %2").arg(name.text).arg(root.session.connection.word)
        Accessible.role: Accessible.ButtonMenu
        Accessible.name: text
        Accessible.onPressAction: clicked()
        Keys.onReturnPressed: clicked()
        Keys.onDownPressed: clicked()
        onClicked: root.clustersRequested()
        contentItem: RowLayout { // qmllint disable deferred-property-id
            spacing: Theme.space2
            VectorIcon {
                name: "mark"
                color: Theme.accent
            }
            Words {
                id: name
                objectName: "clusterName"
                Layout.fillWidth: true
                text: root.session.connection.nodeName.length > 0 ? root.session.connection.nodeName : root.session.connection.endpoint
                font.weight: Font.DemiBold
            }
            Dot {
                objectName: "connectionState"
                tone: root.session.connection.tone
            }
            VectorIcon {
                name: "chevron-down"
            }
        }
        background: Rectangle {
            radius: Theme.radius
            color: clusterButton.down ? Theme.selection : clusterButton.hovered ? Theme.raised : "transparent"
            FocusRing {
                visible: clusterButton.visualFocus
            }
        }
        Tip {
            visible: clusterButton.hovered && !clusterButton.down
            text: root.session.connection.endpoint + " · " + root.session.connection.word
        }
    }
    T.AbstractButton {
        id: search
        objectName: "searchField"
        readonly property real from: clusterButton.x + clusterButton.width + Theme.space3
        readonly property real to: actions.x - Theme.space3
        width: Math.min(440, to - from)
        x: Math.max(from, Math.min((root.width - width) / 2, to - width))
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.control
        focusPolicy: Qt.StrongFocus
        text: qsTr("Search, or run a command")
        Accessible.role: Accessible.Button
        Accessible.name: text
        Accessible.description: qsTr("Control K")
        Accessible.onPressAction: clicked()
        Keys.onReturnPressed: clicked()
        onClicked: root.paletteRequested()
        contentItem: RowLayout {
            spacing: Theme.space2
            VectorIcon {
                Layout.leftMargin: 10
                name: "search"
            }
            Words {
                Layout.fillWidth: true
                text: search.text
                color: Theme.muted
            }
            KeyCap {
                Layout.rightMargin: 7
                visible: search.width > 240
                keys: "Ctrl+K"
            }
        }
        background: Rectangle {
            radius: Theme.radius
            color: search.hovered ? Theme.raised : Theme.background
            border.color: Theme.line
            FocusRing {
                visible: search.visualFocus
            }
        }
    }
    RowLayout {
        id: actions
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        height: parent.height
        spacing: Theme.space1
        T.AbstractButton {
            id: healthButton
            objectName: "healthChip"
            implicitHeight: 26
            implicitWidth: implicitContentWidth + 20
            Layout.rightMargin: Theme.space2
            focusPolicy: Qt.StrongFocus
            leftPadding: 10
            rightPadding: 10
            text: root.session.health.word
            Accessible.role: Accessible.ButtonMenu
            Accessible.name: qsTr("Health: %1").arg(text)
            Accessible.description: root.session.health.summary
            Accessible.onPressAction: clicked()
            Keys.onReturnPressed: clicked()
            onClicked: root.healthRequested()
            contentItem: Row {
                spacing: 6
                Dot {
                    anchors.verticalCenter: parent.verticalCenter
                    tone: root.session.health.tone
                }
                Words {
                    anchors.verticalCenter: parent.verticalCenter
                    text: healthButton.text
                    color: Theme.tone(root.session.health.tone)
                    font.pixelSize: 12
                    font.weight: Font.Medium
                }
            }
            background: Rectangle {
                radius: height / 2
                color: healthButton.hovered ? Theme.raised : Theme.toneGround(root.session.health.tone)
                FocusRing {
                    radius: height / 2
                    visible: healthButton.visualFocus
                }
            }
        }
        IconButton {
            id: bell
            objectName: "bellButton"
            iconName: "bell"
            text: root.desk.notifications.unread > 0 ? qsTr("Notifications, %1 unread").arg(root.desk.notifications.unread) : qsTr("Notifications")
            onClicked: root.notificationsRequested()
            Rectangle {
                visible: root.desk.notifications.unread > 0
                x: parent.width - width + 2
                y: 0
                width: Math.max(15, unread.implicitWidth + 7)
                height: 15
                radius: 7.5
                color: Theme.red
                Words {
                    id: unread
                    objectName: "unreadCount"
                    anchors.centerIn: parent
                    text: root.desk.notifications.unread > 99 ? "99+" : root.desk.notifications.unread
                    font.pixelSize: 10
                    font.weight: Font.DemiBold
                    color: Theme.surface
                    Accessible.ignored: true
                }
            }
        }
        IconButton {
            objectName: "settingsButton"
            iconName: "settings"
            text: qsTr("Settings")
            tip: qsTr("Settings (Ctrl+,)")
            onClicked: root.settingsRequested()
        }
        IconButton {
            objectName: "themeButton"
            iconName: root.desk.appearance.choice === Appearance.Dark ? "moon" : root.desk.appearance.choice === Appearance.Light ? "sun" : "system"
            text: qsTr("Appearance: %1").arg(root.desk.appearance.choiceName)
            onClicked: root.desk.appearance.next()
        }
        IconButton {
            objectName: "openButton"
            iconName: "upload"
            text: qsTr("Open file")
            tip: qsTr("Open manifests (Ctrl+O)")
            onClicked: root.openRequested()
        }
        ActionButton {
            objectName: "deployButton"
            Layout.leftMargin: Theme.space2
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
