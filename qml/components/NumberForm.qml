// A whole number within bounds, with its unit. Up and Down change it, with Page keys by tenfold steps.
import QtQuick
import QtQuick.Layouts
import Univrs

FormField {
    id: root
    property int value: 0
    property int from: 0
    property int to: 1000000
    property int step: 1
    property string unit
    readonly property bool valid: /^-?\d+$/.test(box.text) && Number(box.text) >= from && Number(box.text) <= to
    signal edited(int value)

    problem: valid ? "" : qsTr("Write a whole number from %1 to %2").arg(from).arg(to)
    function put(wanted: int) {
        const bounded = Math.max(from, Math.min(to, wanted));
        box.text = bounded;
        if (bounded !== value) {
            value = bounded;
            edited(bounded);
        }
    }
    onValueChanged: if (!valid || Number(box.text) !== value)
        box.text = value
    Component.onCompleted: box.text = value
    RowLayout {
        spacing: Theme.space1
        TextBox {
            id: box
            implicitWidth: 110
            wrong: root.wrong
            inputMethodHints: Qt.ImhDigitsOnly
            font.family: Theme.monoFamily
            Accessible.role: Accessible.SpinBox
            Accessible.name: root.label + (root.unit.length > 0 ? ", " + root.unit : "")
            Accessible.description: root.spoken
            onTextEdited: {
                root.touched = true;
                if (root.valid && Number(text) !== root.value) {
                    root.value = Number(text);
                    root.edited(root.value);
                }
            }
            Keys.onUpPressed: root.put(root.value + root.step)
            Keys.onDownPressed: root.put(root.value - root.step)
            Keys.onPressed: event => {
                if (event.key === Qt.Key_PageUp || event.key === Qt.Key_PageDown) {
                    root.put(root.value + (event.key === Qt.Key_PageUp ? 10 : -10) * root.step);
                    event.accepted = true;
                }
            }
        }
        IconButton {
            framed: true
            implicitWidth: Theme.control
            implicitHeight: Theme.control
            iconName: "minus"
            iconSize: 14
            text: qsTr("Less")
            enabled: root.value > root.from
            onClicked: root.put(root.value - root.step)
        }
        IconButton {
            framed: true
            implicitWidth: Theme.control
            implicitHeight: Theme.control
            iconName: "plus"
            iconSize: 14
            text: qsTr("More")
            enabled: root.value < root.to
            onClicked: root.put(root.value + root.step)
        }
        Words {
            Layout.fillWidth: true
            text: root.unit
            color: Theme.muted
        }
    }
}
