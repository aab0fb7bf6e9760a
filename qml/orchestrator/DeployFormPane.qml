// The common fields of a workload as a form; what is filled in is written into the text.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

Flickable {
    id: root
    required property Session session
    readonly property DeployForm form: session.deployForm
    clip: true
    contentHeight: column.implicitHeight
    boundsBehavior: Flickable.StopAtBounds
    FocusFollower {
        view: root
    }
    T.ScrollBar.vertical: ScrollThumb {}

    // Follows the form, except while one types in it.
    component Field: ColumnLayout {
        id: field
        property string label
        property string value
        property string problem
        property string placeholder
        property bool mono: false
        property string fieldName
        signal edited(string text)
        Layout.fillWidth: true
        spacing: 3
        Words {
            text: field.label
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
        TextBox {
            id: box
            objectName: field.fieldName
            Layout.fillWidth: true
            placeholderText: field.placeholder
            font.family: field.mono ? Theme.monoFamily : Theme.family
            text: field.value
            Accessible.name: field.label
            Accessible.description: field.problem
            onTextEdited: field.edited(text)
        }
        Words {
            visible: text.length > 0
            Layout.fillWidth: true
            text: field.problem
            color: Theme.red
            font.pixelSize: Theme.smallSize
            wrapMode: Text.Wrap
        }
    }
    ColumnLayout {
        id: column
        width: root.width - 14
        spacing: Theme.space3
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: !root.form.available ? root.form.unavailableBecause : root.form.losesComments ? qsTr("An edit here writes the text anew, without its comments.") : ""
            color: root.form.available ? Theme.amber : Theme.muted
            wrapMode: Text.Wrap
        }
        ColumnLayout {
            enabled: root.form.available
            opacity: enabled ? 1 : 0.5
            spacing: Theme.space3
            Field {
                label: qsTr("Image")
                fieldName: "formImage"
                mono: true
                placeholder: "nginx:1.27-alpine"
                value: root.form.image
                onEdited: text => root.form.image = text
            }
            RowLayout {
                spacing: Theme.space3
                Field {
                    label: qsTr("Name")
                    fieldName: "formName"
                    placeholder: "web"
                    value: root.form.name
                    onEdited: text => root.form.name = text
                }
                Field {
                    Layout.maximumWidth: 90
                    label: qsTr("Replicas")
                    fieldName: "formReplicas"
                    value: String(root.form.replicas)
                    onEdited: text => {
                        if (/^[0-9]+$/.test(text))
                            root.form.replicas = parseInt(text);
                    }
                }
            }
            Field {
                label: qsTr("Ports, as host:container")
                fieldName: "formPorts"
                mono: true
                placeholder: "8080:80, 9000"
                value: root.form.ports
                problem: root.form.portsProblem
                onEdited: text => root.form.ports = text
            }
            RowLayout {
                spacing: Theme.space3
                Field {
                    label: qsTr("CPU limit")
                    fieldName: "formCpu"
                    placeholder: "500m"
                    value: root.form.cpu
                    problem: root.form.cpuProblem
                    onEdited: text => root.form.cpu = text
                }
                Field {
                    label: qsTr("Memory limit")
                    fieldName: "formMemory"
                    placeholder: "256Mi"
                    value: root.form.memory
                    problem: root.form.memoryProblem
                    onEdited: text => root.form.memory = text
                }
            }
            Words {
                text: qsTr("Environment, KEY=VALUE a line")
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                Accessible.ignored: true
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: Math.max(72, env.implicitHeight + 16)
                radius: Theme.radius
                color: Theme.background
                border.width: env.activeFocus ? 2 : 1
                border.color: env.activeFocus ? Theme.accent : Theme.line
                TextEdit {
                    id: env
                    objectName: "formEnv"
                    anchors.fill: parent
                    anchors.margins: 8
                    textFormat: TextEdit.PlainText
                    wrapMode: TextEdit.WrapAnywhere
                    selectByMouse: true
                    color: Theme.text
                    selectionColor: Qt.alpha(Theme.accent, 0.35)
                    selectedTextColor: Theme.text
                    font.family: Theme.monoFamily
                    font.pixelSize: Theme.monoSize
                    activeFocusOnTab: true
                    Accessible.role: Accessible.EditableText
                    Accessible.name: qsTr("Environment, KEY=VALUE a line")
                    Accessible.description: root.form.envProblem
                    Accessible.multiLine: true
                    readonly property string value: root.form.env
                    onValueChanged: if (text !== value)
                        text = value
                    Component.onCompleted: text = value
                    onTextChanged: if (activeFocus)
                        root.form.env = text
                    Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                    Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
                }
            }
            Words {
                visible: text.length > 0
                Layout.fillWidth: true
                text: root.form.envProblem
                color: Theme.red
                font.pixelSize: Theme.smallSize
                wrapMode: Text.Wrap
            }
        }
    }
}
