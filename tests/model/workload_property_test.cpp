// Any spec that is valid comes back from its JSON exactly; any JSON is read without harm.
#include "tests/model/spec_generator.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace univrs::model {
namespace {

RC_GTEST_PROP(WorkloadProperty, jsonGivesTheSpecBack, ()) {
  const auto spec = *testing::anySpec();
  const auto faults = validate(spec);
  RC_ASSERT(faults.empty());
  const auto text = QJsonDocument(toJson(spec)).toJson(QJsonDocument::Compact);
  const auto back = workloadSpecFromJson(QJsonDocument::fromJson(text).object());
  RC_ASSERT(back.ok());
  if (!(*back == spec)) {
    RC_LOG() << text.toStdString() << "\n" << QJsonDocument(toJson(*back)).toJson(QJsonDocument::Compact).toStdString();
  }
  RC_ASSERT(*back == spec);
  RC_ASSERT(back->templateHash() == spec.templateHash());
}

QJsonValue anyValue(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 7 : 5);
  static const char* const words[] = {"name",      "containers", "image", "ports",    "container_port",
                                      "placement", "required",   "key",   "operator", "values",
                                      "liveness",  "http",       "port",  "replicas", "resource_requests",
                                      "memory_mb", "status",     "id",    "previous"};
  switch (kind) {
  case 0:
    return QJsonValue();
  case 1:
    return *rc::gen::arbitrary<bool>();
  case 2:
    return qint64(*rc::gen::arbitrary<int64_t>());
  case 3:
    return *rc::gen::arbitrary<double>();
  case 4:
    return QString::fromStdString(*rc::gen::arbitrary<std::string>());
  case 5: {
    QJsonArray list;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      list.append(anyValue(depth - 1));
    }
    return list;
  }
  default: {
    QJsonObject o;
    for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
      o.insert(QString::fromLatin1(words[*rc::gen::inRange(0, 19)]), anyValue(depth - 1));
    }
    return o;
  }
  }
}

RC_GTEST_PROP(WorkloadProperty, anyJsonIsReadWithoutHarm, ()) {
  const QJsonObject o = anyValue(5).toObject();
  const auto spec = workloadSpecFromJson(o);
  if (spec) {
    (void)validate(*spec);
  }
  (void)workloadFromJson(o);
}

} // namespace
} // namespace univrs::model
