// What just happened, with the way back; or a problem, which stays until it is read.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    required property Session session
    readonly property Actions actions: session.actions
    readonly property bool isProblem: actions.toastProblem.present

    visible: actions.toastShown
    implicitWidth: row.implicitWidth + Theme.space4 + Theme.space2
    implicitHeight: row.implicitHeight + Theme.space2 * 2
    radius: Theme.cardRadius
    color: Theme.floating
    border.color: isProblem ? Qt.alpha(Theme.red, 0.6) : Theme.lineStrong
    Accessible.role: Accessible.AlertMessage
    Accessible.name: isProblem ? actions.toastProblem.text : actions.toastText

    HoverHandler {
        onHoveredChanged: root.actions.holdToast(hovered)
    }
    RowLayout {
        id: row
        anchors.fill: parent
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space2
        anchors.topMargin: Theme.space2
        anchors.bottomMargin: Theme.space2
        spacing: Theme.space3
        VectorIcon {
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: 7
            name: root.isProblem ? "error" : "check"
            color: Theme.tone(root.isProblem ? "bad" : "good")
        }
        ColumnLayout {
            Layout.maximumWidth: 520
            Layout.topMargin: 5
            Layout.bottomMargin: 5
            spacing: 2
            Words {
                objectName: "toastText"
                Layout.fillWidth: true
                text: root.isProblem ? root.actions.toastProblem.what : root.actions.toastText
                font.weight: root.isProblem ? Font.Medium : Font.Normal
                wrapMode: Text.Wrap
                maximumLineCount: 4
            }
            ProgressLine {
                objectName: "toastProgress"
                visible: root.actions.toastFraction !== -1 && !root.isProblem
                Layout.fillWidth: true
                Layout.minimumWidth: 220
                Layout.topMargin: 4
                value: root.actions.toastFraction
                label: root.actions.toastText
            }
            Words {
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.actions.toastProblem.why
                color: Theme.muted
                wrapMode: Text.Wrap
                maximumLineCount: 4
            }
            Words {
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.actions.toastProblem.hint
                color: Theme.muted
                wrapMode: Text.Wrap
                maximumLineCount: 4
            }
        }
        ActionButton {
            objectName: "undoButton"
            visible: root.actions.undoable
            Layout.alignment: Qt.AlignTop
            text: qsTr("Undo")
            shortcutText: "Ctrl Z"
            quiet: true
            onClicked: root.actions.undo()
        }
        CopyButton {
            visible: root.isProblem
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: 2
            onCopyRequested: root.session.copy(root.actions.toastProblem.text)
        }
        IconButton {
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: 2
            iconName: "close"
            text: qsTr("Dismiss")
            onClicked: root.actions.dismiss()
        }
    }
}
