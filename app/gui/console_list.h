// The consoles that are open on one engine, and opening one more.
#pragma once

#include "app/gui/console_session.h"
#include "engine/interfaces/engine.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace univrs::gui {

class ConsoleList : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(bool full READ full NOTIFY countChanged)
  Q_PROPERTY(univrs::gui::ConsoleSession* current READ current NOTIFY currentChanged)
  Q_PROPERTY(int currentRow READ currentRow WRITE setCurrentRow NOTIFY currentChanged)
  Q_PROPERTY(QString looked READ looked NOTIFY containersChanged)
  Q_PROPERTY(QStringList containers READ containers NOTIFY containersChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY problemChanged)
public:
  static constexpr int kMaxConsoles = 16; // an agent has at most 32 exec sessions for everybody
  enum Role { NameRole = Qt::UserRole + 1, WordRole, ToneRole, DetailRole, RunningRole };

  explicit ConsoleList(interfaces::Engine& engine, QObject* parent = nullptr);
  ~ConsoleList() override;

  // Reads which containers the instance has; `containers` tells when they are known.
  Q_INVOKABLE void lookAt(const QString& instanceId);
  // Opens one and makes it current; an empty container is the first, an empty command a shell. False with `problem`
  // set.
  Q_INVOKABLE bool open(const QString& workloadName, const QString& instanceId, const QString& container,
                        const QString& command);
  // Ends its program when it still runs, and forgets it.
  Q_INVOKABLE void close(int row);
  Q_INVOKABLE void forgetProblem();

  [[nodiscard]] int count() const { return int(m_consoles.size()); }
  [[nodiscard]] bool full() const { return count() >= kMaxConsoles; }
  [[nodiscard]] ConsoleSession* current() const;
  [[nodiscard]] int currentRow() const { return m_current; }
  void setCurrentRow(int row);
  [[nodiscard]] QString looked() const { return m_looked; }
  [[nodiscard]] QStringList containers() const { return m_containers; }
  [[nodiscard]] Problem problem() const { return m_problem; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  void currentChanged();
  void containersChanged();
  void problemChanged();

private:
  void setProblem(const Problem& problem);
  interfaces::Engine& m_engine;
  std::vector<ConsoleSession*> m_consoles; // children of this
  int m_current = -1;
  QString m_looked;
  QStringList m_containers;
  Problem m_problem;
};

} // namespace univrs::gui
