import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Gallery gallery
    spacing: Theme.space4
    RowLayout {
        spacing: Theme.space2
        SearchField {
            implicitWidth: 260
            onTextChanged: root.gallery.rows.text = text
            onDownPressed: table.focusList()
        }
        Words {
            Layout.fillWidth: true
            text: qsTr("%1 rows").arg(root.gallery.rows.count)
            color: Theme.muted
        }
        ColumnsButton {
            table: table
        }
    }
    DataTable {
        id: table
        Layout.fillWidth: true
        Layout.preferredHeight: 440
        tableId: "gallery"
        accessibleName: qsTr("Workloads")
        rows: root.gallery.rows
        descriptionRole: "reason"
        currentId: "id-1"
        onActivated: id => currentId = id
        Component.onCompleted: rows.sortBy("", false)
        columns: [
            TableColumn {
                key: "name"
                title: qsTr("Name")
                width: 160
                minimumWidth: 120
                fill: true
                strong: true
                hideable: false
            },
            TableColumn {
                key: "word"
                title: qsTr("State")
                width: 130
                cell: TableCell {
                    id: state
                    StatusChip {
                        anchors.verticalCenter: parent.verticalCenter
                        tone: state.row ? state.row.tone : ""
                        word: state.row ? state.row.word : ""
                    }
                }
            },
            TableColumn {
                key: "ready"
                title: qsTr("Ready")
                width: 76
                mono: true
            },
            TableColumn {
                key: "image"
                title: qsTr("Image")
                width: 200
                minimumWidth: 120
                fill: true
                mono: true
            },
            TableColumn {
                key: "cpu"
                title: qsTr("CPU")
                width: 84
                mono: true
                rightAligned: true
            }
        ]
    }
    DataTable {
        Layout.fillWidth: true
        Layout.preferredHeight: implicitHeight
        accessibleName: qsTr("Nodes")
        rows: root.gallery.none
        emptyText: qsTr("No node is in this state")
        columns: [
            TableColumn {
                key: "name"
                title: qsTr("Name")
                fill: true
            },
            TableColumn {
                key: "word"
                title: qsTr("State")
            }
        ]
    }
}
