// One of a list of words.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.ComboBox {
    id: control
    property bool mono: false // for ids and names of instances
    implicitWidth: 170
    implicitHeight: 28
    leftPadding: 10
    rightPadding: 26
    focusPolicy: Qt.StrongFocus
    Accessible.onPressAction: popup.open()

    contentItem: Words {
        text: control.displayText
        font.family: control.mono ? Theme.monoFamily : Theme.family
        elide: Text.ElideMiddle
        verticalAlignment: Text.AlignVCenter
    }
    indicator: VectorIcon {
        x: control.width - 22
        y: (control.height - height) / 2
        name: "chevron-down"
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.hovered ? Theme.raised : Theme.surface
        border.color: Theme.lineStrong
        FocusRing {
            visible: control.visualFocus
        }
    }
    delegate: T.ItemDelegate {
        id: item
        required property int index
        required property string modelData
        width: ListView.view ? ListView.view.width : control.width // qmllint disable unqualified
        height: 28
        highlighted: control.highlightedIndex === index // qmllint disable unqualified
        Accessible.name: modelData
        contentItem: Words {
            text: item.modelData
            font.family: control.mono ? Theme.monoFamily : Theme.family // qmllint disable unqualified
            leftPadding: 10
            rightPadding: 10
            elide: Text.ElideMiddle
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 5
            color: item.highlighted ? Theme.selection : "transparent"
        }
    }
    popup: T.Popup {
        y: control.height + 4
        width: Math.max(control.width, 260)
        x: control.width - width
        height: Math.min(contentItem.implicitHeight + 8, 260)
        padding: 4
        margins: 8
        contentItem: ListView {
            clip: true
            implicitHeight: contentHeight
            model: control.popup.visible ? control.delegateModel : null
            currentIndex: control.highlightedIndex
            T.ScrollBar.vertical: ScrollThumb {}
        }
        background: Raised {}
    }
}
