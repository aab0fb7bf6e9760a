// CPU of the last hour in miniature, and memory now, for the workloads whose rows are on screen: whoever asks for one
// is remembered, and all that were asked for are fetched by one question, again every 30 s.
#pragma once

#include "engine/interfaces/usage.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QStringList>
#include <QTimer>
#include <QVariantList>

namespace univrs::gui {

class UsageThumbs : public QObject {
  Q_OBJECT
public:
  static constexpr int kMaxAsked = 60;      // rows on screen; of more the latest
  static constexpr int kMaxKept = 600;      // answers kept for scrolling back
  static constexpr int kPoints = 48;        // of one miniature
  static constexpr int kRefreshMs = 30'000; // what was shown is asked again
  static constexpr int kGatherMs = 120;     // rows that come together make one question

  explicit UsageThumbs(interfaces::Usage& usage, QObject* parent = nullptr);

  // Asks nothing while off: nobody looks.
  void setActive(bool active);
  // Millicores; empty when nothing is known (yet). Both remember that the row is looked at.
  [[nodiscard]] QVariantList cpu(const QString& id) const;
  [[nodiscard]] QString memory(const QString& id) const; // "128 MiB"; empty when not known

Q_SIGNALS:
  void changed(const QStringList& ids);

private:
  struct Thumb {
    QVariantList cpu;
    QString memory;
    int64_t askedAt = 0;
  };
  void look(const QString& id) const;
  void ask();
  interfaces::Usage& m_usage;
  QHash<QString, Thumb> m_thumbs;
  mutable QStringList m_looked; // latest last
  mutable QTimer m_gather;
  QTimer m_refresh;
  bool m_active = false;
  bool m_asking = false;
};

} // namespace univrs::gui
