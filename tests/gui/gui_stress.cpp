// The real window module with much to show:
//   gui_stress MODULE [--workloads N] [--rate DELTAS/S] [--churn S] [--log LINES] [--idle S] [--check]
//              [--max-growth MB] [--max-idle PERCENT]
// Prints a figure a line: time to the first picture and to the filled one, memory, frame times while scrolling, input
// to picture, the longest pause of the window's thread under churn, processor time when nothing happens. With --check
// it ends with 1 when one of them is far beyond what a person would bear; the bounds are alarms, not goals (tests/bench
// keeps those), and --max-growth and --max-idle make two of them narrower.
#include "app/gui/gui_module.h"
#include "tests/gui/scripted_engine.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPluginLoader>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTimer>
#include <QWheelEvent>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <mutex>
#include <unistd.h>
#include <vector>

using namespace univrs;
using namespace univrs::gui::test;
using model::Health;
using model::InstanceState;
using namespace std::chrono_literals;

namespace {

constexpr double kMaxStallMs = 2'000;   // alarms of --check
constexpr int kMaxIdlePercent = 10;     // a quiet machine shows well under 1
constexpr int kMaxChurnGrowthMb = 64;   // between the middle and the end of the churn
constexpr double kMaxLogGrowthMb = 160; // a log is kept up to a limit, however long it is

double residentMb() {
  QFile status(QStringLiteral("/proc/self/status"));
  if (!status.open(QIODevice::ReadOnly)) {
    return 0;
  }
  for (const QByteArray& line : status.readAll().split('\n')) {
    if (line.startsWith("VmRSS:")) {
      return line.simplified().split(' ').value(1).toDouble() / 1024;
    }
  }
  return 0;
}

// Of this process, to a hundredth of a second.
double sinceStartMs() {
  QFile stat(QStringLiteral("/proc/self/stat"));
  if (!stat.open(QIODevice::ReadOnly)) {
    return 0;
  }
  const QByteArray all = stat.readAll();
  const double ticks = all.mid(all.lastIndexOf(')') + 2).split(' ').value(19).toDouble();
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return double(now.tv_sec) * 1000 + double(now.tv_nsec) / 1e6 - ticks * 1000 / double(sysconf(_SC_CLK_TCK));
}

double processorMs() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) { return double(t.tv_sec) * 1000 + double(t.tv_usec) / 1000; };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) {
    return -1;
  }
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, size_t(q * double(values.size())))];
}

struct Options {
  int workloads = 1'500;
  int rate = 1'000;
  int churnSeconds = 10;
  int logLines = 200'000;
  int idleSeconds = 10;
  int maxGrowthMb = kMaxChurnGrowthMb;
  int maxIdlePercent = kMaxIdlePercent;
  bool check = false;
};

class Stress : public QObject {
public:
  Stress(ScriptedEngine& engine, Options options) : m_engine(engine), m_options(options) {
    m_clock.start();
    m_pulse.setTimerType(Qt::PreciseTimer);
    m_pulse.setInterval(5);
    connect(&m_pulse, &QTimer::timeout, this, [this] {
      const qint64 now = m_clock.nsecsElapsed();
      m_longestStall = std::max(m_longestStall, double(now - m_lastPulse) / 1e6 - 5);
      m_lastPulse = now;
    });
    QTimer::singleShot(0, this, [this] { findWindow(); });
  }
  [[nodiscard]] bool failed() const { return m_failed; }

private:
  void say(const char* what, double value, const char* unit) {
    std::printf("%-34s %10.1f %s\n", what, value, unit);
    std::fflush(stdout);
  }
  void bound(const char* what, double value, double limit) {
    if (m_options.check && value > limit) {
      std::printf("FAILED: %s is %.1f, the alarm is at %.1f\n", what, value, limit);
      m_failed = true;
    }
  }

  void findWindow() {
    for (QWindow* window : QGuiApplication::topLevelWindows()) {
      if (auto* quick = qobject_cast<QQuickWindow*>(window)) {
        m_window = quick;
        connect(
            quick, &QQuickWindow::frameSwapped, this,
            [this] {
              const std::scoped_lock lock(m_frameLock);
              m_frames.push_back(m_clock.nsecsElapsed());
              if (m_frames.size() > 20'000) {
                m_frames.erase(m_frames.begin(), m_frames.begin() + 10'000);
              }
            },
            Qt::DirectConnection); // on the render thread, at the moment of the picture
        nextFrame([this] {
          say("process start to first picture", sinceStartMs(), "ms");
          QTimer::singleShot(1'000, this, [this] { fill(); });
        });
        return;
      }
    }
    QTimer::singleShot(5, this, [this] { findWindow(); });
  }

  // Calls `then` on this thread after a picture made after now; gives up after `limit`.
  void nextFrame(std::function<void()> then, std::chrono::nanoseconds limit = 30s) {
    const qint64 from = m_clock.nsecsElapsed();
    auto* poll = new QTimer(this);
    poll->setInterval(1);
    connect(poll, &QTimer::timeout, this, [this, poll, from, limit, then = std::move(then)] {
      bool seen = false;
      {
        const std::scoped_lock lock(m_frameLock);
        seen = !m_frames.empty() && m_frames.back() > from;
        m_lastFrame = m_frames.empty() ? 0 : m_frames.back();
      }
      if (seen || m_clock.nsecsElapsed() - from > limit.count()) {
        poll->stop();
        poll->deleteLater();
        then();
      }
    });
    poll->start();
  }

  static QQuickItem* find(QQuickItem* item, QLatin1String name) {
    if (item->isVisible() && item->objectName() == name) {
      return item;
    }
    for (QQuickItem* child : item->childItems()) {
      if (QQuickItem* found = find(child, name)) {
        return found;
      }
    }
    return nullptr;
  }

  static QQuickItem* withMethod(QQuickItem* item, const char* method) {
    if (item->isVisible() && item->metaObject()->indexOfMethod(method) >= 0) {
      return item;
    }
    for (QQuickItem* child : item->childItems()) {
      if (QQuickItem* found = withMethod(child, method)) {
        return found;
      }
    }
    return nullptr;
  }

  void fill() {
    // The rows that scroll are those of the workloads.
    QMetaObject::invokeMethod(m_window->property("desk").value<QObject*>(), "perform",
                              Q_ARG(QString, QStringLiteral("view")), Q_ARG(QString, QStringLiteral("workloads")));
    say("resident, empty window", residentMb(), "MB");
    std::vector<model::Workload> list;
    std::vector<model::Instance> instances;
    for (int i = 0; i < m_options.workloads; ++i) {
      const std::string name = "service-" + std::to_string(100'000 + i);
      list.push_back(workload(name, i % 17 == 0 ? Health::Degraded : Health::Healthy, 2, 2));
      instances.push_back(instance(name, "aaaaaa", InstanceState::Running));
      instances.push_back(instance(name, "bbbbbb", InstanceState::Running));
    }
    m_list = list;
    const qint64 from = m_clock.nsecsElapsed();
    m_engine.connect(true);
    m_engine.snapshot(list, instances, {node("laptop")});
    QTimer::singleShot(0, this, [this, from] {
      nextFrame([this, from] {
        say("snapshot to filled picture", double(m_lastFrame - from) / 1e6, "ms");
        QTimer::singleShot(1'500, this, [this] {
          say("resident, filled", residentMb(), "MB");
          scroll(0);
        });
      });
    });
  }

  void wheel(int delta) {
    const QPointF at(m_window->width() / 2.0, m_window->height() / 2.0);
    QWheelEvent event(at, m_window->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(m_window, &event);
  }

  void scroll(int step) {
    if (step == 0) {
      const std::scoped_lock lock(m_frameLock);
      m_frames.clear();
    }
    if (step < 200) {
      wheel(step % 100 < 80 ? -360 : 360);
      QTimer::singleShot(16, this, [this, step] { scroll(step + 1); });
      return;
    }
    std::vector<double> gaps;
    {
      const std::scoped_lock lock(m_frameLock);
      for (size_t i = 1; i < m_frames.size(); ++i) {
        gaps.push_back(double(m_frames[i] - m_frames[i - 1]) / 1e6);
      }
    }
    // There is no window manager: the window is told itself that it is the one that gets the keys.
    m_window->requestActivate();
    if (QQuickItem* panes = withMethod(m_window->contentItem(), "focusView()")) {
      QMetaObject::invokeMethod(panes, "focusView");
    }
    say("scrolling, frames", double(gaps.size()), "");
    say("scrolling, between frames p50", quantile(gaps, 0.5), "ms");
    say("scrolling, between frames p95", quantile(gaps, 0.95), "ms");
    latency(0);
  }

  void latency(int step) {
    if (step >= 40) {
      if (m_unanswered > 20) {
        std::printf("FAILED: %d of 40 keys changed nothing in the picture\n", m_unanswered);
        m_failed = true;
      }
      say("key to picture p50", quantile(m_latencies, 0.5), "ms");
      say("key to picture p95", quantile(m_latencies, 0.95), "ms");
      churn();
      return;
    }
    const qint64 from = m_clock.nsecsElapsed();
    for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
      QKeyEvent event(type, step % 2 == 0 ? Qt::Key_Down : Qt::Key_Up, Qt::NoModifier);
      QCoreApplication::sendEvent(m_window, &event);
    }
    nextFrame(
        [this, step, from] {
          if (m_lastFrame > from) {
            m_latencies.push_back(double(m_lastFrame - from) / 1e6);
          } else {
            ++m_unanswered;
          }
          QTimer::singleShot(60, this, [this, step] { latency(step + 1); });
        },
        1s);
  }

  void churn() {
    m_lastPulse = m_clock.nsecsElapsed();
    m_longestStall = 0;
    m_pulse.start();
    auto* timer = new QTimer(this);
    timer->setInterval(20);
    connect(timer, &QTimer::timeout, this, [this, timer, n = 0, ticks = 0]() mutable {
      for (int i = 0; i < m_options.rate / 50; ++i) {
        model::Workload& w = m_list[size_t(n++) * 7919 % m_list.size()];
        w.status.restarts = n;
        w.status.ready = n % 3;
        w.status.health = n % 3 == 2 ? Health::Healthy : Health::Progressing;
        m_engine.put(w);
      }
      ++ticks;
      if (ticks == m_options.churnSeconds * 25) {
        m_middleMb = residentMb();
      }
      if (ticks >= m_options.churnSeconds * 50) {
        timer->stop();
        timer->deleteLater();
        say("churn, longest pause of the window", m_longestStall, "ms");
        say("churn, growth in its second half", residentMb() - m_middleMb, "MB");
        bound("the longest pause under churn (ms)", m_longestStall, kMaxStallMs);
        bound("growth under churn (MB)", residentMb() - m_middleMb, m_options.maxGrowthMb);
        openLog();
      }
    });
    timer->start();
  }

  void openLog() {
    m_logBefore = residentMb();
    for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) { // opens the current workload
      QKeyEvent event(type, Qt::Key_Return, Qt::NoModifier);
      QCoreApplication::sendEvent(m_window, &event);
    }
    QTimer::singleShot(1'000, this, [this] {
      if (QQuickItem* tab = find(m_window->contentItem(), QLatin1String("tab-logs"))) {
        QMetaObject::invokeMethod(tab, "clicked");
      }
      QTimer::singleShot(1'000, this, [this] {
        if (m_engine.logQueries.empty()) {
          std::printf("FAILED: the log did not open\n");
          m_failed = true;
        }
        m_lastPulse = m_clock.nsecsElapsed();
        m_longestStall = 0;
        log(0);
      });
    });
  }

  void log(int sent) {
    if (sent < m_options.logLines) {
      std::vector<std::string> lines;
      for (int i = 0; i < 1'000; ++i) {
        lines.push_back("2026-11-23T10:00:00Z INFO request " + std::to_string(sent + i) +
                        " GET /orders/8812 answered 200 in 14 ms");
      }
      m_engine.log(lines);
      QTimer::singleShot(5, this, [this, sent] { log(sent + 1'000); });
      return;
    }
    say("log, longest pause of the window", m_longestStall, "ms");
    say("log, resident grew by", residentMb() - m_logBefore, "MB");
    bound("the longest pause under the log (ms)", m_longestStall, kMaxStallMs);
    bound("growth by the log (MB)", residentMb() - m_logBefore, kMaxLogGrowthMb);
    m_pulse.stop();
    QTimer::singleShot(3'000, this, [this] { // what was started settles
      m_idleFrom = processorMs();
      QTimer::singleShot(m_options.idleSeconds * 1'000, this, [this] {
        const double percent = (processorMs() - m_idleFrom) / (m_options.idleSeconds * 10.0);
        say("processor when nothing happens", percent, "%");
        bound("idle processor time (%)", percent, m_options.maxIdlePercent);
        say("resident at the end", residentMb(), "MB");
        QCoreApplication::exit(m_failed ? 1 : 0);
      });
    });
  }

  ScriptedEngine& m_engine;
  const Options m_options;
  QQuickWindow* m_window = nullptr;
  QElapsedTimer m_clock;
  QTimer m_pulse;
  std::mutex m_frameLock;
  std::vector<qint64> m_frames;
  qint64 m_lastFrame = 0;
  qint64 m_lastPulse = 0;
  double m_longestStall = 0;
  double m_middleMb = 0;
  double m_logBefore = 0;
  double m_idleFrom = 0;
  std::vector<double> m_latencies;
  std::vector<model::Workload> m_list;
  int m_unanswered = 0;
  bool m_failed = false;
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: gui_stress MODULE [options]\n", stderr);
    return 2;
  }
  QPluginLoader loader(QString::fromLocal8Bit(argv[1]));
  auto* module = qobject_cast<gui::GuiModule*>(loader.instance());
  if (!module) {
    std::fprintf(stderr, "%s\n", qPrintable(loader.errorString()));
    return 3;
  }
  const std::unique_ptr<QCoreApplication> app(module->createApplication(argc, argv));
  Options options;
  const QStringList words = QCoreApplication::arguments();
  const auto number = [&](const char* name, int& value) {
    const qsizetype at = words.indexOf(QLatin1String(name));
    if (at > 0 && at + 1 < words.size()) {
      value = std::max(1, words[at + 1].toInt());
    }
  };
  number("--workloads", options.workloads);
  number("--rate", options.rate);
  number("--churn", options.churnSeconds);
  number("--log", options.logLines);
  number("--idle", options.idleSeconds);
  number("--max-growth", options.maxGrowthMb);
  number("--max-idle", options.maxIdlePercent);
  options.check = words.contains(QLatin1String("--check"));
  ScriptedEngine engine;
  Stress stress(engine, options);
  const int code = module->run(*app, &engine, {});
  return stress.failed() ? 1 : code;
}
