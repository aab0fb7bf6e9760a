// What is wrong with how a shown window is laid out, as an eye would see it: texts that spill out of their place or lie
// on each other, and named items that are not whole within the window.
#pragma once

#include <QQuickWindow>
#include <QStringList>

namespace univrs::gui::test {

struct LayoutReport {
  int texts = 0; // looked at
  QStringList faults;
};

// `wanted` are object names that must be seen whole. UI thread; the window has been painted.
LayoutReport lookAt(QQuickWindow& window, const QStringList& wanted);

} // namespace univrs::gui::test
