// A table with virtual rows. Heads sort; columns are chosen, moved and made wider by the person; rows hold still under
// the pointer. A cell shows role `KEY_text` where the model has it, else `KEY`; or whatever the column's `cell` makes.
// With `marked` several rows are chosen at once: Ctrl and Shift with clicks and arrows, Space, Insert, Ctrl+A.
import QtQuick
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    property TableFilter rows
    property alias columns: tableLayout.columns
    property alias tableId: tableLayout.tableId
    property string idRole: "id"
    property string descriptionRole // what a screen reader and a tip say about a row, such as the reason of its state
    property string currentId // the chosen row
    property string emptyText: qsTr("Nothing to show")
    property string accessibleName
    property bool stale: false
    property bool framed: true
    property int rowHeight: Theme.rowHeight
    property bool rowMenu: false // rows have a menu: see contextRequested
    property RowSelection marked: null
    property bool held: false // rows also hold still while this is set
    readonly property alias listItem: list
    readonly property int contentRows: list.count
    signal activated(string id)
    signal contextRequested(string id, real x, real y) // where in the table

    // As tall as its rows, up to a screenful: a list as tall as 10,000 rows would make them all.
    implicitHeight: header.height + root.rowHeight * Math.max(2, Math.min(list.count, 24)) + 2
    readonly property int fullHeight: header.height + root.rowHeight * Math.max(2, list.count) + 2 // no use for more
    implicitWidth: 400

    function focusList() {
        list.forceActiveFocus(Qt.TabFocusReason);
    }
    function openColumnMenu(anchor: Item) {
        menu.column = null;
        menu.openAt(anchor);
    }
    function sortBy(column: TableColumn) {
        if (root.rows && column.sortable)
            root.rows.sortBy(column.key, root.rows.sortKey === column.key ? !root.rows.descending : false);
    }
    function textOf(row: var, key: string): string {
        const value = row[key + "_text"] ?? row[key];
        return value === undefined || value === null ? "" : String(value);
    }

    TableLayout {
        id: tableLayout
        margin: Theme.space4
        available: list.width
    }
    ColumnMenu {
        id: menu
        layout: tableLayout
    }
    Component {
        id: plainCell
        TableCell {
            id: plain
            Words {
                anchors.fill: parent
                verticalAlignment: Text.AlignVCenter
                horizontalAlignment: plain.column && plain.column.rightAligned ? Text.AlignRight : Text.AlignLeft
                text: plain.row && plain.column ? root.textOf(plain.row, plain.column.key) : "" // qmllint disable unqualified
                font.family: plain.column && plain.column.mono ? Theme.monoFamily : Theme.family
                font.pixelSize: plain.column && plain.column.mono ? Theme.monoSize : Theme.bodySize
                font.weight: plain.column && plain.column.strong ? Font.DemiBold : Font.Normal
                elide: plain.column && plain.column.mono && !plain.column.rightAligned ? Text.ElideMiddle : Text.ElideRight
                color: plain.column && plain.column.strong ? Theme.text : Theme.muted
                Accessible.ignored: true
            }
        }
    }
    Rectangle {
        anchors.fill: parent
        radius: root.framed ? Theme.cardRadius : 0
        color: root.framed ? Theme.surface : "transparent"
        border.width: root.framed ? 1 : 0
        border.color: Theme.line
    }
    Item {
        id: header
        property int current: 0
        x: 1
        width: parent.width - 2
        height: 34
        function go(by: int) {
            const to = Math.max(0, Math.min(heads.count - 1, current + by));
            current = to;
            heads.itemAt(to).forceActiveFocus(Qt.TabFocusReason);
        }
        Repeater {
            id: heads
            model: tableLayout.shown
            delegate: TableHeading {
                id: head
                required property int index
                required property QtObject modelData
                column: modelData as TableColumn
                layout: tableLayout // qmllint disable unqualified
                x: column ? column.x : 0
                width: column ? column.shownWidth - Theme.space3 : 0
                height: header.height // qmllint disable unqualified
                tabStop: index === header.current // qmllint disable unqualified
                sorted: root.rows && column && root.rows.sortKey === column.key // qmllint disable unqualified
                descending: root.rows && root.rows.descending // qmllint disable unqualified
                onClicked: root.sortBy(column) // qmllint disable unqualified
                onMenuRequested: {
                    menu.column = column; // qmllint disable unqualified
                    menu.openAt(head); // qmllint disable unqualified
                }
                Keys.onLeftPressed: header.go(-1) // qmllint disable unqualified
                Keys.onRightPressed: header.go(1) // qmllint disable unqualified
                Keys.onDownPressed: root.focusList() // qmllint disable unqualified
            }
        }
        Hairline {
            anchors.bottom: parent.bottom
            width: parent.width
        }
    }
    ListView {
        id: list
        objectName: root.objectName.length > 0 ? root.objectName + "List" : ""
        property string keptId
        property real keptY: -1
        anchors.fill: parent
        anchors.topMargin: header.height
        anchors.leftMargin: 1
        anchors.rightMargin: 1
        anchors.bottomMargin: root.framed ? 2 : 0
        clip: true
        focus: true
        model: root.rows
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        highlightMoveDuration: 0
        reuseItems: true
        cacheBuffer: root.rowHeight * 4
        opacity: root.stale ? 0.6 : 1
        Accessible.role: Accessible.List
        Accessible.name: root.accessibleName
        Accessible.description: root.stale ? qsTr("The connection is lost; this is how it was") : ""
        T.ScrollBar.vertical: ScrollThumb {}
        HoverHandler {
            id: hover
        }
        Binding {
            target: root.rows
            property: "hold"
            value: (hover.hovered && list.visible) || menu.visible || root.held
            when: root.rows !== null
        }
        onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0)
            currentIndex = Math.max(0, root.rows.rowOf(root.currentId))
        onCurrentIndexChanged: if (currentIndex >= 0 && keptY < 0)
            keptId = root.rows.idAt(currentIndex)
        Keys.onReturnPressed: activate(currentIndex)
        Keys.onEnterPressed: activate(currentIndex)
        Keys.onSpacePressed: root.marked ? root.marked.toggle(currentIndex) : activate(currentIndex)
        Keys.onMenuPressed: openMenu()
        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(height / root.rowHeight) - 1);
            const extend = root.marked !== null && (event.modifiers & Qt.ShiftModifier);
            switch (event.key) {
            case Qt.Key_Home:
                goTo(0, extend);
                break;
            case Qt.Key_End:
                goTo(count - 1, extend);
                break;
            case Qt.Key_PageUp:
                goTo(currentIndex - page, extend);
                break;
            case Qt.Key_PageDown:
                goTo(currentIndex + page, extend);
                break;
            case Qt.Key_Up:
                if (!extend)
                    return;
                goTo(currentIndex - 1, true);
                break;
            case Qt.Key_Down:
                if (!extend)
                    return;
                goTo(currentIndex + 1, true);
                break;
            case Qt.Key_Insert:
                if (!root.marked || event.modifiers !== Qt.NoModifier)
                    return;
                root.marked.toggle(currentIndex);
                goTo(currentIndex + 1, false);
                break;
            case Qt.Key_A:
                if (!root.marked || !event.matches(StandardKey.SelectAll))
                    return;
                root.marked.all();
                break;
            case Qt.Key_Escape:
                if (!root.marked || root.marked.count === 0)
                    return;
                root.marked.clear();
                break;
            case Qt.Key_F10:
                if (!(event.modifiers & Qt.ShiftModifier))
                    return;
                openMenu();
                break;
            default:
                return;
            }
            event.accepted = true;
        }
        function activate(row: int) {
            if (row >= 0 && row < count) {
                currentIndex = row;
                if (root.marked)
                    root.marked.anchor(row);
                root.activated(root.rows.idAt(row));
            }
        }
        function goTo(row: int, extend: bool) {
            if (extend && root.marked.count === 0)
                root.marked.anchor(currentIndex);
            currentIndex = Math.max(0, Math.min(count - 1, row));
            if (extend)
                root.marked.extendTo(currentIndex);
        }
        function openMenu() {
            if (root.rowMenu && currentItem) {
                const at = currentItem.mapToItem(root, Theme.space6, root.rowHeight - 6);
                root.contextRequested(root.rows.idAt(currentIndex), at.x, at.y);
            } else {
                root.openColumnMenu(header);
            }
        }
        function restore() {
            currentIndex = root.rows ? root.rows.rowOf(keptId) : -1;
            contentY = Math.max(0, Math.min(keptY, contentHeight - height));
            keptY = -1;
        }
        Connections {
            target: root.rows
            function onModelAboutToBeReset() {
                list.keptY = Math.max(0, list.contentY);
            }
            function onModelReset() {
                Qt.callLater(list.restore); // qmllint disable
            }
            function onSortChanged() {
                list.keptY = 0;
            }
            function onTextChanged() {
                list.keptY = 0;
            }
        }
        Connections {
            target: root
            function onCurrentIdChanged() {
                const row = root.rows && root.currentId.length > 0 ? root.rows.rowOf(root.currentId) : -1;
                if (row >= 0)
                    list.currentIndex = row;
            }
        }
        delegate: T.ItemDelegate {
            id: line
            required property int index
            required property var model
            readonly property string rowId: String(model[root.idRole] ?? "") // qmllint disable unqualified
            readonly property bool chosen: rowId.length > 0 && rowId === root.currentId // qmllint disable unqualified
            readonly property bool isMarked: root.marked !== null && root.marked.serial >= 0 && root.marked.contains(rowId) // qmllint disable unqualified
            readonly property bool current: ListView.isCurrentItem && list.activeFocus // qmllint disable unqualified
            readonly property string reason: String(model[root.descriptionRole] ?? "") // qmllint disable unqualified
            width: ListView.view ? ListView.view.width : 0
            height: root.rowHeight // qmllint disable unqualified
            highlighted: chosen
            focusPolicy: Qt.NoFocus
            padding: 0
            Accessible.role: Accessible.ListItem
            Accessible.name: tableLayout.shown.map(c => c.title + " " + root.textOf(model, c.key)).join(", ") // qmllint disable
            Accessible.description: reason
            Accessible.selectable: true
            Accessible.selected: chosen || isMarked
            Accessible.onPressAction: clicked()
            onClicked: {
                list.forceActiveFocus(Qt.MouseFocusReason); // qmllint disable unqualified
                list.activate(index); // qmllint disable unqualified
            }
            // The row has the keyboard: as a button it would take Space for a click.
            Keys.onSpacePressed: event => {
                event.accepted = root.marked !== null; // qmllint disable unqualified
                if (root.marked) // qmllint disable unqualified
                    root.marked.toggle(line.index); // qmllint disable unqualified
            }
            // Above the button, which knows nothing of modifiers and other buttons; a plain click is left to it.
            MouseArea {
                anchors.fill: parent
                acceptedButtons: root.rowMenu ? Qt.LeftButton | Qt.RightButton : Qt.LeftButton // qmllint disable unqualified
                onPressed: mouse => {
                    const marks = root.marked !== null && (mouse.modifiers & (Qt.ControlModifier | Qt.ShiftModifier)); // qmllint disable unqualified
                    mouse.accepted = mouse.button === Qt.RightButton || Boolean(marks);
                }
                onClicked: mouse => {
                    list.forceActiveFocus(Qt.MouseFocusReason); // qmllint disable unqualified
                    if (mouse.button === Qt.RightButton) {
                        list.currentIndex = line.index; // qmllint disable unqualified
                        const at = mapToItem(root, mouse.x, mouse.y); // qmllint disable unqualified
                        root.contextRequested(line.rowId, at.x, at.y); // qmllint disable unqualified
                    } else if (mouse.modifiers & Qt.ShiftModifier) {
                        list.goTo(line.index, true); // qmllint disable unqualified
                    } else {
                        list.currentIndex = line.index; // qmllint disable unqualified
                        root.marked.toggle(line.index); // qmllint disable unqualified
                    }
                }
            }
            contentItem: Item {
                Repeater {
                    model: tableLayout.shown // qmllint disable unqualified
                    delegate: CellSlot {
                        required property QtObject modelData
                        column: modelData as TableColumn
                        row: line.model // qmllint disable unqualified
                        chosen: line.chosen // qmllint disable unqualified
                        x: column ? column.x : 0
                        width: column ? column.shownWidth - Theme.space3 : 0
                        height: line.height // qmllint disable unqualified
                        sourceComponent: column && column.cell ? column.cell : plainCell // qmllint disable unqualified
                    }
                }
            }
            background: Rectangle {
                color: line.chosen || line.isMarked ? Theme.selection : line.hovered ? Theme.hover : "transparent"
                Rectangle {
                    visible: line.chosen
                    width: 3
                    height: parent.height
                    color: Theme.accent
                }
                Hairline {
                    visible: line.index < list.count - 1 || list.contentHeight < list.height // qmllint disable unqualified
                    anchors.bottom: parent.bottom
                    width: parent.width
                    color: Theme.lineSoft
                }
                Rectangle {
                    visible: line.current
                    anchors.fill: parent
                    anchors.margins: 1
                    radius: 5
                    color: "transparent"
                    border.width: 2
                    border.color: Theme.accent
                }
            }
            Tip {
                visible: line.hovered && line.reason.length > 0
                text: line.reason
                x: Theme.space6
            }
        }
    }
    Words {
        anchors.centerIn: list
        width: Math.min(implicitWidth, list.width - 2 * Theme.space4)
        visible: list.count === 0
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        text: root.rows && root.rows.text.length > 0 ? qsTr("Nothing matches “%1”").arg(root.rows.text) : root.emptyText
        color: Theme.muted
    }
}
