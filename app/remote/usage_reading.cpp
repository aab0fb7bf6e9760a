#include "app/remote/usage_reading.h"

#include "app/remote/json_read.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace univrs::remote {

namespace {
using namespace interfaces;

constexpr size_t kMaxIds = 200;
constexpr qsizetype kMaxQueryBytes = 6'000; // a server takes 8 KiB of path and query
constexpr size_t kMaxIdsInRequest = 150;    // and 200 pairs
} // namespace

UsageReading::UsageReading(Connection* connection, UsageQuery query, Reply<std::vector<UsageSeries>> reply)
    : m_connection(connection), m_query(std::move(query)), m_reply(std::move(reply)) {}

void UsageReading::start(Connection* connection, UsageQuery query, Reply<std::vector<UsageSeries>> reply) {
  if (query.ids.empty() || query.ids.size() > kMaxIds) {
    QTimer::singleShot(0, connection, [reply = std::move(reply), count = query.ids.size()] {
      reply(base::makeError(base::ErrorCode::Validation, "The usage history was not read",
                            std::to_string(count) + " ids were given", "Ask for 1 to 200 at once"));
    });
    return;
  }
  const std::shared_ptr<UsageReading> reading(new UsageReading(connection, std::move(query), std::move(reply)));
  reading->next();
}

void UsageReading::next() {
  if (!m_connection) {
    return;
  }
  QUrlQuery query;
  const auto add = [&query](const char* key, const std::string& value) {
    const auto encoded = QUrl::toPercentEncoding(QString::fromStdString(value));
    query.addQueryItem(QLatin1String(key), QString::fromLatin1(encoded));
    return encoded.size();
  };
  add("of", std::string(name(m_query.of)));
  if (m_query.from.isSet()) {
    add("from", m_query.from.iso());
  }
  if (m_query.to.isSet()) {
    add("to", m_query.to.iso());
  }
  if (m_query.maxPoints > 0) {
    add("max_points", std::to_string(std::min(m_query.maxPoints, 2'000)));
  }
  qsizetype bytes = 0;
  size_t asked = 0;
  while (m_series.size() + asked < m_query.ids.size() && bytes < kMaxQueryBytes && asked < kMaxIdsInRequest) {
    bytes += 4 + add("id", m_query.ids[m_series.size() + asked]);
    ++asked;
  }
  m_connection->get(
      QStringLiteral("/usage"), query,
      [self = shared_from_this(), asked](const base::Result<QJsonObject>& answer) { self->take(answer, asked); });
}

void UsageReading::take(const base::Result<QJsonObject>& answer, size_t asked) {
  if (!answer) {
    m_reply(answer.error());
    return;
  }
  const QJsonArray items = answer->value(QLatin1String("items")).toArray();
  if (size_t(items.size()) != asked) {
    m_reply(badAnswer(std::to_string(items.size()) + " histories for " + std::to_string(asked) + " ids"));
    return;
  }
  for (const QJsonValue& item : items) {
    auto series = usageSeriesFromJson(item.toObject());
    if (!series) {
      m_reply(series.error());
      return;
    }
    m_series.push_back(std::move(*series));
  }
  if (m_series.size() < m_query.ids.size()) {
    next();
  } else {
    m_reply(std::move(m_series));
  }
}

} // namespace univrs::remote
