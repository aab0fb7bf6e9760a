import QtQuick
import QtQuick.Layouts
import Univrs

RowLayout {
    id: root
    required property Gallery gallery
    spacing: Theme.space4
    Card {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.preferredWidth: 1
        title: "Fields of a form"
        TextForm {
            Layout.fillWidth: true
            label: "Name"
            text: "orders-api"
            help: "Lower case letters, digits and dashes"
        }
        TextForm {
            Layout.fillWidth: true
            label: "Image"
            mono: true
            text: "ghcr.io/acme/orders:"
            touched: true
            problem: "There is no tag after the colon. Write one, such as ghcr.io/acme/orders:1.9.3"
        }
        NumberForm {
            label: "Replicas"
            value: 3
            to: 100
        }
        NumberForm {
            label: "Memory"
            value: 256
            step: 64
            unit: "MiB"
            help: "The instance is ended when it uses more"
        }
        ChoiceForm {
            Layout.fillWidth: true
            label: "Strategy"
            model: ["mycelial", "binpack", "spread"]
            help: "How nodes are weighed against each other"
        }
    }
    Card {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.preferredWidth: 1
        title: "Lists and switches"
        PairsForm {
            Layout.fillWidth: true
            label: "Environment"
            optional: true
            pairs: [
                {
                    key: "DEBUG",
                    value: "false"
                },
                {
                    key: "DATABASE_URL",
                    value: "postgres://db:5432/orders"
                }
            ]
        }
        SwitchForm {
            Layout.fillWidth: true
            label: "Start at once"
            help: "Otherwise it is created with no replicas"
            checked: true
        }
        SwitchForm {
            Layout.fillWidth: true
            label: "Keep it on this node"
        }
        SwitchForm {
            Layout.fillWidth: true
            enabled: false
            label: "Not available here"
            help: "This node has no GPU"
        }
        ActionButton {
            text: "Open a sheet"
            onClicked: sheet.open()
        }
    }
    Sheet {
        id: sheet
        title: "Scale orders-api"
        subtitle: "3 replicas run"
        primaryText: "Scale to 5"
        command: "univrs scale orders-api 5"
        onAccepted: close()
        onCopyRequested: text => root.gallery.copy(text)
        NumberForm {
            label: "Replicas"
            value: 5
            to: 100
        }
    }
}
