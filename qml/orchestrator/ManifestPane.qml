// The workload as YAML: read, copied, edited; below what an edit would change, and the one button that does it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    readonly property WorkloadManifest manifest: session.manifest
    spacing: Theme.space2

    Binding {
        target: code
        property: "text"
        value: root.manifest.text
    }
    RowLayout {
        spacing: Theme.space2
        Words {
            Layout.fillWidth: true
            color: root.manifest.outdated ? Theme.amber : Theme.muted
            text: root.manifest.outdated ? qsTr("It was changed meanwhile") : root.manifest.dirty ? qsTr("edited, not applied") : root.manifest.editable ? qsTr("edit here, the plan follows") : qsTr("read only")
        }
        CopyButton {
            text: qsTr("Copy the manifest")
            onCopyRequested: root.session.copy(root.manifest.text)
        }
    }
    CodeView {
        id: code
        editorName: "manifestEdit"
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: 80
        readOnly: !root.manifest.editable
        markers: root.manifest.markers
        accessibleName: qsTr("Manifest of %1").arg(root.session.selected.name)
        onEdited: text => root.manifest.text = text
    }
    ColumnLayout {
        visible: root.manifest.problem.present
        Layout.fillWidth: true
        spacing: 2
        Words {
            objectName: "manifestProblem"
            Layout.fillWidth: true
            text: root.manifest.problem.what
            color: Theme.red
            wrapMode: Text.Wrap
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.manifest.problem.why
            color: Theme.muted
            wrapMode: Text.Wrap
            maximumLineCount: 8
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.manifest.problem.hint
            color: Theme.muted
            wrapMode: Text.Wrap
        }
    }
    ListView {
        id: changes
        visible: count > 0
        Layout.fillWidth: true
        Layout.preferredHeight: Math.min(contentHeight, root.height * 0.35)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: root.manifest.changes
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What changes")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: Column {
            id: change
            required property var modelData
            width: ListView.view ? ListView.view.width - 12 : 0
            bottomPadding: 6
            Accessible.role: Accessible.ListItem
            Accessible.name: qsTr("%1: %2 becomes %3").arg(modelData.path).arg(modelData.before || qsTr("nothing")).arg(modelData.after || qsTr("nothing"))
            Mono {
                width: parent.width
                text: change.modelData.path
                color: Theme.muted
                font.pixelSize: 11
                elide: Text.ElideMiddle
            }
            Mono {
                width: parent.width
                visible: change.modelData.before.length > 0
                text: "− " + change.modelData.before
                color: Theme.red
            }
            Mono {
                width: parent.width
                visible: change.modelData.after.length > 0
                text: "+ " + change.modelData.after
                color: Theme.accent
            }
        }
    }
    RowLayout {
        spacing: Theme.space2
        Mono {
            text: root.manifest.cliLine
            font.pixelSize: 11
            color: Theme.muted
            elide: Text.ElideMiddle
            Layout.fillWidth: true
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("The command that does the same: %1").arg(text)
        }
        CopyButton {
            text: qsTr("Copy the command")
            onCopyRequested: root.session.copy(root.manifest.cliLine)
        }
        ActionButton {
            visible: root.manifest.dirty
            text: qsTr("Discard")
            onClicked: root.manifest.reset()
        }
        ActionButton {
            objectName: "manifestApply"
            text: root.manifest.applying ? qsTr("Applying") : qsTr("Apply")
            primary: true
            visible: root.manifest.dirty || root.manifest.applying
            enabled: root.manifest.canApply
            tip: root.manifest.blockedBy
            onClicked: root.manifest.apply()
        }
    }
}
