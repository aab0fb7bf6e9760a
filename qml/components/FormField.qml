// The frame of one field of a form: label, help, and what is wrong with what was given.
import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    property string label
    property string help
    property string problem // what is wrong and what to write instead; empty = nothing
    property bool optional: false
    property bool touched: false // a field is not wrong before one was there
    readonly property bool wrong: touched && problem.length > 0
    readonly property string spoken: wrong ? problem : help
    default property alias input: slot.data

    spacing: 5
    RowLayout {
        visible: root.label.length > 0
        spacing: 6
        Words {
            text: root.label
            font.weight: Font.Medium
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            text: root.optional ? qsTr("optional") : ""
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
    }
    ColumnLayout {
        id: slot
        Layout.fillWidth: true
        spacing: Theme.space1
    }
    RowLayout {
        visible: root.spoken.length > 0
        spacing: 5
        VectorIcon {
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: 1
            visible: root.wrong
            size: 13
            name: "error"
            color: Theme.red
        }
        Words {
            Layout.fillWidth: true
            text: root.spoken
            color: root.wrong ? Theme.red : Theme.muted
            font.pixelSize: Theme.smallSize
            wrapMode: Text.Wrap
            Accessible.role: root.wrong ? Accessible.AlertMessage : Accessible.StaticText
            Accessible.name: text
        }
    }
}
