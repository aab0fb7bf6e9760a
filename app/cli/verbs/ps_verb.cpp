#include "app/cli/lists.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "app/cli/verbs/ps_text.h"
#include "app/cli/verbs/watch_table.h"

#include <algorithm>

namespace univrs::cli {

namespace {

struct Flags {
  std::string workload;
  bool instances = false;
  bool all = false;
  bool watch = false;
  std::vector<std::string> labels;
  std::string state;
};

int printWorkloads(Session& session, const Flags& flags) {
  interfaces::ListQuery query;
  query.state = flags.state;
  for (const std::string& label : flags.labels) {
    const size_t at = label.find('=');
    query.labels[label.substr(0, at)] = at == std::string::npos ? "" : label.substr(at + 1);
  }
  const auto list = listWorkloads(session, query);
  Console& console = session.console();
  if (!list) {
    return console.fail(list.error());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const model::Workload& w : list->items) {
      items.append(model::toJson(w));
    }
    printItems(console, session.format(), items, list->total);
  } else if (session.options().quiet) {
    for (const model::Workload& w : list->items) {
      console.line(escapeControls(w.spec.name));
    }
  } else if (list->items.empty()) {
    console.note(flags.state.empty() && flags.labels.empty()
                     ? "No workloads yet. Deploy one: univrs deploy FILE, or univrs deploy IMAGE"
                     : "No workload fits the filter.");
  } else {
    console.out(workloadTable(list->items, session.wide(), wallNow()).text(console.width(), console.colour()));
  }
  return kOk;
}

int printInstances(Session& session, const Flags& flags) {
  interfaces::ListQuery query;
  query.workload = flags.workload;
  query.state = flags.state;
  auto list = listInstances(session, query);
  Console& console = session.console();
  if (!list) {
    return console.fail(list.error());
  }
  if (!flags.all && flags.state.empty()) {
    list->items.erase(std::remove_if(list->items.begin(), list->items.end(),
                                     [](const model::Instance& i) { return model::isFinal(i.state); }),
                      list->items.end());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const model::Instance& i : list->items) {
      items.append(model::toJson(i));
    }
    printItems(console, session.format(), items, flags.all ? list->total : int64_t(items.size()));
  } else if (session.options().quiet) {
    for (const model::Instance& i : list->items) {
      console.line(escapeControls(i.id.str()));
    }
  } else if (list->items.empty()) {
    console.note(flags.all ? "No instances." : "No instances run. With -a: those that ended too.");
  } else {
    const auto nodes = listNodes(session, {});
    console.out(instanceTable(list->items, nodeNames(nodes ? nodes->items : std::vector<model::Node>()), session.wide(),
                              wallNow())
                    .text(console.width(), console.colour()));
  }
  return kOk;
}

int watchPs(Session& session, const Flags& flags, bool instances) {
  Console& console = session.console();
  std::string only; // workload id
  if (!flags.workload.empty()) {
    const auto workload = getWorkload(session, flags.workload);
    if (!workload) {
      return console.fail(workload.error());
    }
    only = workload->id.str();
  }
  using interfaces::Topic;
  WatchedView view;
  if (!instances) {
    view.topics = {Topic::Workloads};
    view.concerns = [](const interfaces::Delta&) { return true; };
    view.table = [&](const WatchedState& state) {
      std::vector<model::Workload> items;
      for (const auto& [id, w] : state.workloads) {
        items.push_back(w);
      }
      std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.spec.name < b.spec.name; });
      return workloadTable(items, session.wide(), wallNow()).text(console.width(), console.colour());
    };
    return watchTable(session, view);
  }
  view.topics = {Topic::Instances, Topic::Nodes};
  view.concerns = [&](const interfaces::Delta& delta) {
    const auto* i = std::get_if<model::Instance>(&delta.object);
    return delta.topic == Topic::Instances && (only.empty() || i == nullptr || i->workloadId.str() == only);
  };
  view.table = [&](const WatchedState& state) {
    std::vector<model::Instance> items;
    std::vector<model::Node> nodes;
    for (const auto& [id, i] : state.instances) {
      if ((only.empty() || i.workloadId.str() == only) && (flags.all || !model::isFinal(i.state))) {
        items.push_back(i);
      }
    }
    for (const auto& [id, n] : state.nodes) {
      nodes.push_back(n);
    }
    return instanceTable(items, nodeNames(nodes), session.wide(), wallNow()).text(console.width(), console.colour());
  };
  return watchTable(session, view);
}

} // namespace

std::map<std::string, std::string> nodeNames(const std::vector<model::Node>& nodes) {
  std::map<std::string, std::string> names;
  for (const model::Node& n : nodes) {
    names[n.id.str()] = n.name;
  }
  return names;
}

std::string portsText(const model::WorkloadSpec& spec) {
  std::string out;
  for (const model::Container& container : spec.containers) {
    for (const model::Port& port : container.ports) {
      if (port.hostPort) {
        out += (out.empty() ? "" : ", ") + (port.hostAddress.empty() ? "" : port.hostAddress + ":") +
               std::to_string(*port.hostPort) + "→" + std::to_string(port.containerPort) +
               (port.protocol == model::Protocol::Udp ? "/udp" : "");
      }
    }
  }
  return out;
}

Table workloadTable(const std::vector<model::Workload>& workloads, bool wide, base::Timestamp now) {
  std::vector<Column> columns{
      {"NAME"},           {"STATE"},     {"READY", true},        {"IMAGE", false, true}, {"PORTS", false, true},
      {"RESTARTS", true}, {"AGE", true}, {"REASON", false, true}};
  if (wide) {
    columns.insert(columns.end(), {{"UPDATED", true}, {"GENERATION", true}, {"REVISION", true}, {"ID"}});
  }
  Table table(columns);
  for (const model::Workload& w : workloads) {
    std::string images;
    for (const model::Container& c : w.spec.containers) {
      images += (images.empty() ? "" : ", ") + c.image;
    }
    std::vector<Cell> row{{w.spec.name},
                          w.deleting ? Cell{"● removing", Tone::Busy}
                                     : Cell{sign(w.status.health), toneOf(w.status.health)},
                          {std::to_string(w.status.ready) + "/" + std::to_string(w.spec.replicas)},
                          {images},
                          {portsText(w.spec)},
                          {std::to_string(w.status.restarts)},
                          {age(w.createdAt, now)},
                          {w.status.reason, Tone::Faint}};
    if (wide) {
      row.insert(row.end(), {{std::to_string(w.status.updated)},
                             {std::to_string(w.generation)},
                             {std::to_string(w.revision)},
                             {w.id.str()}});
    }
    table.add(std::move(row));
  }
  return table;
}

Table instanceTable(const std::vector<model::Instance>& instances, const std::map<std::string, std::string>& nodes,
                    bool wide, base::Timestamp now) {
  std::vector<Column> columns{{"INSTANCE"}, {"WORKLOAD"},       {"STATE"},     {"READY"},
                              {"NODE"},     {"RESTARTS", true}, {"AGE", true}, {"MESSAGE", false, true}};
  if (wide) {
    columns.insert(columns.end(), {{"ENDPOINTS"}, {"CONTAINERS"}, {"DECISION"}});
  }
  Table table(columns);
  for (const model::Instance& i : instances) {
    const auto node = nodes.find(i.nodeId.str());
    std::string endpoints;
    for (const model::Endpoint& e : i.endpoints) {
      endpoints += (endpoints.empty() ? "" : ", ") + e.address + ":" + std::to_string(e.port) + "→" +
                   std::to_string(e.containerPort);
    }
    std::string containers;
    for (const model::ContainerState& c : i.containers) {
      containers += (containers.empty() ? "" : ", ") + c.name + " " + c.containerId.substr(0, 12);
    }
    std::vector<Cell> row{
        {i.id.str()},
        {i.workloadName},
        {sign(i.state) + (i.crashLoop ? ", crash loop" : ""), i.crashLoop ? Tone::Bad : toneOf(i.state)},
        {i.ready ? "yes" : "no"},
        {node == nodes.end() ? i.nodeId.str() : node->second},
        {std::to_string(i.restarts)},
        {age(i.createdAt, now)},
        {i.message, Tone::Faint}};
    if (wide) {
      row.insert(row.end(), {{endpoints}, {containers}, {i.decisionId}});
    }
    table.add(std::move(row));
  }
  return table;
}

void addPs(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "ps", "workloads, or with a workload or -i their instances", Names::Workloads,
                             [flags](Session& session) {
                               const bool instances = flags->instances || flags->all || !flags->workload.empty();
                               if (flags->watch) {
                                 return watchPs(session, *flags, instances);
                               }
                               return instances ? printInstances(session, *flags) : printWorkloads(session, *flags);
                             });
  verb->add_option("workload", flags->workload, "the instances of this workload");
  verb->add_flag("-i,--instances", flags->instances, "instances instead of workloads");
  verb->add_flag("-a,--all", flags->all, "instances, those that ended included");
  verb->add_flag("-w,--watch", flags->watch, "go on showing changes until Ctrl-C");
  verb->add_option("-l,--label", flags->labels, "KEY=VALUE; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--state", flags->state, "only those in this state");
}

} // namespace univrs::cli
