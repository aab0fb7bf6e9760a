// A cell of the table of a decision's nodes: the score part by part, or what refused the node and with what numbers.
import QtQuick
import Univrs

TableCell {
    id: root
    MeterBar {
        quiet: true
        visible: root.row?.fits ?? false
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        thickness: 10
        limit: 1
        parts: root.row && root.row.fits ? root.row.parts : []
    }
    Words {
        visible: root.row ? !root.row.fits : false
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: root.row && !root.row.fits ? root.row.verdict : ""
        color: Theme.red
        Accessible.ignored: true
    }
}
