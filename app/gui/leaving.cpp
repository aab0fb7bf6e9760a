#include "app/gui/leaving.h"

namespace univrs::gui {

Leaving::Leaving(const ObjectIndex* here, std::function<void()> stop, bool stopsAnyway, QObject* parent)
    : QObject(parent), m_here(here), m_stop(std::move(stop)), m_stopsAnyway(stopsAnyway) {}

bool Leaving::closeWindow(bool toTray) {
  if (m_ending) {
    return true;
  }
  if (m_tray && toTray) {
    Q_EMIT hideRequested();
    return false;
  }
  if (running() == 0) {
    end();
    return true;
  }
  quit();
  return false;
}

void Leaving::quit() {
  if (m_ending) {
    return;
  }
  if (running() == 0) {
    end();
    return;
  }
  m_asked = true;
  Q_EMIT changed();
  Q_EMIT showRequested();
}

void Leaving::keep() {
  end();
}

void Leaving::stopAll() {
  if (m_stop) {
    m_stop();
  }
  end();
}

void Leaving::cancel() {
  if (m_asked) {
    m_asked = false;
    Q_EMIT changed();
  }
}

void Leaving::end() {
  m_ending = true;
  cancel();
  Q_EMIT ended();
}

QString Leaving::what() const {
  const int n = running();
  return n == 1 ? tr("1 workload runs on this computer") : tr("%n workloads run on this computer", nullptr, n);
}

QString Leaving::why() const {
  return m_stopsAnyway ? tr("Univrs was started with --stop-workloads: they stop with it, and start again with it.")
                       : tr("Their containers can go on without Univrs, but nothing restarts or checks them, and their "
                            "published ports do not answer, until Univrs starts again. Stopped ones start again with "
                            "it, too.");
}

QString Leaving::consequence() const {
  const int n = running();
  if (n == 0) {
    return tr("Quit");
  }
  if (m_stopsAnyway) {
    return n == 1 ? tr("Quit (1 workload stops)…") : tr("Quit (%n workloads stop)…", nullptr, n);
  }
  return n == 1 ? tr("Quit (asks about 1 workload)…") : tr("Quit (asks about %n workloads)…", nullptr, n);
}

} // namespace univrs::gui
