// Opens the choice of columns of a table, for the row of tools above it.
import QtQuick
import Univrs

IconButton {
    id: control
    required property DataTable table
    iconName: "columns"
    text: qsTr("Columns")
    onClicked: table.openColumnMenu(control)
}
