#include "app/cli/verbs/watch_table.h"

#include "engine/interfaces/json.h"

namespace univrs::cli {

using interfaces::Delta;
using interfaces::Topic;

namespace {

void take(WatchedState& state, const Delta& delta) {
  if (delta.kind == Delta::Kind::SnapshotBegin) {
    switch (delta.topic) {
    case Topic::Workloads:
      state.workloads.clear();
      break;
    case Topic::Instances:
      state.instances.clear();
      break;
    case Topic::Nodes:
      state.nodes.clear();
      break;
    default:
      break;
    }
  } else if (delta.kind == Delta::Kind::Remove) {
    state.workloads.erase(delta.topic == Topic::Workloads ? delta.id : std::string());
    state.instances.erase(delta.topic == Topic::Instances ? delta.id : std::string());
    state.nodes.erase(delta.topic == Topic::Nodes ? delta.id : std::string());
  } else if (const auto* w = std::get_if<model::Workload>(&delta.object)) {
    state.workloads[w->id.str()] = *w;
  } else if (const auto* i = std::get_if<model::Instance>(&delta.object)) {
    state.instances[i->id.str()] = *i;
  } else if (const auto* n = std::get_if<model::Node>(&delta.object)) {
    state.nodes[n->id.str()] = *n;
  }
}

} // namespace

int watchTable(Session& session, const WatchedView& view) {
  auto engine = session.engine();
  if (!engine) {
    return session.console().fail(engine.error());
  }
  Console& console = session.console();
  WatchedState state;
  QEventLoop loop;
  QTimer redraw;
  redraw.setSingleShot(true);
  const bool screen = session.tables() && console.outIsTerminal();
  QObject::connect(&redraw, &QTimer::timeout, &loop,
                   [&] { console.out((screen ? "\x1b[H\x1b[J" : "") + view.table(state)); });
  interfaces::WatchHandlers handlers;
  handlers.onDeltas = [&](const std::vector<Delta>& deltas) {
    bool changed = false;
    for (const Delta& delta : deltas) {
      take(state, delta);
      const bool shown = (delta.kind == Delta::Kind::Put || delta.kind == Delta::Kind::Remove) && view.concerns(delta);
      changed = changed || shown || delta.kind == Delta::Kind::SnapshotEnd;
      if (shown && !session.tables()) {
        printStreamed(console, session.format(), interfaces::toJson(delta));
      }
    }
    if (changed && session.tables() && !redraw.isActive()) {
      redraw.start(200); // many changes, one drawing
    }
  };
  handlers.onConnection = [&](bool connected, const std::string& why) {
    if (!connected) {
      console.note(why);
    }
  };
  const auto watch = engine.value()->events().watch({view.topics, 0}, handlers);
  const auto end = session.run(loop, session.options().timeout);
  return end == Session::End::TimedOut ? kOk : kInterrupted;
}

} // namespace univrs::cli
