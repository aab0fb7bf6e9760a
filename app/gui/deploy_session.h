// The deploy sheet: one or several documents, each checked by a dry run as it is typed, then deployed.
#pragma once

#include "app/gui/display_text.h"
#include "app/gui/dropped_source.h"
#include "engine/interfaces/commands.h"
#include "engine/interfaces/images.h"

#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <vector>

namespace univrs::gui {

class DeploySession : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool active READ active NOTIFY activeChanged)
  Q_PROPERTY(QVariantList documents READ documents NOTIFY documentsChanged) // {name, tone, note}
  Q_PROPERTY(int current READ current WRITE setCurrent NOTIFY currentChanged)
  Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
  Q_PROPERTY(bool editable READ editable NOTIFY textChanged)
  Q_PROPERTY(QString title READ title NOTIFY resultChanged)
  Q_PROPERTY(QString summary READ summary NOTIFY resultChanged)
  Q_PROPERTY(bool checking READ checking NOTIFY resultChanged)
  Q_PROPERTY(bool busy READ busy NOTIFY resultChanged)
  Q_PROPERTY(bool canDeploy READ canDeploy NOTIFY resultChanged)
  Q_PROPERTY(QString actionText READ actionText NOTIFY resultChanged)
  Q_PROPERTY(QString blockedBy READ blockedBy NOTIFY resultChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY resultChanged)
  Q_PROPERTY(QString problemText READ problemText NOTIFY resultChanged)       // with every finding, for the clipboard
  Q_PROPERTY(QVariantList unreadable READ unreadable NOTIFY documentsChanged) // {what, why, hint}
  Q_PROPERTY(QVariantList archives READ archives NOTIFY documentsChanged)     // {name, tone, what, why, hint}
  Q_PROPERTY(bool loadingArchives READ loadingArchives NOTIFY documentsChanged)
  Q_PROPERTY(QVariantList markers READ markers NOTIFY resultChanged)     // {line, tone, message}
  Q_PROPERTY(QVariantList workloads READ workloads NOTIFY resultChanged) // {name, image, replicas, ports, containers}
  Q_PROPERTY(QVariantList findings READ findings NOTIFY resultChanged)   // {path, message, hint, line, warning}
  Q_PROPERTY(QVariantList steps READ steps NOTIFY resultChanged)         // {action, object, detail, tone}
  Q_PROPERTY(QVariantList decisions READ decisions NOTIFY resultChanged) // {workload, chosen, summary, placed, nodes[]}
  Q_PROPERTY(int errorCount READ errorCount NOTIFY resultChanged)
  Q_PROPERTY(int warningCount READ warningCount NOTIFY resultChanged)
  Q_PROPERTY(QString cliLine READ cliLine NOTIFY resultChanged)
public:
  static constexpr int kCheckDelayMs = 250;        // after the last key
  static constexpr qsizetype kMaxEdited = 200'000; // characters; of a longer document the beginning is shown
  static constexpr int kMaxShownFindings = 200;    // the parser's own limit
  static constexpr int kMaxShownSteps = 500;
  static constexpr int kMaxShownDecisions = 100;
  static constexpr int kMaxShownNodes = 50; // of one decision

  // `remote`: archives cannot be loaded, since only a node reads files of its own disk.
  DeploySession(interfaces::Commands& commands, interfaces::Images& images, bool remote, QObject* parent = nullptr);

  // Opens the sheet with these; what was in it is kept when it had been opened already.
  void start(DroppedSources sources);
  void setConnected(bool connected);
  Q_INVOKABLE void startEmpty();
  Q_INVOKABLE void close();
  // Runs `deploy` for every document in turn; does nothing unless canDeploy.
  Q_INVOKABLE void deploy();
  Q_INVOKABLE void removeDocument(int index);

  [[nodiscard]] bool active() const { return m_active; }
  [[nodiscard]] QVariantList documents() const;
  [[nodiscard]] int current() const { return m_current; }
  void setCurrent(int index);
  [[nodiscard]] QString text() const;
  [[nodiscard]] bool editable() const;
  void setText(const QString& text);
  [[nodiscard]] QString title() const;
  [[nodiscard]] QString summary() const;
  [[nodiscard]] bool checking() const;
  [[nodiscard]] bool busy() const { return m_deploying >= 0; }
  [[nodiscard]] bool canDeploy() const { return !busy() && blockedBy().isEmpty(); }
  [[nodiscard]] QString actionText() const;
  [[nodiscard]] QString blockedBy() const; // why Deploy is off; empty when it is on
  [[nodiscard]] Problem problem() const;
  [[nodiscard]] QString problemText() const;
  [[nodiscard]] QVariantList unreadable() const;
  // The workload the current document describes, when it was understood and describes just one.
  [[nodiscard]] std::optional<model::WorkloadSpec> onlySpec() const;
  [[nodiscard]] QVariantList archives() const;
  [[nodiscard]] bool loadingArchives() const;
  [[nodiscard]] QVariantList markers() const;
  [[nodiscard]] QVariantList workloads() const;
  [[nodiscard]] QVariantList findings() const;
  [[nodiscard]] QVariantList steps() const;
  [[nodiscard]] QVariantList decisions() const;
  [[nodiscard]] int errorCount() const;
  [[nodiscard]] int warningCount() const;
  [[nodiscard]] QString cliLine() const;

Q_SIGNALS:
  void activeChanged();
  void documentsChanged();
  void currentChanged();
  void textChanged();
  void resultChanged();
  // All documents were deployed: what happened, how to take it back (in this order), the workloads' ids.
  void deployed(const QString& summary, const std::vector<QJsonObject>& undo, const QStringList& workloadIds);

private:
  enum class Check { Needed, Running, Passed, Failed };
  struct Document {
    uint64_t id = 0; // for answers that come when it is gone
    SourceDocument source;
    uint64_t round = 0; // grows with every edit: an older answer is dropped
    Check check = Check::Needed;
    bool done = false; // deployed
    interfaces::CommandOutcome outcome;
    base::Error error;
  };
  [[nodiscard]] const Document* here() const;
  Document* byId(uint64_t id);
  void addDocument(SourceDocument source);
  void checkNow();
  void deployNext();
  void finish();
  [[nodiscard]] static QJsonObject argsOf(const Document& document);
  struct Archive {
    uint64_t id = 0;
    SourceArchive source;
    bool loading = false;
    QString done; // what it held
    Problem problem;
  };
  void load(Archive& archive);
  void takeImages(Archive& archive, const std::vector<interfaces::StoredImage>& images);
  interfaces::Commands& m_commands;
  interfaces::Images& m_images;
  const bool m_remote;
  std::vector<Archive> m_archives;
  bool m_active = false;
  bool m_connected = false;
  std::vector<Document> m_documents;
  std::vector<Problem> m_unreadable;
  int m_current = 0;
  int m_deploying = -1;
  uint64_t m_nextId = 1;
  uint64_t m_session = 0; // grows with close(): a late deploy answer still reports, but touches no new sheet
  QStringList m_summaries;
  std::vector<QJsonObject> m_undo;
  QStringList m_workloadIds;
  QTimer m_delay;
};

} // namespace univrs::gui
