// Everything that can be done or gone to, by a few letters.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Panel {
    id: root
    required property Desk desk
    parent: T.Overlay.overlay
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: 64
    width: parent ? Math.min(640, parent.width - 48) : 0
    height: Math.min(field.height + list.contentHeight + footer.height + 2 * Theme.space2 + 2, parent ? parent.height - 112 : 480, 560)
    modal: true
    accessibleName: qsTr("Search and commands")
    onAboutToShow: {
        desk.palette.query = "";
        desk.preparePalette();
        field.text = "";
        list.currentIndex = 0;
        field.forceActiveFocus(Qt.PopupFocusReason);
    }
    function run(row: int) {
        if (row < 0)
            return;
        close();
        desk.palette.run(row);
    }

    contentItem: FocusScope { // qmllint disable deferred-property-id
        T.TextField {
            id: field
            objectName: "paletteField"
            focus: true
            width: parent.width
            height: 48
            leftPadding: 44
            rightPadding: Theme.space4
            verticalAlignment: TextInput.AlignVCenter
            color: Theme.text
            placeholderTextColor: Theme.muted
            selectionColor: Qt.alpha(Theme.accent, 0.35)
            selectedTextColor: Theme.text
            font.family: Theme.family
            font.pixelSize: 15
            maximumLength: 4096
            Accessible.role: Accessible.EditableText
            Accessible.name: hint.text
            onTextEdited: {
                root.desk.palette.query = text;
                list.currentIndex = 0;
                list.positionViewAtBeginning();
            }
            Keys.onPressed: event => {
                const page = Math.max(1, Math.floor(list.height / 40) - 1);
                switch (event.key) {
                case Qt.Key_Down:
                    list.currentIndex = list.currentIndex + 1 < list.count ? list.currentIndex + 1 : 0;
                    break;
                case Qt.Key_Up:
                    list.currentIndex = list.currentIndex > 0 ? list.currentIndex - 1 : list.count - 1;
                    break;
                case Qt.Key_PageDown:
                    list.currentIndex = Math.min(list.count - 1, list.currentIndex + page);
                    break;
                case Qt.Key_PageUp:
                    list.currentIndex = Math.max(0, list.currentIndex - page);
                    break;
                case Qt.Key_Return:
                case Qt.Key_Enter:
                    root.run(list.currentIndex);
                    break;
                default:
                    return;
                }
                event.accepted = true;
            }
            VectorIcon {
                x: 16
                anchors.verticalCenter: parent.verticalCenter
                name: "search"
            }
            Words {
                id: hint
                anchors.fill: parent
                anchors.leftMargin: field.leftPadding
                verticalAlignment: Text.AlignVCenter
                visible: field.length === 0 && field.preeditText.length === 0
                text: qsTr("Go to, do, or deploy: restart web, nodes, nginx:1.27")
                font.pixelSize: 15
                color: Theme.muted
                Accessible.ignored: true
            }
        }
        Hairline {
            y: field.height
            width: parent.width
        }
        ListView {
            id: list
            objectName: "paletteList"
            anchors.top: field.bottom
            anchors.topMargin: 1
            anchors.bottom: footer.top
            anchors.left: parent.left
            anchors.right: parent.right
            topMargin: Theme.space2
            bottomMargin: Theme.space2
            clip: true
            model: root.desk.palette
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 0
            keyNavigationEnabled: false
            reuseItems: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Results")
            T.ScrollBar.vertical: ScrollThumb {}
            delegate: T.ItemDelegate {
                id: row
                required property int index
                required property string title
                required property string detail
                required property string group
                required property string iconName
                required property string shortcut
                width: ListView.view ? ListView.view.width : 0
                height: 40
                leftPadding: Theme.space2
                rightPadding: Theme.space2
                focusPolicy: Qt.NoFocus
                text: detail.length > 0 ? title + ", " + detail : title
                Accessible.name: text
                Accessible.description: shortcut.length > 0 ? group + ", " + shortcut : group
                Accessible.selected: ListView.isCurrentItem
                Accessible.selectable: true
                Accessible.onPressAction: clicked()
                onClicked: root.run(index) // qmllint disable unqualified
                contentItem: RowLayout {
                    spacing: Theme.space3
                    VectorIcon {
                        Layout.leftMargin: Theme.space2
                        name: row.iconName.length > 0 ? row.iconName : "chevron-right"
                        color: row.ListView.isCurrentItem ? Theme.accent : Theme.muted
                    }
                    Words {
                        text: row.title
                        font.weight: row.ListView.isCurrentItem ? Font.Medium : Font.Normal
                        Layout.maximumWidth: row.width * 0.6
                    }
                    Words {
                        Layout.fillWidth: true
                        text: row.detail
                        color: Theme.muted
                        elide: Text.ElideMiddle
                    }
                    KeyCap {
                        keys: row.shortcut
                    }
                    Words {
                        Layout.rightMargin: Theme.space2
                        text: row.group
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                    }
                }
                background: Item {
                    Rectangle {
                        anchors.fill: parent
                        anchors.leftMargin: Theme.space2
                        anchors.rightMargin: Theme.space2
                        radius: Theme.radius
                        color: row.ListView.isCurrentItem ? Theme.selection : row.hovered ? Theme.hover : "transparent"
                    }
                }
            }
        }
        Words {
            visible: list.count === 0
            anchors.centerIn: list
            text: qsTr("Nothing fits “%1”").arg(root.desk.palette.query)
            color: Theme.muted
            width: Math.min(implicitWidth, parent.width - 48)
        }
        Rectangle {
            id: footer
            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: 1
            height: list.count === 0 ? 72 : 30
            radius: Theme.cardRadius
            color: "transparent"
            Words {
                anchors.right: parent.right
                anchors.rightMargin: Theme.space4
                anchors.bottom: parent.bottom
                anchors.bottomMargin: 8
                text: qsTr("↑ ↓ choose · Enter does it · Esc closes")
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                Accessible.ignored: true
            }
        }
    }
}
