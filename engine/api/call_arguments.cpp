#include "engine/api/call_arguments.h"

#include "engine/base/encoding.h"
#include "engine/base/limits.h"

#include <QJsonDocument>

#include <algorithm>
#include <charconv>

namespace univrs::api {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxFilterBytes = 1'024;

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string hashOf(const QJsonObject& object, int characters) {
  const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
  return base::sha256Hex(std::string_view(text.constData(), size_t(text.size()))).substr(0, size_t(characters));
}

bool isSettled(const QJsonObject& status) {
  const int desired = status.value(QStringLiteral("desired")).toInt();
  const auto equalsDesired = [&](const char* key) { return status.value(QLatin1String(key)).toInt() == desired; };
  return status.value(QStringLiteral("health")).toString() == QLatin1String("healthy") && equalsDesired("ready") &&
         equalsDesired("running") && equalsDesired("updated") && equalsDesired("total") &&
         status.value(QStringLiteral("restarts")).toInt() == 0 &&
         status.value(QStringLiteral("reason")).toString().isEmpty();
}
} // namespace

base::Result<interfaces::ListQuery> listQuery(const Query& query) {
  interfaces::ListQuery list;
  list.nameFilter = query.value("name");
  list.state = query.value("state");
  list.after = query.value("after");
  list.workload = query.value("workload");
  list.node = query.value("node");
  for (const std::string* text : {&list.nameFilter, &list.state, &list.after, &list.workload, &list.node}) {
    if (text->size() > kMaxFilterBytes) {
      return makeError(ErrorCode::BadRequest, "the query was not understood", "a filter is longer than 1 KiB");
    }
  }
  for (const std::string& label : query.values("label")) {
    const auto equals = label.find('=');
    if (equals == std::string::npos || equals == 0) {
      return makeError(ErrorCode::BadRequest, "the query was not understood",
                       "label=" + label.substr(0, 64) + " has no key and value", "write label=KEY=VALUE");
    }
    list.labels[label.substr(0, equals)] = label.substr(equals + 1);
  }
  const auto limit = query.integer("limit", 1, base::limits::kMaxPageItems, 0);
  if (!limit) {
    return limit.error();
  }
  list.limit = int(*limit);
  return list;
}

std::vector<QueryParam> listParams(bool ofInstances) {
  std::vector<QueryParam> params{{"name", "string", "only those whose name holds this text"},
                                 {"label", "string", "KEY=VALUE; all given ones must match", true},
                                 {"state", "string", "health of workloads, state of instances, status of nodes"},
                                 {"limit", "integer", "items in a page, 1 to 1000 (default 1000)"},
                                 {"after", "string", "the `next` of the page before"},
                                 {"fields", "string", "keys to keep in each item, separated by commas; id stays"}};
  if (ofInstances) {
    params.push_back({"node", "string", "only those on this node, by id or name"});
  }
  return params;
}

QJsonObject keepFields(const QJsonObject& object, const std::string& fields) {
  if (fields.empty()) {
    return object;
  }
  QJsonObject out;
  const QStringList keys = toQString(fields).split(QLatin1Char(','), Qt::SkipEmptyParts);
  for (const QString& key : keys + QStringList{QStringLiteral("id")}) {
    if (const auto it = object.constFind(key.trimmed()); it != object.constEnd()) {
      out.insert(it.key(), it.value());
    }
  }
  return out;
}

Response objectResponse(const Call& call, const QJsonObject& object) {
  const QJsonObject shown = keepFields(object, call.query.value("fields"));
  Response r = jsonResponse(shown);
  r.headers.emplace_back("ETag", quoted(base::sha256Hex(r.body).substr(0, 16)));
  return r;
}

Response workloadResponse(const Call& call, const QJsonObject& workload, int status) {
  Response r = jsonResponse(keepFields(workload, call.query.value("fields")), status);
  std::string tag = std::to_string(workload.value(QStringLiteral("revision")).toInteger());
  const QJsonObject state = workload.value(QStringLiteral("status")).toObject();
  if (!isSettled(state)) {
    tag += "-" + hashOf(state, 8);
  }
  r.headers.emplace_back("ETag", quoted(tag));
  return r;
}

base::Result<int64_t> expectedRevision(Call& call) {
  if (call.request.headerCount("If-Match") == 0) {
    return int64_t(-1);
  }
  call.setConditional();
  std::string_view tag = call.request.header("If-Match");
  if (tag == "*") {
    return int64_t(-1);
  }
  int64_t revision = 0;
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
    const auto [end, failed] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
    if (failed == std::errc() && revision >= 0 && (end == tag.data() + tag.size() || *end == '-')) {
      return revision;
    }
  }
  return makeError(ErrorCode::Conflict, "nothing was changed",
                   "If-Match is not an ETag of this server: " +
                       std::string(call.request.header("If-Match").substr(0, 64)),
                   "send the ETag of the last GET, as \"42\"");
}

base::Result<base::Timestamp> timeOf(const Query& query, std::string_view key, base::Timestamp now) {
  const std::string text = query.value(key);
  if (text.empty()) {
    return base::Timestamp{};
  }
  if (const auto time = base::Timestamp::fromIso(text)) {
    return *time;
  }
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, size_t(text.data() + text.size() - end));
  constexpr int64_t kMaxSeconds = 10'000'000'000;
  if (failed == std::errc() && number >= 0 && number <= kMaxSeconds) {
    if (unit.empty()) {
      return base::Timestamp{number * 1000};
    }
    const int64_t seconds = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3'600 : unit == "d" ? 86'400 : 0;
    if (seconds > 0) {
      return base::Timestamp{std::max<int64_t>(1, now.ms - std::min(number, kMaxSeconds / seconds) * seconds * 1000)};
    }
  }
  return makeError(ErrorCode::BadRequest, "the query was not understood",
                   std::string(key) + "=" + text.substr(0, 64) + " is not a time",
                   "write 2026-11-23T10:00:00Z, or a span back from now: 90s, 10m, 2h, 1d");
}

void runCommand(const CallPtr& call, std::string name, QJsonObject args, bool dryRun,
                std::function<Response(Call&, const interfaces::CommandOutcome&)> make) {
  interfaces::CommandRequest request{std::move(name), std::move(args), dryRun, call->actor, "rest"};
  call->onEngine([call, request = std::move(request), make = std::move(make)](interfaces::Engine& engine) {
    engine.commands().runCommand(request, call->reply<interfaces::CommandOutcome>(make));
  });
}

Response outcomeResponse(Call&, const interfaces::CommandOutcome& outcome) {
  return jsonResponse(interfaces::toJson(outcome));
}

} // namespace univrs::api
