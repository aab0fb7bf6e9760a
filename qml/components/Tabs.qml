// Parts of one thing, one of which is shown. `model` is a list of {id, title} and, where wanted, {count, tone}.
import QtQuick
import QtQuick.Templates as T
import Univrs

Item {
    id: root
    property var model: []
    property string current: model.length > 0 ? model[0].id : ""
    property string accessibleName
    readonly property int gaps: Math.max(0, tabs.count - 1)
    readonly property real words: {
        let sum = 0;
        for (let i = 0; i < tabs.count; ++i)
            sum += tabs.itemAt(i)?.implicitWidth ?? 0;
        return sum;
    }
    signal chosen(string id)

    implicitHeight: 36
    implicitWidth: words + Theme.space5 * gaps
    clip: row.width > width
    Accessible.role: Accessible.PageTabList
    Accessible.name: accessibleName

    function choose(id: string) {
        if (id !== current) {
            current = id;
            chosen(id);
        }
    }
    function step(by: int) {
        const ids = model.map(tab => tab.id);
        const to = (ids.indexOf(current) + by + ids.length) % ids.length;
        choose(ids[to]);
        tabs.itemAt(to).forceActiveFocus(Qt.TabFocusReason);
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
    Row {
        id: row
        height: parent.height
        spacing: Math.max(Theme.space2, Math.min(Theme.space5, Math.floor((root.width - root.words) / Math.max(1, root.gaps)))) // closer where there is no room
        Repeater {
            id: tabs
            model: root.model
            delegate: T.TabButton {
                id: tab
                required property var modelData
                readonly property bool isCurrent: modelData.id === root.current // qmllint disable unqualified
                objectName: "tab-" + modelData.id
                text: modelData.title
                checkable: false // what is shown decides, not the click
                height: row.height // qmllint disable unqualified
                implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
                leftPadding: 1
                rightPadding: 1
                focusPolicy: isCurrent ? Qt.StrongFocus : Qt.ClickFocus
                Accessible.name: text
                Accessible.selectable: true
                Accessible.selected: isCurrent
                Accessible.onPressAction: clicked()
                onClicked: root.choose(modelData.id) // qmllint disable unqualified
                Keys.onLeftPressed: root.step(-1) // qmllint disable unqualified
                Keys.onRightPressed: root.step(1) // qmllint disable unqualified
                contentItem: Row {
                    spacing: 6
                    Words {
                        height: parent.height
                        verticalAlignment: Text.AlignVCenter
                        text: tab.text
                        font.weight: tab.isCurrent ? Font.DemiBold : Font.Normal
                        color: tab.isCurrent || tab.hovered ? Theme.text : Theme.muted
                        Accessible.ignored: true
                    }
                    Count {
                        anchors.verticalCenter: parent.verticalCenter
                        visible: tab.modelData.count !== undefined && tab.modelData.count > 0
                        value: tab.modelData.count ?? 0
                        tone: tab.modelData.tone ?? "idle"
                    }
                }
                background: Item {
                    Rectangle {
                        visible: tab.isCurrent
                        anchors.bottom: parent.bottom
                        width: parent.width
                        height: 2
                        radius: 1
                        color: Theme.accent
                    }
                    FocusRing {
                        anchors.topMargin: 5
                        anchors.bottomMargin: 5
                        anchors.leftMargin: -6
                        anchors.rightMargin: -6
                        radius: 6
                        visible: tab.visualFocus
                    }
                }
            }
        }
    }
}
