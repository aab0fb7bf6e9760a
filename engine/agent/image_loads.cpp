#include "engine/agent/image_loads.h"

#include "engine/agent/pull_progress.h"
#include "engine/base/log.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace univrs::agent {

namespace {
constexpr size_t kMaxMessage = 300;
constexpr size_t kMaxLists = 64; // waiting; more are refused

std::string fileName(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

base::Error ending() {
  return base::makeError(base::ErrorCode::Unavailable, "The images were not reached", "this node is ending");
}
} // namespace

ImageLoads::ImageLoads(RuntimeDriver& driver, std::string nodeId, const base::Clock& clock, Wiring wiring)
    : m_driver(driver), m_nodeId(std::move(nodeId)), m_clock(clock), m_wiring(std::move(wiring)) {}

void ImageLoads::list(Reply reply) {
  if (m_closed || m_lists >= kMaxLists) {
    const base::Error error = m_closed
                                  ? ending()
                                  : base::makeError(base::ErrorCode::RateLimited, "The images were not listed",
                                                    "too many lists of them wait already", "Try again in a moment.");
    m_wiring.post([reply = std::move(reply), error] { reply(error); });
    return;
  }
  ++m_lists;
  m_pool.run([this, reply = std::move(reply), token = m_cancelLists.token()] {
    auto result = m_driver.images(token);
    m_wiring.post([this, reply, result = std::move(result)]() mutable {
      --m_lists;
      reply(std::move(result));
    });
  });
}

void ImageLoads::load(std::string path, Reply reply) {
  if (m_closed || m_loads.size() >= kMaxLoads) {
    const base::Error error =
        m_closed ? ending()
                 : base::makeError(base::ErrorCode::RateLimited, "The archive " + path + " was not loaded",
                                   std::to_string(m_loads.size()) + " archives are being loaded already",
                                   "Wait for them, or cancel one.");
    m_wiring.post([reply = std::move(reply), error] { reply(error); });
    return;
  }
  const base::Timestamp now = m_clock.now().wall;
  Load load;
  model::Operation& o = load.operation;
  o.id = "load-" + m_nodeId + "-" + std::to_string(now.ms) + "-" + std::to_string(m_next++);
  o.kind = "load";
  o.subject = fileName(path);
  o.nodeId = m_nodeId;
  o.phase = "waiting";
  o.cancellable = true;
  o.startedAt = now;
  o.updatedAt = now;
  if (m_wiring.onOperation) {
    m_wiring.onOperation(o);
  }
  const std::string id = o.id;
  const base::CancelToken token = load.cancel.token();
  m_loads.emplace(id, std::move(load));
  m_pool.run([this, id, path = std::move(path), reply = std::move(reply), token] {
    const auto onProgress =
        throttled([this, id](PullProgress p) { m_wiring.post([this, id, p = std::move(p)] { progress(id, p); }); });
    auto result = token.cancelled() ? base::Result<std::vector<LocalImage>>(base::makeError(
                                          base::ErrorCode::Cancelled, "Loading " + path + " was cancelled"))
                                    : m_driver.loadArchive(path, onProgress, token);
    m_wiring.post([this, id, reply, result = std::move(result)]() mutable { reply(finish(id, std::move(result))); });
  });
}

void ImageLoads::progress(const std::string& id, const PullProgress& p) {
  const auto it = m_loads.find(id);
  if (it == m_loads.end()) {
    return;
  }
  model::Operation& o = it->second.operation;
  o.phase = p.phase.substr(0, 64);
  o.current = std::max<int64_t>(0, p.current);
  o.total = std::max<int64_t>(0, p.total);
  o.message = p.message.substr(0, kMaxMessage);
  o.updatedAt = m_clock.now().wall;
  if (m_wiring.onOperation) {
    m_wiring.onOperation(o);
  }
}

base::Result<std::vector<LocalImage>> ImageLoads::finish(const std::string& id,
                                                         base::Result<std::vector<LocalImage>> result) {
  const auto it = m_loads.find(id);
  if (it == m_loads.end()) {
    return result;
  }
  Load load = std::move(it->second);
  m_loads.erase(it);
  if (!result && result.error().code == base::ErrorCode::Cancelled && !load.cancelledBy.empty()) {
    base::Error error = result.error();
    error.why = "by " + load.cancelledBy;
    result = std::move(error);
  }
  model::Operation& o = load.operation;
  o.finished = true;
  o.cancellable = false;
  o.phase = result ? "done" : result.error().code == base::ErrorCode::Cancelled ? "cancelled" : "failed";
  o.message = result ? std::string() : result.error().text();
  if (result && o.total > 0) {
    o.current = o.total;
  }
  o.updatedAt = m_clock.now().wall;
  if (m_wiring.onOperation) {
    m_wiring.onOperation(o);
  }
  tell(load, result);
  return result;
}

void ImageLoads::tell(const Load& load, const base::Result<std::vector<LocalImage>>& result) {
  if (!m_wiring.onEvent) {
    return;
  }
  model::Event e;
  e.objectKind = "image";
  e.objectName = load.operation.subject;
  if (!result) {
    const bool cancelled = result.error().code == base::ErrorCode::Cancelled;
    e.type = cancelled ? "image_load_cancelled" : "image_load_failed";
    e.severity = cancelled ? model::Severity::Info : model::Severity::Warning;
    e.message = result.error().text();
    e.data = {{QStringLiteral("node_id"), QString::fromStdString(m_nodeId)}};
    m_wiring.onEvent(e);
    return;
  }
  QJsonArray tags;
  std::string names;
  for (const LocalImage& image : *result) {
    for (const std::string& tag : image.tags) {
      tags.append(QString::fromStdString(tag));
      names += (names.empty() ? "" : ", ") + tag;
    }
    if (image.tags.empty()) {
      names += (names.empty() ? "" : ", ") + image.id.substr(0, 19);
    }
  }
  e.type = "image_loaded";
  e.objectId = result->empty() ? std::string() : result->front().id;
  e.message = load.operation.subject + " loaded: " + names.substr(0, 1'000);
  e.data = {{QStringLiteral("node_id"), QString::fromStdString(m_nodeId)}, {QStringLiteral("tags"), tags}};
  m_wiring.onEvent(e);
}

bool ImageLoads::cancel(const std::string& operationId, const std::string& by) {
  const auto it = m_loads.find(operationId);
  if (it == m_loads.end()) {
    return false;
  }
  it->second.cancelledBy = by;
  it->second.cancel.cancel();
  return true;
}

std::vector<model::Operation> ImageLoads::operations() const {
  std::vector<model::Operation> out;
  for (const auto& [id, load] : m_loads) {
    out.push_back(load.operation);
  }
  return out;
}

void ImageLoads::close() {
  m_closed = true;
  m_cancelLists.cancel();
  for (auto& [id, load] : m_loads) {
    load.cancel.cancel();
  }
  m_pool.close();
}

} // namespace univrs::agent
