import QtQuick
import QtQuick.Layouts
import Univrs

FormField {
    id: root
    property alias model: list.model
    property alias currentIndex: list.currentIndex
    readonly property string currentText: list.currentText
    signal edited(int index)
    Selector {
        id: list
        Layout.fillWidth: true
        implicitHeight: Theme.control
        Accessible.name: root.label
        Accessible.description: root.spoken
        onActivated: index => root.edited(index)
    }
}
