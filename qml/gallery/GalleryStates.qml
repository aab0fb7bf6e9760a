import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Gallery gallery
    spacing: Theme.space4
    RowLayout {
        spacing: Theme.space4
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            fill: true
            EmptyState {
                Layout.fillWidth: true
                Layout.fillHeight: true
                iconName: "workloads"
                title: "Nothing is deployed yet"
                text: "Drop a manifest, a Compose file or Kubernetes YAML anywhere. You see what will run where, and why, before anything happens."
                command: "univrs deploy nginx:1.27-alpine"
                onCopyRequested: text => root.gallery.copy(text)
                ActionButton {
                    primary: true
                    text: "Deploy"
                }
                ActionButton {
                    text: "Open file"
                    shortcutText: "Ctrl O"
                }
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            fill: true
            ErrorState {
                Layout.fillWidth: true
                Layout.fillHeight: true
                problem: root.gallery.fault
                retryable: true
                onCopyRequested: text => root.gallery.copy(text)
            }
        }
    }
    Card {
        Layout.fillWidth: true
        padding: 1
        LoadingState {
            Layout.fillWidth: true
            delay: 0
        }
    }
    Banner {
        Layout.fillWidth: true
        what: "The node at http://127.0.0.1:8080 does not answer"
        why: "Shown as it was 12 s ago. It is tried again by itself."
    }
    Banner {
        Layout.fillWidth: true
        tone: "bad"
        what: "Control is lost"
        why: "No node with role control answers; workloads keep running."
    }
}
