// The common fields of one workload, for those who would rather fill in than write: reads them from what the deploy
// sheet understood, and writes them back as its text. Comments of a text do not survive; the form says so.
#pragma once

#include "app/gui/deploy_session.h"
#include "engine/model/workload.h"

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class DeployForm : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool available READ available NOTIFY changed)
  Q_PROPERTY(QString unavailableBecause READ unavailableBecause NOTIFY changed)
  Q_PROPERTY(bool losesComments READ losesComments NOTIFY changed)
  Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed)
  Q_PROPERTY(QString image READ image WRITE setImage NOTIFY changed)
  Q_PROPERTY(int replicas READ replicas WRITE setReplicas NOTIFY changed)
  Q_PROPERTY(QString ports READ ports WRITE setPorts NOTIFY changed)    // "8080:80, 53:53/udp, 9000"
  Q_PROPERTY(QString env READ env WRITE setEnv NOTIFY changed)          // KEY=VALUE a line
  Q_PROPERTY(QString cpu READ cpu WRITE setCpu NOTIFY changed)          // limit: "500m", "0.5"; empty = none
  Q_PROPERTY(QString memory READ memory WRITE setMemory NOTIFY changed) // limit: "256Mi"; empty = none
  // Which field cannot be read, and why; the text keeps what it had.
  Q_PROPERTY(QString portsProblem READ portsProblem NOTIFY changed)
  Q_PROPERTY(QString envProblem READ envProblem NOTIFY changed)
  Q_PROPERTY(QString cpuProblem READ cpuProblem NOTIFY changed)
  Q_PROPERTY(QString memoryProblem READ memoryProblem NOTIFY changed)
public:
  explicit DeployForm(DeploySession& deploy, QObject* parent = nullptr);

  [[nodiscard]] bool available() const { return m_available; }
  [[nodiscard]] QString unavailableBecause() const;
  [[nodiscard]] bool losesComments() const;
  [[nodiscard]] QString name() const;
  void setName(const QString& name);
  [[nodiscard]] QString image() const;
  void setImage(const QString& image);
  [[nodiscard]] int replicas() const { return m_spec.replicas; }
  void setReplicas(int replicas); // 0…limits::kMaxReplicas
  [[nodiscard]] QString ports() const { return m_ports; }
  void setPorts(const QString& text);
  [[nodiscard]] QString env() const { return m_env; }
  void setEnv(const QString& text);
  [[nodiscard]] QString cpu() const { return m_cpu; }
  void setCpu(const QString& text);
  [[nodiscard]] QString memory() const { return m_memory; }
  void setMemory(const QString& text);
  [[nodiscard]] QString portsProblem() const { return m_portsProblem; }
  [[nodiscard]] QString envProblem() const { return m_envProblem; }
  [[nodiscard]] QString cpuProblem() const { return m_cpuProblem; }
  [[nodiscard]] QString memoryProblem() const { return m_memoryProblem; }

Q_SIGNALS:
  void changed();

private:
  void read();  // from the sheet
  void write(); // to the sheet
  void show(const model::WorkloadSpec& spec);
  model::Container& container();
  DeploySession& m_deploy;
  model::WorkloadSpec m_spec;
  bool m_available = false;
  QString m_written; // the text that came from here: reading it back would only disturb
  QString m_ports;
  QString m_env;
  QString m_cpu;
  QString m_memory;
  QString m_portsProblem;
  QString m_envProblem;
  QString m_cpuProblem;
  QString m_memoryProblem;
};

} // namespace univrs::gui
