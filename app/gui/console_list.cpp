#include "app/gui/console_list.h"

#include <QPointer>

#include <algorithm>

namespace univrs::gui {

ConsoleList::ConsoleList(interfaces::Engine& engine, QObject* parent) : QAbstractListModel(parent), m_engine(engine) {}

ConsoleList::~ConsoleList() {
  for (ConsoleSession* console : m_consoles) {
    delete console;
  }
}

void ConsoleList::setProblem(const Problem& problem) {
  if (!(problem == m_problem)) {
    m_problem = problem;
    Q_EMIT problemChanged();
  }
}

void ConsoleList::forgetProblem() {
  setProblem({});
}

void ConsoleList::lookAt(const QString& instanceId) {
  if (instanceId == m_looked) {
    return;
  }
  m_looked = instanceId;
  m_containers.clear();
  Q_EMIT containersChanged();
  if (instanceId.isEmpty()) {
    return;
  }
  m_engine.workloads().getInstance(instanceId.toStdString(),
                                   [self = QPointer(this), instanceId](const base::Result<model::Instance>& instance) {
                                     if (!self || self->m_looked != instanceId || !instance.ok()) {
                                       return; // without the names there is still the first container
                                     }
                                     for (const model::ContainerState& container : instance.value().containers) {
                                       self->m_containers << plainLine(container.name);
                                     }
                                     Q_EMIT self->containersChanged();
                                   });
}

bool ConsoleList::open(const QString& workloadName, const QString& instanceId, const QString& container,
                       const QString& command) {
  if (full()) {
    setProblem(Problem(tr("No more consoles can be open"), tr("%1 are open").arg(count()),
                       tr("Close one that is not needed any more.")));
    return false;
  }
  if (instanceId.isEmpty()) {
    setProblem(Problem(tr("There is no instance to open a console in"), tr("none of this workload is there"),
                       tr("Scale it up, or wait until one runs.")));
    return false;
  }
  const auto words = commandWords(command);
  if (!words.ok()) {
    setProblem(Problem(words.error()));
    return false;
  }
  setProblem({});
  auto* console = new ConsoleSession(m_engine.exec(), {workloadName, instanceId, container, words.value()}, this);
  const auto changed = [this, console] {
    const auto at = std::find(m_consoles.begin(), m_consoles.end(), console);
    if (at != m_consoles.end()) {
      const QModelIndex row = index(int(at - m_consoles.begin()));
      Q_EMIT dataChanged(row, row);
    }
  };
  connect(console, &ConsoleSession::stateChanged, this, changed);
  connect(console, &ConsoleSession::titleChanged, this, changed);
  beginInsertRows({}, count(), count());
  m_consoles.push_back(console);
  endInsertRows();
  m_current = count() - 1;
  Q_EMIT countChanged();
  Q_EMIT currentChanged();
  console->start();
  return true;
}

void ConsoleList::close(int row) {
  if (row < 0 || row >= count()) {
    return;
  }
  ConsoleSession* console = m_consoles[size_t(row)];
  beginRemoveRows({}, row, row);
  m_consoles.erase(m_consoles.begin() + row);
  endRemoveRows();
  if (m_current > row || m_current >= count()) {
    --m_current;
  }
  setProblem({});
  Q_EMIT countChanged();
  Q_EMIT currentChanged();
  console->end();
  console->deleteLater(); // views let go of it first
}

ConsoleSession* ConsoleList::current() const {
  return m_current >= 0 && m_current < count() ? m_consoles[size_t(m_current)] : nullptr;
}

void ConsoleList::setCurrentRow(int row) {
  if (row != m_current && row >= 0 && row < count()) {
    m_current = row;
    Q_EMIT currentChanged();
  }
}

int ConsoleList::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant ConsoleList::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const ConsoleSession& console = *m_consoles[size_t(at.row())];
  switch (role) {
  case Qt::DisplayRole:
  case NameRole:
    return console.name();
  case WordRole:
    return console.word();
  case ToneRole:
    return console.tone();
  case RunningRole:
    return console.running();
  case DetailRole: {
    QStringList parts{console.instance()};
    if (!console.container().isEmpty()) {
      parts << console.container();
    }
    parts << (console.title().isEmpty() ? console.program() : console.title());
    return parts.join(QStringLiteral(" · "));
  }
  default:
    return {};
  }
}

QHash<int, QByteArray> ConsoleList::roleNames() const {
  return {{NameRole, "name"}, {WordRole, "word"}, {ToneRole, "tone"}, {DetailRole, "detail"}, {RunningRole, "running"}};
}

} // namespace univrs::gui
