// The engines the window is connected to.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Panel {
    id: root
    required property Desk desk
    signal addRequested
    width: 340
    padding: Theme.space2
    accessibleName: qsTr("Clusters")
    onOpened: rows.itemAt(desk.currentIndex)?.forceActiveFocus(Qt.TabFocusReason) // qmllint disable

    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        spacing: 2
        Repeater {
            id: rows
            model: root.desk
            delegate: PanelRow {
                id: row
                required property int index
                required property string name
                required property string endpoint
                required property string tone
                required property string word
                required property bool removable
                required property bool isCurrent
                objectName: "cluster_" + index
                Layout.fillWidth: true
                implicitHeight: 44
                chosen: isCurrent
                text: qsTr("%1, %2, %3").arg(name).arg(endpoint).arg(word)
                Accessible.selectable: true
                Accessible.selected: isCurrent
                Keys.onDeletePressed: if (removable)
                    root.desk.remove(index) // qmllint disable unqualified
                onClicked: {
                    const to = index;
                    root.close(); // qmllint disable unqualified
                    root.desk.currentIndex = to; // qmllint disable unqualified
                }
                contentItem: RowLayout {
                    spacing: Theme.space3
                    Dot {
                        tone: row.tone
                    }
                    ColumnLayout {
                        spacing: 0
                        Words {
                            Layout.fillWidth: true
                            text: row.name
                            font.weight: row.isCurrent ? Font.DemiBold : Font.Normal
                        }
                        Words {
                            Layout.fillWidth: true
                            text: row.endpoint === row.name ? row.word : row.endpoint + " · " + row.word
                            color: Theme.muted
                            font.pixelSize: Theme.smallSize
                        }
                    }
                    KeyCap {
                        visible: row.index < 9
                        keys: "Alt+" + (row.index + 1)
                    }
                    IconButton {
                        visible: row.removable
                        iconName: "close"
                        text: qsTr("Forget %1").arg(row.name)
                        tip: qsTr("Ends the connection and forgets the node; nothing on it changes (Del)")
                        onClicked: root.desk.remove(row.index) // qmllint disable unqualified
                    }
                }
            }
        }
        Hairline {
            Layout.fillWidth: true
            Layout.margins: Theme.space1
        }
        PanelRow {
            objectName: "addCluster"
            Layout.fillWidth: true
            text: qsTr("Connect to a node elsewhere…")
            onClicked: {
                root.close();
                root.addRequested();
            }
            contentItem: RowLayout {
                spacing: Theme.space3
                VectorIcon {
                    name: "plus"
                }
                Words {
                    Layout.fillWidth: true
                    text: qsTr("Connect to a node elsewhere…")
                }
            }
        }
    }
}
