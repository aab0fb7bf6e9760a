// One of a few short choices, all in sight. `model` is a list of {id, title}.
import QtQuick
import QtQuick.Templates as T
import Univrs

Rectangle {
    id: root
    property var model: []
    property string current
    property string accessibleName
    signal chosen(string id)

    implicitHeight: 30
    implicitWidth: row.implicitWidth + 4
    radius: Theme.radius
    color: Theme.sunken
    border.color: Theme.line
    Accessible.role: Accessible.Grouping
    Accessible.name: accessibleName

    function choose(index: int) {
        const count = model.length;
        const to = (index + count) % count;
        current = model[to].id;
        chosen(current);
        parts.itemAt(to).forceActiveFocus(Qt.TabFocusReason);
    }
    Row {
        id: row
        x: 2
        y: 2
        height: parent.height - 4
        spacing: 1
        Repeater {
            id: parts
            model: root.model
            delegate: T.RadioButton {
                id: part
                required property var modelData
                required property int index
                readonly property bool isCurrent: modelData.id === root.current // qmllint disable unqualified
                text: modelData.title
                checked: isCurrent
                height: row.height // qmllint disable unqualified
                width: Math.max(34, contentItem.implicitWidth + 18)
                focusPolicy: isCurrent ? Qt.StrongFocus : Qt.ClickFocus
                Accessible.name: modelData.spoken ?? text
                Accessible.checkable: true
                Accessible.checked: isCurrent
                Accessible.onPressAction: clicked()
                Accessible.onToggleAction: clicked()
                onClicked: root.choose(index) // qmllint disable unqualified
                Keys.onLeftPressed: root.choose(index - 1) // qmllint disable unqualified
                Keys.onRightPressed: root.choose(index + 1) // qmllint disable unqualified
                contentItem: Words {
                    text: part.text
                    font.pixelSize: 12
                    font.weight: part.isCurrent ? Font.Medium : Font.Normal
                    color: part.isCurrent || part.hovered ? Theme.text : Theme.muted
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                    Accessible.ignored: true
                }
                background: Rectangle {
                    radius: 5
                    color: part.isCurrent ? Theme.lifted : "transparent"
                    border.width: part.isCurrent ? 1 : 0
                    border.color: Theme.lineStrong
                    FocusRing {
                        visible: part.visualFocus
                    }
                }
            }
        }
    }
}
