// Ids, images, addresses, logs.
import QtQuick
import Univrs

Words {
    font.family: Theme.monoFamily
    font.pixelSize: Theme.monoSize
}
