#include "engine/commands/local_engine.h"

#include "engine/base/limits.h"
#include "engine/interfaces/one_object_engine.h"

#include <algorithm>
#include <utility>

namespace univrs::commands {

namespace {

using namespace interfaces;

constexpr size_t kMaxPathBytes = 4'096;

int clampLimit(int asked, int fallback) {
  return asked <= 0 ? fallback : std::min(asked, base::limits::kMaxPageItems);
}

bool labelsMatch(const std::map<std::string, std::string>& wanted, const std::map<std::string, std::string>& have) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto it = have.find(label.first);
    return it != have.end() && it->second == label.second;
  });
}

// One page of `all` (sorted by `key`, unique): those after `after`, at most `limit`.
template <class T, class Key>
ItemPage<T> pageOf(std::vector<const T*> all, const std::string& after, int limit, int64_t revision, Key key) {
  std::vector<std::pair<std::string, const T*>> keyed;
  keyed.reserve(all.size());
  for (const T* item : all) {
    keyed.emplace_back(key(*item), item);
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  ItemPage<T> page;
  page.total = int64_t(keyed.size());
  page.revision = revision;
  auto from = std::upper_bound(keyed.begin(), keyed.end(), after,
                               [](const std::string& k, const auto& item) { return k < item.first; });
  if (after.empty()) {
    from = keyed.begin();
  }
  for (; from != keyed.end(); ++from) {
    if (int(page.items.size()) == limit) {
      page.next = std::prev(from)->first;
      break;
    }
    page.items.push_back(*from->second);
  }
  return page;
}

base::Error noNetwork() {
  return base::makeError(base::ErrorCode::Unavailable, "This node speaks to no others", "its network is switched off");
}

class LocalEngine final : public OneObjectEngine {
public:
  LocalEngine(LocalParts parts, NodeFacts facts) : m_parts(parts), m_facts(std::move(facts)) {}
  ~LocalEngine() override { *m_alive = false; }
  LocalEngine(const LocalEngine&) = delete;
  LocalEngine& operator=(const LocalEngine&) = delete;

  void listWorkloads(ListQuery query, Reply<ItemPage<model::Workload>> reply) override {
    std::vector<const model::Workload*> all;
    for (const auto& [id, w] : m_parts.state.workloads()) {
      if (w.spec.name.find(query.nameFilter) != std::string::npos && labelsMatch(query.labels, w.spec.labels) &&
          (query.state.empty() || query.state == model::name(w.status.health))) {
        all.push_back(&w);
      }
    }
    answer(std::move(reply),
           pageOf(std::move(all), query.after, clampLimit(query.limit, base::limits::kMaxPageItems),
                  m_parts.hub.revision(), [](const model::Workload& w) { return w.spec.name + "/" + w.id.str(); }));
  }

  void getWorkload(std::string ref, Reply<model::Workload> reply) override {
    const auto* w = m_parts.state.workloadByRef(ref);
    answer(std::move(reply), w != nullptr ? base::Result<model::Workload>(*w) : missing("workload", ref));
  }

  void listInstances(ListQuery query, Reply<ItemPage<model::Instance>> reply) override {
    std::vector<const model::Instance*> all;
    const auto wanted = [&](const model::Instance& i) {
      if (!query.node.empty() && i.nodeId.str() != query.node) {
        const auto* n = m_parts.state.node(i.nodeId);
        if (n == nullptr || n->name != query.node) {
          return false;
        }
      }
      const auto* w = m_parts.state.workload(i.workloadId);
      return i.id.str().find(query.nameFilter) != std::string::npos &&
             (query.state.empty() || query.state == model::name(i.state)) &&
             (query.labels.empty() || (w != nullptr && labelsMatch(query.labels, w->spec.labels)));
    };
    if (!query.workload.empty()) {
      const auto* w = m_parts.state.workloadByRef(query.workload);
      if (w == nullptr) {
        return answer(std::move(reply), base::Result<ItemPage<model::Instance>>(missing("workload", query.workload)));
      }
      all = m_parts.state.instancesOf(w->id);
      all.erase(std::remove_if(all.begin(), all.end(), [&](const auto* i) { return !wanted(*i); }), all.end());
    } else {
      for (const auto& [id, i] : m_parts.state.instances()) {
        if (wanted(i)) {
          all.push_back(&i);
        }
      }
    }
    answer(std::move(reply),
           base::Result(pageOf(std::move(all), query.after, clampLimit(query.limit, base::limits::kMaxPageItems),
                               m_parts.hub.revision(),
                               [](const model::Instance& i) { return i.workloadName + "/" + i.id.str(); })));
  }

  void readUsage(UsageQuery query, Reply<std::vector<UsageSeries>> reply) override {
    readLocalUsage(m_parts, query,
                   [alive = m_alive, reply = std::move(reply)](base::Result<std::vector<UsageSeries>> series) {
                     if (*alive) {
                       reply(std::move(series));
                     }
                   });
  }
  void listImages(Reply<std::vector<StoredImage>> reply) override {
    m_parts.agent.images(storedImages(std::move(reply)));
  }
  void loadImageArchive(std::string path, Reply<std::vector<StoredImage>> reply) override {
    if (path.empty() || path.front() != '/' || path.size() > kMaxPathBytes || path.find('\0') != std::string::npos) {
      return answer(std::move(reply),
                    base::Result<std::vector<StoredImage>>(base::makeError(
                        base::ErrorCode::Validation, "no archive was loaded", "the path is not absolute",
                        "give the whole path of a file on the node's own disk, like /srv/image.tar")));
    }
    m_parts.agent.loadArchive(std::move(path), storedImages(std::move(reply)));
  }

  void networkInfo(Reply<NetworkInfo> reply) override {
    m_parts.network != nullptr ? m_parts.network->networkInfo(std::move(reply))
                               : answer(std::move(reply), base::Result<NetworkInfo>(noNetwork()));
  }
  void listPeers(Reply<std::vector<model::Peer>> reply) override {
    m_parts.network != nullptr ? m_parts.network->listPeers(std::move(reply))
                               : answer(std::move(reply), base::Result<std::vector<model::Peer>>(noNetwork()));
  }
  void pingPeer(std::string peer, Reply<PingResult> reply) override {
    m_parts.network != nullptr ? m_parts.network->pingPeer(std::move(peer), std::move(reply))
                               : answer(std::move(reply), base::Result<PingResult>(noNetwork()));
  }
  void clusterInfo(Reply<ClusterInfo> reply) override {
    m_parts.membership != nullptr ? m_parts.membership->clusterInfo(std::move(reply))
                                  : answer(std::move(reply), base::Result<ClusterInfo>(noNetwork()));
  }
  void listMembers(Reply<std::vector<Member>> reply) override {
    m_parts.membership != nullptr ? m_parts.membership->listMembers(std::move(reply))
                                  : answer(std::move(reply), base::Result<std::vector<Member>>(noNetwork()));
  }
  void listTokens(Reply<std::vector<JoinTokenInfo>> reply) override {
    m_parts.membership != nullptr ? m_parts.membership->listTokens(std::move(reply))
                                  : answer(std::move(reply), base::Result<std::vector<JoinTokenInfo>>(noNetwork()));
  }

  void getInstance(std::string id, Reply<model::Instance> reply) override {
    const auto* i = m_parts.state.instance(model::InstanceId(id));
    answer(std::move(reply), i != nullptr ? base::Result<model::Instance>(*i) : missing("instance", id));
  }

  void listNodes(ListQuery query, Reply<ItemPage<model::Node>> reply) override {
    std::vector<const model::Node*> all;
    for (const auto& [id, n] : m_parts.state.nodes()) {
      if (n.name.find(query.nameFilter) != std::string::npos && labelsMatch(query.labels, n.labels) &&
          (query.state.empty() || query.state == model::name(n.status))) {
        all.push_back(&n);
      }
    }
    answer(
        std::move(reply),
        base::Result(pageOf(std::move(all), query.after, clampLimit(query.limit, base::limits::kMaxPageItems),
                            m_parts.hub.revision(), [](const model::Node& n) { return n.name + "/" + n.id.str(); })));
  }

  void getNode(std::string ref, Reply<model::Node> reply) override {
    const auto* n = m_parts.state.nodeByRef(ref);
    answer(std::move(reply), n != nullptr ? base::Result<model::Node>(*n) : missing("node", ref));
  }

  void clusterStatus(Reply<model::ClusterStatus> reply) override {
    auto s = m_parts.state.status();
    s.revision = m_parts.hub.revision();
    answer(std::move(reply), base::Result(std::move(s)));
  }

  void listDecisions(DecisionQuery query, Reply<ItemPage<model::Decision>> reply) override {
    std::string workloadId;
    if (!query.workload.empty()) {
      const auto* w = m_parts.state.workloadByRef(query.workload);
      workloadId = w != nullptr ? w->id.str() : query.workload;
    }
    newestFirst(
        m_parts.state.decisions(), query.after, clampLimit(query.limit, 100), std::move(reply),
        [](const control::KeptDecision& d) { return d.head; }, [](const control::KeptDecision& d) { return d.head.id; },
        [&](const control::KeptDecision& d) {
          return (workloadId.empty() || d.head.workloadId.str() == workloadId) &&
                 (query.instance.empty() || d.head.instanceId.str() == query.instance);
        });
  }

  void getDecision(std::string id, Reply<model::Decision> reply) override {
    const auto* d = m_parts.state.decision(id);
    if (d == nullptr) {
      return answer(std::move(reply), base::Result<model::Decision>(missing("decision", id)));
    }
    model::Decision full = d->head;
    full.nodes = d->verdicts();
    answer(std::move(reply), base::Result(std::move(full)));
  }

  void listEvents(EventQuery query, Reply<ItemPage<model::Event>> reply) override {
    std::string workloadId;
    if (!query.workload.empty()) {
      const auto* w = m_parts.state.workloadByRef(query.workload);
      workloadId = w != nullptr ? w->id.str() : query.workload;
    }
    int least = 0;
    for (const auto s : {model::Severity::Info, model::Severity::Warning, model::Severity::Error}) {
      least = query.severity == model::name(s) ? int(s) : least;
    }
    newestFirst(
        m_parts.state.events(), query.after, clampLimit(query.limit, 100), std::move(reply),
        [](const model::Event& e) { return e; }, [](const model::Event& e) { return e.id; },
        [&](const model::Event& e) {
          return (workloadId.empty() || e.workloadId == workloadId) &&
                 (query.objectId.empty() || e.objectId == query.objectId) &&
                 (query.type.empty() || e.type == query.type) && int(e.severity) >= least;
        });
  }

  std::unique_ptr<base::Subscription> watch(WatchRequest request, WatchHandlers handlers) override {
    return m_parts.hub.watch(std::move(request), std::move(handlers));
  }

  std::unique_ptr<base::Subscription> readLogs(LogQuery query, LogHandlers handlers) override {
    return readLocalLogs(m_parts, std::move(query), std::move(handlers));
  }

  std::unique_ptr<ExecSession> startExec(ExecQuery query, ExecSessionHandlers handlers) override;

  void runCommand(CommandRequest request, Reply<CommandOutcome> reply) override {
    answer(std::move(reply), m_parts.runner.run(request));
  }

  void nodeInfo(Reply<NodeInfo> reply) override { answer(std::move(reply), base::Result(m_facts.info())); }
  void health(Reply<HealthReport> reply) override { answer(std::move(reply), base::Result(m_facts.health())); }
  void audit(int limit, Reply<std::vector<AuditEntry>> reply) override {
    answer(std::move(reply), m_parts.audit.list(clampLimit(limit, 100)));
  }
  void backup(std::string path, Reply<std::string> reply) override {
    if (path.empty() || path.front() != '/') {
      return answer(std::move(reply), base::Result<std::string>(base::makeError(
                                          base::ErrorCode::Validation, "no backup was made", "the path is not absolute",
                                          "give a path like /var/backups/univrs.db")));
    }
    auto r = m_parts.store.backup(path);
    answer(std::move(reply), r ? base::Result<std::string>(path) : base::Result<std::string>(r.error()));
  }

private:
  static base::Error missing(const std::string& kind, const std::string& ref) {
    return base::makeError(base::ErrorCode::NotFound, "there is no " + kind + " \"" + ref + "\"");
  }

  // An agent's answer about images as one of this interface.
  agent::Agent::ImagesReply storedImages(Reply<std::vector<StoredImage>> reply) {
    return [alive = m_alive, reply = std::move(reply)](base::Result<std::vector<agent::LocalImage>> found) {
      if (!*alive) {
        return;
      }
      if (!found) {
        reply(found.error());
        return;
      }
      std::vector<StoredImage> out;
      for (agent::LocalImage& image : *found) {
        out.push_back(
            {std::move(image.id), std::move(image.tags), std::move(image.arch), image.sizeBytes, image.createdAt});
      }
      reply(std::move(out));
    };
  }

  // Answers later, never inside the call.
  template <class T>
  void answer(Reply<T> reply, base::Result<T> result) {
    m_parts.executor.post([alive = m_alive, reply = std::move(reply), result = std::move(result)]() mutable {
      if (*alive) {
        reply(std::move(result));
      }
    });
  }
  template <class T>
  void answer(Reply<T> reply, T value) {
    answer(std::move(reply), base::Result<T>(std::move(value)));
  }

  // Pages through a history from its newest end.
  template <class List, class T, class Make, class IdOf, class Wanted>
  void newestFirst(const List& list, const std::string& after, int limit, Reply<ItemPage<T>> reply, Make make,
                   IdOf idOf, Wanted wanted) {
    ItemPage<T> page;
    page.revision = m_parts.hub.revision();
    bool begun = after.empty();
    bool more = false;
    for (auto it = list.rbegin(); it != list.rend(); ++it) {
      if (!wanted(*it)) {
        continue;
      }
      ++page.total;
      if (begun && int(page.items.size()) < limit) {
        page.items.push_back(make(*it));
      } else if (begun) {
        more = true;
      }
      begun = begun || idOf(*it) == after;
    }
    if (more) {
      page.next = page.items.back().id;
    }
    answer(std::move(reply), base::Result(std::move(page)));
  }

  LocalParts m_parts;
  NodeFacts m_facts;
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

class LocalExec final : public ExecSession {
public:
  explicit LocalExec(std::shared_ptr<bool> alive) : m_alive(std::move(alive)) {}
  ~LocalExec() override { *m_alive = false; }
  LocalExec(const LocalExec&) = delete;
  LocalExec& operator=(const LocalExec&) = delete;

  void attach(std::unique_ptr<agent::ExecStream> stream) { m_stream = std::move(stream); }
  void write(std::string bytes) override {
    if (m_stream) {
      // A full input queue ends the session; its onExit says why.
      if (const auto r = m_stream->write(bytes); !r) {
        m_stream->closeInput();
      }
    }
  }
  void closeInput() override {
    if (m_stream) {
      m_stream->closeInput();
    }
  }
  void resize(int columns, int rows) override {
    if (m_stream) {
      m_stream->resize(std::clamp(columns, 1, 1000), std::clamp(rows, 1, 1000));
    }
  }

private:
  std::shared_ptr<bool> m_alive;
  std::unique_ptr<agent::ExecStream> m_stream;
};

std::unique_ptr<ExecSession> LocalEngine::startExec(ExecQuery query, ExecSessionHandlers handlers) {
  auto alive = std::make_shared<bool>(true);
  auto session = std::make_unique<LocalExec>(alive);
  const auto fail = [&](base::Error error) {
    m_parts.executor.post([alive, onExit = handlers.onExit, error = std::move(error)] {
      if (*alive && onExit) {
        onExit(error);
      }
    });
  };
  const auto* instance = m_parts.state.instance(model::InstanceId(query.instance));
  if (instance == nullptr) {
    const auto* w = m_parts.state.workloadByRef(query.instance);
    if (w == nullptr) {
      fail(missing("instance or workload", query.instance));
      return session;
    }
    for (const auto* i : m_parts.state.instancesOf(w->id)) {
      if (model::isUp(i->state) && !i->stopRequested && (instance == nullptr || (i->ready && !instance->ready))) {
        instance = i;
      }
    }
    if (instance == nullptr) {
      fail(base::makeError(base::ErrorCode::Conflict, "nothing was run",
                           "\"" + w->spec.name + "\" has no running instance"));
      return session;
    }
  }
  if (query.command.empty()) {
    fail(base::makeError(base::ErrorCode::Validation, "nothing was run", "no command was given"));
    return session;
  }
  agent::Agent::ExecOptions options;
  options.instanceId = instance->id;
  options.container = query.container;
  options.command = query.command;
  options.tty = query.tty;
  options.attachStdin = query.attachStdin;
  options.columns = std::clamp(query.columns, 1, 1000);
  options.rows = std::clamp(query.rows, 1, 1000);
  agent::Agent::ExecCallbacks callbacks;
  callbacks.onStarted = [alive, f = handlers.onStarted] {
    if (*alive && f) {
      f();
    }
  };
  callbacks.onOutput = [alive, f = handlers.onOutput](std::string bytes, bool isStderr) {
    if (*alive && f) {
      f(std::move(bytes), isStderr);
    }
  };
  callbacks.onExit = [alive, f = handlers.onExit](base::Result<int> code) {
    if (*alive && f) {
      f(std::move(code));
    }
  };
  session->attach(m_parts.agent.exec(std::move(options), std::move(callbacks)));
  return session;
}

} // namespace

std::unique_ptr<interfaces::Engine> makeLocalEngine(LocalParts parts, NodeFacts facts) {
  return std::make_unique<LocalEngine>(parts, std::move(facts));
}

} // namespace univrs::commands
