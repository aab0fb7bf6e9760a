// One line of what happened: state, words, when. Leads to its object where it has one.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

T.ItemDelegate {
    id: line
    property string tone
    property string subject
    property string words
    property int times: 1
    property string age
    property string time
    property bool leads: true
    implicitHeight: 34
    leftPadding: Theme.space2
    rightPadding: Theme.space2
    focusPolicy: leads ? Qt.StrongFocus : Qt.NoFocus
    hoverEnabled: true
    Accessible.name: (subject.length > 0 ? subject + ": " : "") + words + ", " + age
    Accessible.description: time
    Accessible.onPressAction: if (leads)
        clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: RowLayout {
        spacing: Theme.space2
        Dot {
            tone: line.tone
        }
        Words {
            visible: text.length > 0
            text: line.subject
            font.weight: Font.Medium
            Layout.maximumWidth: line.width * 0.35
        }
        Words {
            Layout.fillWidth: true
            text: line.words
            color: Theme.muted
        }
        Words {
            visible: line.times > 1
            text: qsTr("%1 times").arg(line.times)
            color: Theme.muted
            font.pixelSize: Theme.smallSize
        }
        Words {
            text: line.age
            color: Theme.muted
            font.pixelSize: Theme.smallSize
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: line.leads && line.hovered ? Theme.hover : "transparent"
        FocusRing {
            visible: line.visualFocus
        }
    }
    Tip {
        visible: line.hovered
        text: line.words + "\n" + line.time
    }
}
