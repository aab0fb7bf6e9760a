// Reading usage histories of many objects: their ids go into as many requests as a URL's length asks for, one after the
// other.
#pragma once

#include "app/remote/connection.h"
#include "engine/interfaces/usage.h"

#include <QPointer>

#include <memory>
#include <vector>

namespace univrs::remote {

class UsageReading final : public std::enable_shared_from_this<UsageReading> {
public:
  //! `reply` is called once, later, unless the connection is destroyed before.
  static void start(Connection* connection, interfaces::UsageQuery query,
                    interfaces::Reply<std::vector<interfaces::UsageSeries>> reply);

private:
  UsageReading(Connection* connection, interfaces::UsageQuery query,
               interfaces::Reply<std::vector<interfaces::UsageSeries>> reply);
  void next();
  void take(const base::Result<QJsonObject>& answer, size_t asked);

  QPointer<Connection> m_connection;
  interfaces::UsageQuery m_query;
  interfaces::Reply<std::vector<interfaces::UsageSeries>> m_reply;
  std::vector<interfaces::UsageSeries> m_series;
};

} // namespace univrs::remote
