import QtQuick
import QtQuick.Layouts
import Univrs

FormField {
    id: root
    property alias text: box.text
    property alias placeholderText: box.placeholderText
    property bool mono: false
    signal edited(string text)
    TextBox {
        id: box
        Layout.fillWidth: true
        wrong: root.wrong
        font.family: root.mono ? Theme.monoFamily : Theme.family
        Accessible.name: root.label
        Accessible.description: root.spoken
        onTextEdited: root.edited(text)
        onActiveFocusChanged: if (!activeFocus)
            root.touched = true
    }
}
