// One thing that needs a person: what, why, what to do, and the way there.
import QtQuick
import QtQuick.Layouts
import Univrs

RowLayout {
    id: root
    property string tone
    property string kind
    property string name
    property string word
    property string cause
    property string step
    property string action
    property string cli
    signal opened
    signal copyRequested(string text)
    spacing: Theme.space3
    Accessible.role: Accessible.ListItem
    Accessible.name: kind + " " + name + ", " + word
    Accessible.description: cause + " " + step

    Dot {
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: 6
        tone: root.tone
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 1
        RowLayout {
            spacing: Theme.space2
            Words {
                text: root.name
                font.weight: Font.DemiBold
                Layout.fillWidth: true
                Layout.maximumWidth: implicitWidth + 1
                Accessible.ignored: true
            }
            Words {
                text: root.kind + " · " + root.word
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                Accessible.ignored: true
            }
            Item {
                Layout.fillWidth: true
                Layout.preferredWidth: 0
            }
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.cause
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            color: root.tone === "bad" ? Theme.red : Theme.amber
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            text: root.step
            wrapMode: Text.Wrap
            color: Theme.muted
            Accessible.ignored: true
        }
    }
    CopyButton {
        text: qsTr("Copy %1").arg(root.cli)
        onCopyRequested: root.copyRequested(root.cli)
    }
    ActionButton {
        text: root.action
        tip: qsTr("%1: %2").arg(root.action).arg(root.name)
        onClicked: root.opened()
    }
}
