// A decision: what you gave on the left or above, what will happen, and one primary action below.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

T.Popup {
    id: root
    property string title
    property string subtitle
    property string primaryText
    property string primaryShortcut: "Ctrl ⏎"
    property bool primaryEnabled: true
    property bool danger: false
    property bool busy: false // under way: it is not closed by Esc
    property string command // the line that does the same in a terminal
    property int sheetWidth: 560
    property alias headTools: headRow.data
    default property alias body: content.data
    signal accepted
    signal copyRequested(string text)

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: parent ? Math.min(sheetWidth, parent.width - 48) : sheetWidth
    height: parent ? Math.min(implicitHeight, parent.height - 56) : implicitHeight
    implicitHeight: head.height + content.implicitHeight + 2 * Theme.space5 + foot.height
    modal: true
    focus: true
    padding: 0
    closePolicy: busy ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape

    function accept() {
        if (primaryEnabled && !busy)
            accepted();
    }
    T.Overlay.modal: Rectangle {
        color: Theme.veil
    }
    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.color: Theme.lineStrong
    }
    contentItem: FocusScope { // qmllint disable deferred-property-id
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: root.title
        Keys.onPressed: event => {
            if ((event.key === Qt.Key_Return || event.key === Qt.Key_Enter) && (event.modifiers & Qt.ControlModifier)) {
                root.accept();
                event.accepted = true;
            }
        }
        Item {
            id: head
            width: parent.width
            height: 56
            RowLayout {
                anchors.fill: parent
                anchors.leftMargin: Theme.space5
                anchors.rightMargin: Theme.space3
                spacing: Theme.space3
                Words {
                    text: root.title
                    font.pixelSize: 16
                    font.weight: Font.Bold
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Words {
                    Layout.fillWidth: true
                    text: root.subtitle
                    color: Theme.muted
                }
                Row {
                    id: headRow
                    spacing: Theme.space2
                }
                IconButton {
                    enabled: !root.busy
                    iconName: "close"
                    text: qsTr("Close")
                    onClicked: root.close()
                }
            }
            Hairline {
                anchors.bottom: parent.bottom
                width: parent.width
            }
        }
        Flickable {
            id: page
            anchors.top: head.bottom
            anchors.bottom: foot.top
            width: parent.width
            contentHeight: content.implicitHeight + 2 * Theme.space5
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            FocusFollower {
                view: page
            }
            T.ScrollBar.vertical: ScrollThumb {}
            ColumnLayout {
                id: content
                x: Theme.space5
                y: Theme.space5
                width: parent.width - 2 * Theme.space5
                spacing: Theme.space4
            }
        }
        Item {
            id: foot
            anchors.bottom: parent.bottom
            width: parent.width
            height: 60
            Hairline {
                width: parent.width
            }
            RowLayout {
                anchors.fill: parent
                anchors.leftMargin: Theme.space5
                anchors.rightMargin: Theme.space5
                spacing: Theme.space2
                CommandLine {
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth
                    visible: root.command.length > 0
                    command: root.command
                    onCopyRequested: root.copyRequested(root.command)
                }
                Item {
                    Layout.fillWidth: true
                }
                ActionButton {
                    enabled: !root.busy
                    text: qsTr("Cancel")
                    onClicked: root.close()
                }
                ActionButton {
                    objectName: "primaryAction"
                    primary: !root.danger
                    danger: root.danger
                    enabled: root.primaryEnabled && !root.busy
                    text: root.primaryText
                    shortcutText: root.primaryShortcut
                    onClicked: root.accept()
                }
            }
        }
    }
}
