#include "app/remote/remote_engine.h"

#include "app/remote/connection.h"
#include "app/remote/exec_session.h"
#include "app/remote/json_read.h"
#include "app/remote/live_handle.h"
#include "app/remote/log_stream.h"
#include "app/remote/usage_reading.h"
#include "app/remote/watch.h"
#include "engine/interfaces/json.h"
#include "engine/interfaces/one_object_engine.h"

namespace univrs::remote {

using namespace interfaces; // NOLINT: this file is their implementation

namespace {

void add(QUrlQuery& query, const char* key, const std::string& value) {
  if (!value.empty()) {
    query.addQueryItem(QLatin1String(key), QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(value))));
  }
}

QUrlQuery listQuery(const ListQuery& q) {
  QUrlQuery query;
  add(query, "name", q.nameFilter);
  for (const auto& [key, value] : q.labels) {
    add(query, "label", key + "=" + value);
  }
  add(query, "state", q.state);
  add(query, "node", q.node);
  add(query, "after", q.after);
  add(query, "limit", q.limit > 0 ? std::to_string(q.limit) : std::string());
  return query;
}

// Reads one object out of an answer and gives it to the caller.
template <class T, class Read>
Connection::Done reading(Reply<T> reply, Read read) {
  return [reply = std::move(reply), read](const base::Result<QJsonObject>& answer) {
    reply(answer ? base::Result<T>(read(answer.value())) : base::Result<T>(answer.error()));
  };
}

template <class T, class Read>
Connection::Done readingPage(Reply<ItemPage<T>> reply, Read read) {
  return reading<ItemPage<T>>(std::move(reply),
                              [read](const QJsonObject& json) { return pageFromJson<T>(json, read); });
}

// The items of a list that is always whole.
template <class T, class Read>
Connection::Done readingItems(Reply<std::vector<T>> reply, Read read) {
  return reading<std::vector<T>>(std::move(reply), [read](const QJsonObject& json) -> base::Result<std::vector<T>> {
    auto page = pageFromJson<T>(json, read);
    return page ? base::Result<std::vector<T>>(std::move(page->items)) : base::Result<std::vector<T>>(page.error());
  });
}

QString pathTo(const char* collection, const std::string& ref) {
  return QLatin1Char('/') + QLatin1String(collection) + QLatin1Char('/') + segment(ref);
}

class RemoteEngine final : public OneObjectEngine {
public:
  explicit RemoteEngine(RemoteOptions options) : m_connection(std::make_unique<Connection>(std::move(options))) {}

  void listWorkloads(ListQuery query, Reply<ItemPage<model::Workload>> reply) override {
    m_connection->get(QStringLiteral("/workloads"), listQuery(query),
                      readingPage<model::Workload>(std::move(reply), model::workloadFromJson));
  }
  void getWorkload(std::string ref, Reply<model::Workload> reply) override {
    m_connection->get(pathTo("workloads", ref), {},
                      reading<model::Workload>(std::move(reply), model::workloadFromJson));
  }
  void listInstances(ListQuery query, Reply<ItemPage<model::Instance>> reply) override {
    const QString path = query.workload.empty() ? QStringLiteral("/instances")
                                                : pathTo("workloads", query.workload) + QLatin1String("/instances");
    m_connection->get(path, listQuery(query), readingPage<model::Instance>(std::move(reply), model::instanceFromJson));
  }
  void getInstance(std::string id, Reply<model::Instance> reply) override {
    m_connection->get(pathTo("instances", id), {}, reading<model::Instance>(std::move(reply), model::instanceFromJson));
  }

  void listNodes(ListQuery query, Reply<ItemPage<model::Node>> reply) override {
    m_connection->get(QStringLiteral("/nodes"), listQuery(query),
                      readingPage<model::Node>(std::move(reply), model::nodeFromJson));
  }
  void getNode(std::string ref, Reply<model::Node> reply) override {
    m_connection->get(pathTo("nodes", ref), {}, reading<model::Node>(std::move(reply), model::nodeFromJson));
  }
  void clusterStatus(Reply<model::ClusterStatus> reply) override {
    m_connection->get(QStringLiteral("/cluster/status"), {},
                      reading<model::ClusterStatus>(std::move(reply), model::clusterStatusFromJson));
  }

  void listDecisions(DecisionQuery q, Reply<ItemPage<model::Decision>> reply) override {
    QUrlQuery query;
    add(query, "workload", q.workload);
    add(query, "instance", q.instance);
    add(query, "after", q.after);
    add(query, "limit", q.limit > 0 ? std::to_string(q.limit) : std::string());
    m_connection->get(QStringLiteral("/decisions"), query,
                      readingPage<model::Decision>(std::move(reply), model::decisionFromJson));
  }
  void getDecision(std::string id, Reply<model::Decision> reply) override {
    m_connection->get(pathTo("decisions", id), {}, reading<model::Decision>(std::move(reply), model::decisionFromJson));
  }

  void listEvents(EventQuery q, Reply<ItemPage<model::Event>> reply) override {
    QUrlQuery query;
    add(query, "workload", q.workload);
    add(query, "object", q.objectId);
    add(query, "type", q.type);
    add(query, "severity", q.severity);
    add(query, "after", q.after);
    add(query, "limit", q.limit > 0 ? std::to_string(q.limit) : std::string());
    m_connection->get(QStringLiteral("/events"), query,
                      readingPage<model::Event>(std::move(reply), model::eventFromJson));
  }
  std::unique_ptr<base::Subscription> watch(WatchRequest request, WatchHandlers handlers) override {
    auto* watch = new Watch(m_connection.get(), std::move(request), std::move(handlers));
    auto handle = std::make_unique<LiveHandle<Watch>>(watch);
    watch->start();
    return handle;
  }

  std::unique_ptr<base::Subscription> readLogs(LogQuery query, LogHandlers handlers) override {
    auto* stream = new LogStream(m_connection.get(), std::move(query), std::move(handlers));
    auto handle = std::make_unique<LiveHandle<LogStream>>(stream);
    stream->start();
    return handle;
  }

  std::unique_ptr<ExecSession> startExec(ExecQuery query, ExecSessionHandlers handlers) override {
    auto* link = new ExecLink(m_connection.get(), std::move(query), std::move(handlers));
    auto session = std::make_unique<RemoteExecSession>(link);
    link->start();
    return session;
  }

  void runCommand(CommandRequest request, Reply<CommandOutcome> reply) override {
    QUrlQuery query;
    add(query, "dry_run", request.dryRun ? "true" : "false");
    m_connection->post(QLatin1String("/commands/") + segment(request.name), query, request.args,
                       reading<CommandOutcome>(std::move(reply), commandOutcomeFromJson));
  }

  void readUsage(UsageQuery query, Reply<std::vector<UsageSeries>> reply) override {
    UsageReading::start(m_connection.get(), std::move(query), std::move(reply));
  }
  void listImages(Reply<std::vector<StoredImage>> reply) override {
    m_connection->get(QStringLiteral("/images"), {}, readingItems<StoredImage>(std::move(reply), storedImageFromJson));
  }
  void loadImageArchive(std::string path, Reply<std::vector<StoredImage>> reply) override {
    constexpr int kLoadMs = 2 * 3'600'000; // as long as the node gives it
    m_connection->post(QStringLiteral("/images/load"), {}, {{QStringLiteral("path"), QString::fromStdString(path)}},
                       readingItems<StoredImage>(std::move(reply), storedImageFromJson), kLoadMs);
  }

  void networkInfo(Reply<NetworkInfo> reply) override {
    m_connection->get(QStringLiteral("/network"), {}, reading<NetworkInfo>(std::move(reply), networkInfoFromJson));
  }
  void listPeers(Reply<std::vector<model::Peer>> reply) override {
    m_connection->get(QStringLiteral("/peers"), {}, readingItems<model::Peer>(std::move(reply), model::peerFromJson));
  }
  void pingPeer(std::string peer, Reply<PingResult> reply) override {
    m_connection->post(QStringLiteral("/network/ping"), {}, {{QStringLiteral("peer"), QString::fromStdString(peer)}},
                       reading<PingResult>(std::move(reply), pingResultFromJson));
  }

  void clusterInfo(Reply<ClusterInfo> reply) override {
    m_connection->get(QStringLiteral("/membership"), {}, reading<ClusterInfo>(std::move(reply), clusterInfoFromJson));
  }
  void listMembers(Reply<std::vector<Member>> reply) override {
    m_connection->get(QStringLiteral("/members"), {}, readingItems<Member>(std::move(reply), memberFromJson));
  }
  void listTokens(Reply<std::vector<JoinTokenInfo>> reply) override {
    m_connection->get(QStringLiteral("/tokens"), {},
                      readingItems<JoinTokenInfo>(std::move(reply), joinTokenInfoFromJson));
  }

  void nodeInfo(Reply<NodeInfo> reply) override {
    m_connection->get(QStringLiteral("/info"), {}, reading<NodeInfo>(std::move(reply), nodeInfoFromJson));
  }
  void health(Reply<HealthReport> reply) override {
    Connection* connection = m_connection.get();
    // 503 carries the report too: it is how an unhealthy node answers.
    connection->getPlain(QStringLiteral("/healthz"),
                         [connection, reply](const base::Result<QJsonObject>& health) {
                           if (!health) {
                             reply(health.error());
                             return;
                           }
                           connection->getPlain(
                               QStringLiteral("/readyz"),
                               [reply, parts = health.value()](const base::Result<QJsonObject>& ready) {
                                 reply(ready ? base::Result<HealthReport>(healthFromJson(parts, ready.value()))
                                             : base::Result<HealthReport>(ready.error()));
                               },
                               {503});
                         },
                         {503});
  }
  void audit(int limit, Reply<std::vector<AuditEntry>> reply) override {
    QUrlQuery query;
    add(query, "limit", std::to_string(limit));
    m_connection->get(QStringLiteral("/audit"), query,
                      [reply = std::move(reply)](const base::Result<QJsonObject>& answer) {
                        if (!answer) {
                          reply(answer.error());
                          return;
                        }
                        std::vector<AuditEntry> entries;
                        const QJsonArray items = answer->value(QLatin1String("items")).toArray();
                        for (const QJsonValue& item : items) {
                          entries.push_back(auditEntryFromJson(item.toObject()));
                        }
                        reply(std::move(entries));
                      });
  }
  void backup(std::string path, Reply<std::string> reply) override {
    m_connection->post(QStringLiteral("/backup"), {}, {{QStringLiteral("path"), QString::fromStdString(path)}},
                       reading<std::string>(std::move(reply), [](const QJsonObject& json) -> base::Result<std::string> {
                         return json.value(QLatin1String("path")).toString().toStdString();
                       }));
  }

private:
  std::unique_ptr<Connection> m_connection;
};

} // namespace

std::unique_ptr<interfaces::Engine> makeRemoteEngine(RemoteOptions options) {
  return std::make_unique<RemoteEngine>(std::move(options));
}

} // namespace univrs::remote
