import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Gallery gallery
    spacing: Theme.space4
    CodeView {
        Layout.fillWidth: true
        implicitHeight: 340
        text: root.gallery.manifest
        hoveredLine: 12
        markers: [
            {
                line: 5,
                tone: "bad",
                message: "services.shop.ports[1]: 70000 is outside 1…65535. Write \"HOST:CONTAINER\", as in \"8080:80\""
            },
            {
                line: 12,
                tone: "bad",
                message: "services.shop.restrat: unknown key. Did you mean restart?"
            },
            {
                line: 17,
                tone: "warn",
                message: "services.worker.privileged: privileged containers are not supported; it starts without"
            }
        ]
    }
    RowLayout {
        spacing: Theme.space4
        CodeView {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            implicitHeight: 120
            readOnly: true
            text: "image: nginx:1.27-alpine\nreplicas: 2\n"
        }
        CodeView {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            implicitHeight: 120
            placeholderText: "Paste a manifest, a Compose file or Kubernetes YAML, or write an image name such as nginx:1.27-alpine"
        }
    }
}
