// A cell of the workload table: the image, and while something is under way for it how far that is.
import QtQuick
import Univrs

TableCell {
    id: root
    readonly property bool busy: row !== null && row.progress !== -1
    Mono {
        visible: !root.busy
        anchors.fill: parent
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideMiddle
        color: Theme.muted
        text: root.row?.image ?? ""
        Accessible.ignored: true
    }
    Loader {
        active: root.busy
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        sourceComponent: Column {
            spacing: 4
            Words {
                width: parent.width
                text: root.row?.progressText ?? "" // qmllint disable unqualified
                font.pixelSize: Theme.smallSize
                color: Theme.blue
                Accessible.ignored: true
            }
            ProgressLine {
                width: parent.width
                value: root.row?.progress ?? -2 // qmllint disable unqualified
                label: root.row?.progressText ?? "" // qmllint disable unqualified
            }
        }
    }
}
