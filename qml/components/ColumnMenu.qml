// Which columns a table shows, in what order and how wide; everything a mouse does at the header, for the keyboard.
import QtQuick
import QtQml.Models
import Univrs

PopupMenu {
    id: root
    required property TableLayout layout
    property TableColumn column: null // the head it was opened on

    accessibleName: qsTr("Columns")

    MenuRow {
        shown: root.column !== null
        iconName: "chevron-left"
        text: qsTr("Move left")
        enabled: root.column !== null && root.layout.canMove(root.column, -1)
        onTriggered: root.layout.move(root.column, -1)
    }
    MenuRow {
        shown: root.column !== null
        iconName: "chevron-right"
        text: qsTr("Move right")
        enabled: root.column !== null && root.layout.canMove(root.column, 1)
        onTriggered: root.layout.move(root.column, 1)
    }
    MenuRow {
        shown: root.column !== null && !root.column.fill
        iconName: "plus"
        text: qsTr("Wider")
        onTriggered: root.layout.setWidth(root.column, root.column.shownWidth + 16)
    }
    MenuRow {
        shown: root.column !== null && !root.column.fill
        iconName: "minus"
        text: qsTr("Narrower")
        onTriggered: root.layout.setWidth(root.column, root.column.shownWidth - 16)
    }
    MenuLine {
        shown: root.column !== null
    }
    Instantiator {
        model: root.layout.ordered
        delegate: MenuRow {
            required property QtObject modelData
            readonly property TableColumn shownColumn: modelData as TableColumn
            text: shownColumn ? shownColumn.title : ""
            checkable: true
            checked: shownColumn !== null && shownColumn.chosen
            enabled: shownColumn !== null && shownColumn.hideable
            onTriggered: root.layout.choose(shownColumn, !shownColumn.chosen) // qmllint disable unqualified
        }
        onObjectAdded: (index, object) => root.insertItem(5 + index, object as MenuRow)
        onObjectRemoved: (index, object) => root.removeItem(object as MenuRow)
    }
    MenuLine {}
    MenuRow {
        iconName: "undo"
        text: qsTr("Reset columns")
        onTriggered: root.layout.reset()
    }
}
