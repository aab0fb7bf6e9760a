// Text in the interface's font. Always plain: what peers and programs wrote is never markup.
import QtQuick
import Univrs

Text {
    color: Theme.text
    font.family: Theme.family
    font.pixelSize: Theme.bodySize
    textFormat: Text.PlainText
    elide: wrapMode === Text.NoWrap ? Text.ElideRight : Text.ElideNone
}
