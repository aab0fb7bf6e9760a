// The desktop's own file dialog; made when it is first asked for.
import QtQuick.Dialogs

FileDialog {
    fileMode: FileDialog.OpenFiles
    title: qsTr("Open manifests")
    nameFilters: [qsTr("Manifests (*.yaml *.yml *.json)"), qsTr("All files (*)")]
}
