// The place of one cell. What it loads sees `row`, `chosen` and `column`; a TableCell has them as properties.
import QtQuick
import Univrs

Loader {
    property var row
    property bool chosen
    property TableColumn column
}
