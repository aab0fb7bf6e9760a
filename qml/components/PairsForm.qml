// A list of names with values, such as environment variables or labels. `pairs` is a list of {key, value}; a line for
// one more is always there.
import QtQuick
import QtQuick.Layouts
import Univrs

FormField {
    id: root
    property var pairs: []
    property string keyHint: qsTr("Name")
    property string valueHint: qsTr("Value")
    property int maximum: 200
    signal edited(var pairs)

    function put(index: int, key: string, value: string) {
        const list = pairs.slice();
        list[index] = {
            key: key,
            value: value
        };
        change(list);
    }
    function change(list: var) {
        // The lines stay as they are while one types in them.
        const sameLines = list.length === pairs.length;
        pairs = list;
        if (!sameLines)
            lines.model = pairs.length;
        edited(pairs);
    }
    onPairsChanged: if (lines.model !== pairs.length)
        lines.model = pairs.length
    Repeater {
        id: lines
        model: 0
        delegate: RowLayout {
            id: line
            required property int index
            Layout.fillWidth: true
            spacing: Theme.space1
            TextBox {
                id: key
                Layout.fillWidth: true
                Layout.preferredWidth: 2
                font.family: Theme.monoFamily
                placeholderText: root.keyHint // qmllint disable unqualified
                text: root.pairs[line.index] ? root.pairs[line.index].key : "" // qmllint disable unqualified
                Accessible.name: qsTr("%1, %2 of line %3").arg(root.label).arg(root.keyHint).arg(line.index + 1) // qmllint disable unqualified
                onTextEdited: root.put(line.index, text, value.text) // qmllint disable unqualified
            }
            TextBox {
                id: value
                Layout.fillWidth: true
                Layout.preferredWidth: 3
                font.family: Theme.monoFamily
                placeholderText: root.valueHint // qmllint disable unqualified
                text: root.pairs[line.index] ? root.pairs[line.index].value : "" // qmllint disable unqualified
                Accessible.name: qsTr("%1, %2 of line %3").arg(root.label).arg(root.valueHint).arg(line.index + 1) // qmllint disable unqualified
                onTextEdited: root.put(line.index, key.text, text) // qmllint disable unqualified
            }
            IconButton {
                iconName: "trash"
                text: qsTr("Remove line %1").arg(line.index + 1)
                onClicked: root.change(root.pairs.filter((pair, i) => i !== line.index)) // qmllint disable unqualified
            }
        }
    }
    ActionButton {
        quiet: true
        iconName: "plus"
        text: qsTr("Add a line")
        enabled: root.pairs.length < root.maximum
        onClicked: {
            root.change(root.pairs.concat([
                {
                    key: "",
                    value: ""
                }
            ]));
            lines.itemAt(lines.count - 1).nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason);
        }
    }
}
