// The columns of the workload list: what a narrow list can spare goes first.
import QtQuick

QtObject {
    property int inner: 0
    readonly property int stateWidth: 124
    readonly property int readyWidth: inner < 430 ? 60 : 84
    readonly property int restartsWidth: inner > 700 ? 84 : 0
    readonly property int ageWidth: inner > 560 ? 80 : 0
    readonly property int nodesWidth: inner > 820 ? 120 : 0
    readonly property int memoryWidth: inner > 940 ? 100 : 0
    readonly property int rest: Math.max(120, inner - stateWidth - readyWidth - nodesWidth - memoryWidth - restartsWidth - ageWidth)
    readonly property int nameWidth: Math.round(rest * 0.42)
    readonly property int imageWidth: rest - nameWidth
    readonly property int nameX: 12
    readonly property int stateX: nameX + nameWidth
    readonly property int readyX: stateX + stateWidth
    readonly property int imageX: readyX + readyWidth
    readonly property int nodesX: imageX + imageWidth
    readonly property int memoryX: nodesX + nodesWidth
    readonly property int restartsX: memoryX + memoryWidth
    readonly property int ageX: restartsX + restartsWidth
}
