// An icon of our own, by the name of its file in resources/icons.
import QtQuick
import Univrs

IconItem {
    color: Theme.muted
    Accessible.ignored: true
}
