// One thing that is wrong with a document, or to be noted: where, what, what to do.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    property string tone: "bad"
    property string where
    property string what
    property string why
    property string hint
    property int line: 0
    signal copyRequested
    signal lineRequested(int line)
    implicitHeight: row.implicitHeight + 18
    radius: Theme.radius
    color: Theme.toneGround(tone)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: (where.length > 0 ? where + ": " : "") + what + " " + why + " " + hint

    RowLayout {
        id: row
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: 12
        anchors.rightMargin: 6
        spacing: Theme.space2
        ColumnLayout {
            spacing: 2
            RowLayout {
                visible: root.where.length > 0 || root.line > 0
                Mono {
                    visible: root.where.length > 0
                    text: root.where
                    color: Theme.tone(root.tone)
                    font.weight: Font.Bold
                    elide: Text.ElideMiddle
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                }
                ActionButton {
                    visible: root.line > 0
                    Layout.leftMargin: root.where.length > 0 ? 0 : -leftPadding // its word stands where the text below begins
                    quiet: true
                    implicitHeight: 28
                    text: qsTr("line %1").arg(root.line)
                    tip: qsTr("Show the line")
                    onClicked: root.lineRequested(root.line)
                }
            }
            Words {
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.what
                font.weight: root.where.length === 0 ? Font.DemiBold : Font.Normal
                wrapMode: Text.Wrap
            }
            Words {
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.why
                wrapMode: Text.Wrap
            }
            Words {
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.hint
                color: Theme.muted
                wrapMode: Text.Wrap
            }
        }
        CopyButton {
            Layout.alignment: Qt.AlignTop
            onCopyRequested: root.copyRequested()
        }
    }
}
