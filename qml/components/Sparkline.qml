// The shape of recent values, for a row. `points` from old to new, null where nothing is known.
import QtQuick
import Univrs

SparklineItem {
    property string tone: "good"
    color: Theme.tone(tone)
    Accessible.ignored: true
}
