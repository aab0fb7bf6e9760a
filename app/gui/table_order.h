// How values of one column are ordered for people.
#pragma once

#include <QStringView>
#include <QVariant>

namespace univrs::gui {

// Below, at, above 0 like strcmp. Letters whatever their case, runs of digits as numbers: "node-9" before "node-10".
int compareNaturally(QStringView left, QStringView right);
// Numbers and times by value, all else as text. Missing values (invalid, null, empty, NaN) are equal to each other.
int compareValues(const QVariant& left, const QVariant& right);
[[nodiscard]] bool isMissing(const QVariant& value);

} // namespace univrs::gui
