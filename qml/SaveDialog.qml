// The desktop's own dialog for where to save; made when it is first asked for.
import QtQuick.Dialogs

FileDialog {
    fileMode: FileDialog.SaveFile
    title: qsTr("Save the log")
    defaultSuffix: "log"
    nameFilters: [qsTr("Logs (*.log *.txt)"), qsTr("All files (*)")]
}
