// JSON of a command's outcome.
#include "engine/interfaces/commands.h"
#include "engine/interfaces/json.h"
#include "engine/model/fields.h"

namespace univrs::interfaces {

namespace {
constexpr size_t kMaxSteps = 20'000;  // of a plan: two for each of 10,000 instances
constexpr size_t kMaxItems = 10'000;  // of every other list
constexpr size_t kMaxText = 1u << 20; // one value in a diff may be a whole spec

QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

template <class T, class F>
QJsonArray arrayOf(const std::vector<T>& items, F each) {
  QJsonArray out;
  for (const T& item : items) {
    out.append(each(item));
  }
  return out;
}
} // namespace

QJsonObject toJson(const CommandOutcome& outcome) {
  QJsonObject out{
      {QStringLiteral("command"), text(outcome.command)},
      {QStringLiteral("dry_run"), outcome.dryRun},
      {QStringLiteral("changed"), outcome.changed},
      {QStringLiteral("summary"), text(outcome.summary)},
      {QStringLiteral("correlation_id"), text(outcome.correlationId)},
      {QStringLiteral("revision"), qint64(outcome.revision)},
      {QStringLiteral("plan"), arrayOf(outcome.plan,
                                       [](const PlanStep& s) {
                                         return QJsonObject{{QStringLiteral("action"), text(s.action)},
                                                            {QStringLiteral("object"), text(s.object)},
                                                            {QStringLiteral("detail"), text(s.detail)}};
                                       })},
      {QStringLiteral("changes"), arrayOf(outcome.changes,
                                          [](const FieldChange& c) {
                                            return QJsonObject{{QStringLiteral("path"), text(c.path)},
                                                               {QStringLiteral("before"), text(c.before)},
                                                               {QStringLiteral("after"), text(c.after)}};
                                          })},
      {QStringLiteral("warnings"), arrayOf(outcome.warnings, [](const base::FieldError& w) { return toJson(w); })},
      {QStringLiteral("decisions"),
       arrayOf(outcome.decisions, [](const model::Decision& d) { return model::toJson(d, 0); })},
      {QStringLiteral("objects"), arrayOf(outcome.objects, [](const QJsonObject& o) { return o; })}};
  if (!outcome.undo.isEmpty()) {
    out.insert(QStringLiteral("undo"), outcome.undo);
  }
  return out;
}

base::Result<CommandOutcome> commandOutcomeFromJson(const QJsonObject& json) {
  CommandOutcome out;
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  out.command = reader.string("command").value_or("");
  out.dryRun = reader.boolean("dry_run").value_or(false);
  out.changed = reader.boolean("changed").value_or(false);
  out.summary = reader.string("summary", kMaxText).value_or("");
  out.correlationId = reader.string("correlation_id").value_or("");
  out.revision = reader.integer("revision", 0, std::numeric_limits<int64_t>::max()).value_or(0);
  reader.objects("plan", kMaxSteps, [&](const QJsonObject& o, const std::string& path) {
    model::FieldReader step(o, path, faults);
    out.plan.push_back({step.string("action").value_or(""), step.string("object").value_or(""),
                        step.string("detail", kMaxText).value_or("")});
  });
  reader.objects("changes", kMaxItems, [&](const QJsonObject& o, const std::string& path) {
    model::FieldReader change(o, path, faults);
    out.changes.push_back({change.string("path").value_or(""), change.string("before", kMaxText).value_or(""),
                           change.string("after", kMaxText).value_or("")});
  });
  reader.objects("warnings", kMaxItems,
                 [&](const QJsonObject& o, const std::string&) { out.warnings.push_back(fieldErrorFromJson(o)); });
  reader.objects("decisions", kMaxItems, [&](const QJsonObject& o, const std::string& path) {
    auto decision = model::decisionFromJson(o);
    if (decision) {
      out.decisions.push_back(std::move(decision).value());
    } else {
      faults.error(path, decision.error().text());
    }
  });
  reader.objects("objects", kMaxItems, [&](const QJsonObject& o, const std::string&) { out.objects.push_back(o); });
  out.undo = reader.object("undo").value_or(QJsonObject());
  if (faults.hasErrors()) {
    return faults.toError("a command's outcome could not be read");
  }
  return out;
}

} // namespace univrs::interfaces
