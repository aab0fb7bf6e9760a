// The few things that can be chosen, and the connections.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Panel {
    id: root
    required property Desk desk
    signal addRequested
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: parent ? Math.min(640, parent.width - 48) : 0
    height: parent ? Math.min(680, parent.height - 56) : 0
    modal: true
    accessibleName: qsTr("Settings")
    function openAt(text: string) {
        find.text = text;
        desk.settings.filter = text;
        open();
    }
    onAboutToShow: find.forceActiveFocus(Qt.PopupFocusReason)

    contentItem: FocusScope { // qmllint disable deferred-property-id
        ColumnLayout {
            anchors.fill: parent
            anchors.margins: Theme.space5
            anchors.rightMargin: Theme.space3
            spacing: Theme.space3
            RowLayout {
                Layout.rightMargin: Theme.space2
                spacing: Theme.space3
                Words {
                    Layout.fillWidth: true
                    text: qsTr("Settings")
                    font.pixelSize: 17
                    font.weight: Font.Bold
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                TextBox {
                    id: find
                    objectName: "settingsFilter"
                    Layout.preferredWidth: 220
                    iconName: "search"
                    placeholderText: qsTr("Find a setting")
                    onTextEdited: root.desk.settings.filter = text
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close")
                    tip: qsTr("Close (Esc)")
                    onClicked: root.close()
                }
            }
            ListView {
                id: list
                objectName: "settingsList"
                Layout.fillWidth: true
                Layout.fillHeight: true
                clip: true
                model: root.desk.settings
                boundsBehavior: Flickable.StopAtBounds
                rightMargin: Theme.space2
                cacheBuffer: 2000 // all are made: Tab goes through every one
                FocusFollower {
                    view: list
                }
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Settings")
                T.ScrollBar.vertical: ScrollThumb {}
                section.property: "group"
                section.delegate: Words {
                    required property string section
                    topPadding: Theme.space4
                    bottomPadding: Theme.space1
                    text: section
                    font.weight: Font.DemiBold
                    color: Theme.muted
                    font.pixelSize: Theme.smallSize
                }
                delegate: Item {
                    id: row
                    required property string key
                    required property string title
                    required property string description
                    required property bool isSwitch
                    required property bool checked
                    required property int chosenIndex
                    required property list<string> choices
                    width: ListView.view ? ListView.view.width - Theme.space4 : 0
                    implicitHeight: 52
                    function scrollHere() {
                        list.positionViewAtIndex(index, ListView.Contain); // qmllint disable
                    }
                    required property int index
                    RowLayout {
                        anchors.fill: parent
                        spacing: Theme.space4
                        ColumnLayout {
                            spacing: 1
                            Words {
                                Layout.fillWidth: true
                                text: row.title
                            }
                            Words {
                                Layout.fillWidth: true
                                text: row.description
                                color: Theme.muted
                                font.pixelSize: Theme.smallSize
                            }
                        }
                        SettingSwitch {
                            objectName: "switch_" + row.key
                            visible: row.isSwitch
                            text: row.title
                            Accessible.description: row.description
                            checked: row.checked
                            onActiveFocusChanged: if (activeFocus)
                                row.scrollHere()
                            onToggled: root.desk.settings.set(row.key, checked) // qmllint disable unqualified
                        }
                        Selector {
                            objectName: "choice_" + row.key
                            visible: !row.isSwitch
                            model: row.choices
                            currentIndex: row.chosenIndex
                            Accessible.name: row.title
                            Accessible.description: row.description
                            onActiveFocusChanged: if (activeFocus)
                                row.scrollHere()
                            onActivated: index => root.desk.settings.choose(row.key, index) // qmllint disable unqualified
                        }
                    }
                    Hairline {
                        anchors.bottom: parent.bottom
                        width: parent.width
                    }
                }
                footer: ColumnLayout {
                    width: ListView.view ? ListView.view.width - Theme.space4 : 0
                    spacing: 0
                    visible: root.desk.settings.filter.length === 0 // qmllint disable unqualified
                    Words {
                        topPadding: Theme.space4
                        bottomPadding: Theme.space1
                        text: qsTr("Connections")
                        font.weight: Font.DemiBold
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                    }
                    Repeater {
                        model: root.desk // qmllint disable unqualified
                        delegate: RowLayout {
                            id: connection
                            required property int index
                            required property string name
                            required property string endpoint
                            required property string tone
                            required property string word
                            required property bool removable
                            Layout.fillWidth: true
                            Layout.preferredHeight: 44
                            spacing: Theme.space3
                            Dot {
                                tone: connection.tone
                            }
                            Words {
                                Layout.fillWidth: true
                                text: connection.name === connection.endpoint ? connection.name : connection.name + " · " + connection.endpoint
                            }
                            Words {
                                text: connection.word
                                color: Theme.muted
                            }
                            ActionButton {
                                visible: connection.removable
                                implicitHeight: 28
                                text: qsTr("Forget")
                                Accessible.name: qsTr("Forget %1").arg(connection.name)
                                onClicked: root.desk.remove(connection.index) // qmllint disable unqualified
                            }
                        }
                    }
                    ActionButton {
                        Layout.topMargin: Theme.space2
                        text: qsTr("Connect to a node elsewhere…")
                        onClicked: {
                            root.close(); // qmllint disable unqualified
                            root.addRequested();
                        }
                    }
                    Item {
                        implicitHeight: Theme.space3
                    }
                }
            }
            Words {
                visible: list.count === 0
                text: qsTr("No setting fits “%1”").arg(root.desk.settings.filter)
                color: Theme.muted
            }
        }
    }
}
