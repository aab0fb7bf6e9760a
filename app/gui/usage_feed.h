// What workloads, instances or nodes used over a range of time, for charts: asked from the engine now and again while
// it is looked at. Made in QML (`UsageFeed { session: …; of: UsageFeed.Node; ids: […]; active: visible }`); each chart
// page has its own.
#pragma once

#include "app/gui/display_text.h"
#include "engine/interfaces/usage.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QPointF>
#include <QPointer>
#include <QStringList>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

Q_MOC_INCLUDE("app/gui/session.h")

namespace univrs::gui {

class Session;

class UsageFeed : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(univrs::gui::Session* session READ session WRITE setSession NOTIFY questionChanged)
  Q_PROPERTY(Of of READ of WRITE setOf NOTIFY questionChanged)
  Q_PROPERTY(QStringList ids READ ids WRITE setIds NOTIFY questionChanged)
  Q_PROPERTY(int rangeSeconds READ rangeSeconds WRITE setRangeSeconds NOTIFY questionChanged)
  Q_PROPERTY(bool active READ active WRITE setActive NOTIFY activeChanged)
  // The answer. `serial` grows with each: bind to it where a function below is called.
  Q_PROPERTY(int serial READ serial NOTIFY changed)
  Q_PROPERTY(bool loading READ loading NOTIFY changed)
  Q_PROPERTY(bool empty READ empty NOTIFY changed)
  Q_PROPERTY(double from READ from NOTIFY changed)
  Q_PROPERTY(double to READ to NOTIFY changed)
  // Milliseconds; points further apart have a gap between them.
  Q_PROPERTY(double maxGap READ maxGap NOTIFY changed)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY changed)
public:
  enum Of { Instance, Workload, Node };
  Q_ENUM(Of)
  static constexpr int kMaxIds = 200;           // the engine's own limit for one question; more are left out
  static constexpr int kRefreshMs = 10'000;     // the engine measures every 10 s
  static constexpr int kCalmRefreshMs = 60'000; // of ranges over a day, whose points are minutes apart
  static constexpr int kMaxRangeSeconds = 31 * 86'400;
  static constexpr int kPoints = 360; // of one series

  explicit UsageFeed(QObject* parent = nullptr);

  [[nodiscard]] Session* session() const;
  void setSession(Session* session);
  // Without a session, for tests; nullptr = asks nobody. Must outlive this.
  void setSource(interfaces::Usage* usage);
  [[nodiscard]] Of of() const { return m_of; }
  void setOf(Of of);
  [[nodiscard]] QStringList ids() const { return m_ids; }
  void setIds(const QStringList& ids);
  [[nodiscard]] int rangeSeconds() const { return m_rangeSeconds; }
  void setRangeSeconds(int seconds); // 60…kMaxRangeSeconds
  [[nodiscard]] bool active() const { return m_active; }
  void setActive(bool active);

  [[nodiscard]] int serial() const { return m_serial; }
  // The first answer to this question is awaited.
  [[nodiscard]] bool loading() const { return m_loading; }
  // Answered, and nothing was measured.
  [[nodiscard]] bool empty() const;
  // The range of the answer, milliseconds since 1970.
  [[nodiscard]] double from() const { return m_from; }
  [[nodiscard]] double to() const { return m_to; }
  [[nodiscard]] double maxGap() const;
  // Why the last answer is missing; earlier points stay.
  [[nodiscard]] Problem problem() const { return m_problem; }

  // Kinds: "cpu" (millicores), "memory" (bytes), "received", "sent" (bytes a second), "restarts", "instances".
  // Points by time (x = ms since 1970); none for an id or kind that is not known.
  Q_INVOKABLE [[nodiscard]] QList<QPointF> points(const QString& id, const QString& kind) const;
  // All ids together.
  Q_INVOKABLE [[nodiscard]] QList<QPointF> sum(const QString& kind) const;
  // "cpu", "memory": what it may use; 0 = no limit. An empty id: all together, 0 when one has none.
  Q_INVOKABLE [[nodiscard]] double limit(const QString& id, const QString& kind) const;
  // The newest value; -1 when nothing was measured.
  Q_INVOKABLE [[nodiscard]] double latest(const QString& id, const QString& kind) const;
  Q_INVOKABLE void refresh();

Q_SIGNALS:
  void questionChanged();
  void activeChanged();
  void changed();

private:
  void askAnew(); // another question: what was answered does not fit any more
  void take(base::Result<std::vector<interfaces::UsageSeries>> answer, qint64 from, qint64 to);
  [[nodiscard]] interfaces::Usage* source() const;
  QPointer<Session> m_session;
  interfaces::Usage* m_usage = nullptr;
  Of m_of = Workload;
  QStringList m_ids;
  int m_rangeSeconds = 3'600;
  bool m_active = false;
  bool m_asking = false;
  bool m_loading = false;
  uint64_t m_round = 0; // answers to an earlier question are dropped
  int m_serial = 0;
  double m_from = 0;
  double m_to = 0;
  Problem m_problem;
  QHash<QString, interfaces::UsageSeries> m_series;
  QTimer m_refresh;
  QTimer m_soon; // several properties set in a row make one question
};

} // namespace univrs::gui
