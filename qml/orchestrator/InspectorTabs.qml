// The parts of the selected thing, one of which is shown. `model`: a list of {id, title}.
import QtQuick
import QtQuick.Templates as T
import Univrs

Item {
    id: root
    property var model: []
    property string current: model.length > 0 ? model[0].id : ""
    signal chosen(string id)
    implicitHeight: 34
    clip: true
    Accessible.role: Accessible.PageTabList
    Accessible.name: qsTr("Details")

    function step(by: int) {
        const ids = model.map(tab => tab.id);
        const to = (ids.indexOf(current) + by + ids.length) % ids.length;
        chosen(ids[to]);
        tabs.itemAt(to).forceActiveFocus(Qt.TabFocusReason);
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
    Row {
        id: row
        height: parent.height
        spacing: root.width < 400 ? Theme.space3 : Theme.space4
        Repeater {
            id: tabs
            model: root.model
            delegate: T.Button {
                id: tab
                required property var modelData
                readonly property bool isCurrent: modelData.id === root.current // qmllint disable unqualified
                objectName: "tab-" + modelData.id
                text: modelData.title
                implicitWidth: contentItem.implicitWidth + 2
                height: row.height // qmllint disable unqualified
                focusPolicy: isCurrent ? Qt.StrongFocus : Qt.ClickFocus
                Accessible.role: Accessible.PageTab
                Accessible.name: text
                Accessible.selectable: true
                Accessible.selected: isCurrent
                Accessible.onPressAction: clicked()
                onClicked: root.chosen(modelData.id) // qmllint disable unqualified
                Keys.onLeftPressed: root.step(-1) // qmllint disable unqualified
                Keys.onRightPressed: root.step(1) // qmllint disable unqualified
                contentItem: Words {
                    verticalAlignment: Text.AlignVCenter
                    text: tab.text
                    font.weight: tab.isCurrent ? Font.DemiBold : Font.Normal
                    color: tab.isCurrent || tab.hovered ? Theme.text : Theme.muted
                    Accessible.ignored: true
                }
                background: Item {
                    Rectangle {
                        visible: tab.isCurrent
                        anchors.bottom: parent.bottom
                        width: parent.width
                        height: 2
                        color: Theme.accent
                    }
                    FocusRing {
                        anchors.margins: 4
                        anchors.leftMargin: -5
                        anchors.rightMargin: -5
                        visible: tab.visualFocus
                    }
                }
            }
        }
    }
}
