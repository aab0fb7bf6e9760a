#include "app/cli/lists.h"
#include "app/cli/table.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"

#include <algorithm>

namespace univrs::cli {

namespace {

using interfaces::UsageOf;
using interfaces::UsagePoint;
using interfaces::UsageSeries;

constexpr size_t kMaxIdsAtOnce = 200;
constexpr base::Millis kCurrent{60'000}; // a point older than this says nothing about now
constexpr int kRefreshMs = 5'000;

struct Flags {
  std::string workload;
  bool nodes = false;
  bool watch = false;
  std::string since = "1h";
};

struct Row {
  UsageOf of = UsageOf::Workload;
  std::string id;
  std::string name;
  UsageSeries series; // of the whole time
  std::optional<UsagePoint> now;
};

base::Result<std::vector<Row>> rowsFor(Session& session, const Flags& flags) {
  std::vector<Row> rows;
  if (flags.nodes) {
    const auto nodes = listNodes(session, {});
    if (!nodes) {
      return nodes.error();
    }
    for (const model::Node& n : nodes->items) {
      rows.push_back({UsageOf::Node, n.id.str(), n.name, {}, {}});
    }
    return rows;
  }
  if (flags.workload.empty()) {
    const auto workloads = listWorkloads(session, {});
    if (!workloads) {
      return workloads.error();
    }
    for (const model::Workload& w : workloads->items) {
      rows.push_back({UsageOf::Workload, w.id.str(), w.spec.name, {}, {}});
    }
    return rows;
  }
  const auto workload = getWorkload(session, flags.workload);
  if (!workload) {
    return workload.error();
  }
  rows.push_back({UsageOf::Workload, workload->id.str(), workload->spec.name, {}, {}});
  interfaces::ListQuery query;
  query.workload = workload->id.str();
  const auto instances = listInstances(session, query);
  if (!instances) {
    return instances.error();
  }
  for (const model::Instance& i : instances->items) {
    if (!model::isFinal(i.state)) {
      rows.push_back({UsageOf::Instance, i.id.str(), i.id.str(), {}, {}});
    }
  }
  return rows;
}

// The histories of rows [begin, end), which are of one kind.
base::Result<std::vector<UsageSeries>> read(Session& session, const std::vector<Row>& rows, size_t begin, size_t end,
                                            base::Timestamp from) {
  interfaces::UsageQuery query;
  query.of = rows[begin].of;
  query.from = from;
  for (size_t i = begin; i < end; ++i) {
    query.ids.push_back(rows[i].id);
  }
  auto series = session.ask<std::vector<UsageSeries>>(
      [&](interfaces::Engine& e, auto reply) { e.usage().readUsage(query, std::move(reply)); });
  if (series && series->size() != end - begin) {
    return base::makeError(base::ErrorCode::Internal, "the node gave another number of histories than asked for");
  }
  return series;
}

base::Result<void> fill(Session& session, std::vector<Row>& rows, base::Timestamp from, base::Timestamp now) {
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && rows[end].of == rows[begin].of && end - begin < kMaxIdsAtOnce) {
      ++end;
    }
    auto whole = read(session, rows, begin, end, from);
    if (!whole) {
      return whole.error();
    }
    auto last = read(session, rows, begin, end, now + -kCurrent);
    if (!last) {
      return last.error();
    }
    for (size_t i = begin; i < end; ++i) {
      rows[i].series = std::move(whole.value()[i - begin]);
      if (const auto& points = last.value()[i - begin].points; !points.empty()) {
        rows[i].now = points.back();
      }
    }
    begin = end;
  }
  return {};
}

QJsonObject jsonOf(const Row& row) {
  QJsonObject out = interfaces::toJson(row.series);
  out.insert(QStringLiteral("of"), QString::fromStdString(std::string(interfaces::name(row.of))));
  out.insert(QStringLiteral("name"), QString::fromStdString(row.name));
  UsageSeries only;
  if (row.now) {
    only.points.push_back(*row.now);
  }
  const QJsonArray points = interfaces::toJson(only).value(QStringLiteral("points")).toArray();
  out.insert(QStringLiteral("current"), points.isEmpty() ? QJsonValue(QJsonValue::Null) : points.first());
  return out;
}

std::string limitText(int64_t limit, std::string (*format)(int64_t)) {
  return limit > 0 ? format(limit) : "-";
}

Table tableOf(const std::vector<Row>& rows) {
  Table table({{"NAME"},
               {"CPU", true},
               {"MAX", true},
               {"LIMIT", true},
               {"MEMORY", true},
               {"MAX", true},
               {"LIMIT", true},
               {"RECEIVED", true},
               {"SENT", true},
               {"RESTARTS", true},
               {"INSTANCES", true}});
  for (const Row& row : rows) {
    int64_t cpu = 0;
    int64_t memory = 0;
    int64_t restarts = 0;
    for (const UsagePoint& p : row.series.points) {
      cpu = std::max(cpu, p.cpuMillicores);
      memory = std::max(memory, p.memoryBytes);
      restarts += p.restarts;
    }
    const bool measured = !row.series.points.empty();
    const auto current = [&](int64_t UsagePoint::*field, std::string (*format)(int64_t), const char* after = "") {
      return row.now ? format(*row.now.*field) + after : std::string("-");
    };
    table.add({{row.name},
               {current(&UsagePoint::cpuMillicores, model::formatCpu)},
               {measured ? model::formatCpu(cpu) : "-"},
               {limitText(row.series.cpuLimitMillicores, model::formatCpu)},
               {current(&UsagePoint::memoryBytes, model::formatBytes)},
               {measured ? model::formatBytes(memory) : "-"},
               {limitText(row.series.memoryLimitBytes, model::formatBytes)},
               {current(&UsagePoint::receivedPerSecond, model::formatBytes, "/s")},
               {current(&UsagePoint::sentPerSecond, model::formatBytes, "/s")},
               {std::to_string(restarts)},
               {row.now ? std::to_string(row.now->instances) : "-"}});
  }
  return table;
}

int show(Session& session, const Flags& flags, bool clear) {
  Console& console = session.console();
  const base::Timestamp now = wallNow();
  const auto from = parseMoment(flags.since, now);
  if (!from) {
    return console.fail(from.error());
  }
  auto rows = rowsFor(session, flags);
  if (!rows) {
    return console.fail(rows.error());
  }
  if (const auto filled = fill(session, *rows, *from, now); !filled) {
    return console.fail(filled.error());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const Row& row : *rows) {
      items.append(jsonOf(row));
    }
    printItems(console, session.format(), items, int64_t(items.size()));
  } else if (rows->empty()) {
    console.note("No workloads yet. Deploy one: univrs deploy FILE, or univrs deploy IMAGE");
  } else {
    console.out((clear ? "\x1b[H\x1b[J" : "") + tableOf(*rows).text(console.width(), console.colour()));
  }
  return kOk;
}

int stats(Session& session, const Flags& flags) {
  if (flags.nodes && !flags.workload.empty()) {
    session.console().fail(base::makeError(base::ErrorCode::BadRequest, "A workload and --nodes do not go together", {},
                                           "As in: univrs stats web, or univrs stats --nodes"));
    return kUsage;
  }
  if (!flags.watch) {
    return show(session, flags, false);
  }
  const bool screen = session.tables() && session.console().outIsTerminal();
  for (;;) {
    if (const int code = show(session, flags, screen); code != kOk) {
      return code;
    }
    QEventLoop loop;
    QTimer::singleShot(kRefreshMs, &loop, &QEventLoop::quit);
    if (session.run(loop, std::nullopt) == Session::End::Interrupted) {
      return kInterrupted;
    }
  }
}

} // namespace

void addStats(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "stats", "CPU, memory and network used now, and their maximum", Names::Workloads,
                             [flags](Session& session) { return stats(session, *flags); });
  verb->add_option("workload", flags->workload, "this workload and each of its instances");
  verb->add_flag("--nodes", flags->nodes, "nodes instead of workloads");
  verb->add_option("--since", flags->since, "the time the maximum is of: 10m, 1d, or 2026-11-23T10:00:00Z; default 1h");
  verb->add_flag("-w,--watch", flags->watch, "go on until Ctrl-C");
}

} // namespace univrs::cli
