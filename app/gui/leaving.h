// Closing and quitting: what happens to what runs here, and who is asked first.
#pragma once

#include "app/gui/object_index.h"

#include <QObject>

#include <functional>

namespace univrs::gui {

class Leaving : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Desk")
  Q_PROPERTY(bool asked READ asked NOTIFY changed)
  Q_PROPERTY(QString what READ what NOTIFY changed)
  Q_PROPERTY(QString why READ why NOTIFY changed)
  Q_PROPERTY(bool canKeep READ canKeep CONSTANT)
public:
  // `here`: the engine inside this program, null = none. `stop` makes it stop its workloads when it ends;
  // `stopsAnyway`: it does so in any case.
  Leaving(const ObjectIndex* here, std::function<void()> stop, bool stopsAnyway, QObject* parent = nullptr);

  // A tray holds the window when it is closed; set by the program when there is one.
  void setTray(bool there) { m_tray = there; }
  // Closing the window: true = it may close and the program ends. False = it hides in the tray, or asks.
  Q_INVOKABLE bool closeWindow(bool toTray);
  // Quitting: at once when nothing runs here, else it asks.
  Q_INVOKABLE void quit();
  Q_INVOKABLE void keep();
  Q_INVOKABLE void stopAll();
  Q_INVOKABLE void cancel();

  [[nodiscard]] bool asked() const { return m_asked; }
  [[nodiscard]] QString what() const;
  [[nodiscard]] QString why() const;
  [[nodiscard]] bool canKeep() const { return !m_stopsAnyway; }
  // One line for the tray's menu.
  [[nodiscard]] QString consequence() const;

Q_SIGNALS:
  void changed();
  void hideRequested(); // the window goes into the tray
  void showRequested(); // there is something to answer
  void ended();         // the program is to end

private:
  [[nodiscard]] int running() const { return m_here == nullptr ? 0 : m_here->workloadsRunning(); }
  void end();
  const ObjectIndex* m_here;
  std::function<void()> m_stop;
  const bool m_stopsAnyway;
  bool m_tray = false;
  bool m_asked = false;
  bool m_ending = false;
};

} // namespace univrs::gui
