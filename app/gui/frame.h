// Where one is in the window: which views there are, which is shown, how the rail stands. Remembered between starts.
#pragma once

#include "app/gui/settings.h"

#include <QObject>
#include <QVariantList>

#include <vector>

namespace univrs::gui {

// A view of the rail. Adding one is a line in frame.cpp.
struct ViewDef {
  const char* id;
  const char* title; // translated in context "View"
  const char* group; // heading above it; empty = none
  const char* icon;
  const char* file;      // under qml/
  const char* inspector; // under qml/; empty = it has none
  const char* selection; // property of Session that holds the selected id; empty when it has no inspector
  bool always = false;   // also before anything was ever deployed, when the others give way to the first steps
};
const std::vector<ViewDef>& viewDefs();
QString viewTitle(const ViewDef& view);

class Frame : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Desk")
  Q_PROPERTY(QVariantList views READ views CONSTANT)
  Q_PROPERTY(QString view READ view WRITE setView NOTIFY viewChanged)
  Q_PROPERTY(QString selection READ selection NOTIFY viewChanged)
  Q_PROPERTY(bool always READ always NOTIFY viewChanged) // the view shown is there before anything was deployed
  Q_PROPERTY(bool railFolded READ railFolded WRITE setRailFolded NOTIFY railChanged)
public:
  explicit Frame(const Settings& settings, QObject* parent = nullptr);
  // Of {viewId, title, group, icon, file, inspector, selection, shortcut}.
  [[nodiscard]] QVariantList views() const;
  [[nodiscard]] QString view() const { return m_view; }
  // Unknown ids are ignored.
  void setView(const QString& id);
  [[nodiscard]] QString selection() const;
  [[nodiscard]] bool always() const;
  [[nodiscard]] bool railFolded() const { return m_railFolded; }
  void setRailFolded(bool folded);
  [[nodiscard]] static bool has(const QString& id);

Q_SIGNALS:
  void viewChanged();
  void railChanged();

private:
  QString m_view;
  bool m_railFolded = false;
};

} // namespace univrs::gui
