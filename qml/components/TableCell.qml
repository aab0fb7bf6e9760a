// What shows one cell of a DataTable: `row` holds the roles of its row (row.name, row.tone).
import QtQuick
import Univrs

Item {
    readonly property CellSlot slot: parent as CellSlot
    readonly property var row: slot ? slot.row : null
    readonly property bool chosen: slot ? slot.chosen : false
    readonly property TableColumn column: slot ? slot.column : null
}
