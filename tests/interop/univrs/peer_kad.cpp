#include "tests/interop/univrs/peer.h"

#include <QJsonArray>

#include <algorithm>

namespace univrs::tests {

namespace {
// Of namespace /v/: every value is valid; the longer, then the greater wins.
p2p::KadValidator longest() {
  return {[](std::span<const uint8_t>, std::span<const uint8_t>) { return base::Result<void>(); },
          [](std::span<const uint8_t>, std::span<const uint8_t> value, std::span<const uint8_t> old) {
            return value.size() != old.size()
                       ? value.size() > old.size()
                       : std::lexicographical_compare(old.begin(), old.end(), value.begin(), value.end());
          }};
}

p2p::KadService::Done<size_t> counted(const InteropPeer::Answer& answer) {
  return [answer](const base::Result<size_t>& r) {
    if (!r) {
      return answer(r.error());
    }
    answer(QJsonObject{{"count", qint64(*r)}});
  };
}
} // namespace

base::Result<void> InteropPeer::startKad(const QString& mode) {
  p2p::KadOptions options;
  options.mode = mode == QLatin1String("server") ? p2p::KadMode::Server : p2p::KadMode::Client;
  m_kad = std::make_unique<p2p::KadService>(*m_host, options);
  if (auto r = m_kad->setValidator("v", longest()); !r) {
    return r;
  }
  m_kad->start();
  return {};
}

void InteropPeer::kadTable(const QJsonObject&, const Answer& answer) {
  answer(QJsonObject{{"peers", idsOf(m_kad->table().peers())}});
}

void InteropPeer::kadBootstrap(const QJsonObject&, const Answer& answer) {
  m_kad->bootstrap(counted(answer));
}

void InteropPeer::kadFindPeer(const QJsonObject& c, const Answer& answer) {
  const auto peer = peerOf(c);
  if (!peer) {
    return answer(peer.error());
  }
  m_kad->findPeer(*peer, [answer](const base::Result<p2p::AddrInfo>& r) {
    if (!r) {
      return answer(r.error());
    }
    answer(QJsonObject{{"addresses", textsOf(r->addresses)}});
  });
}

void InteropPeer::kadPut(const QJsonObject& c, const Answer& answer) {
  auto key = bytesOf(c, "key");
  auto value = bytesOf(c, "value");
  if (!key || !value) {
    return answer(key ? value.error() : key.error());
  }
  m_kad->putValue(std::move(*key), std::move(*value), counted(answer));
}

void InteropPeer::kadGet(const QJsonObject& c, const Answer& answer) {
  auto key = bytesOf(c, "key");
  if (!key) {
    return answer(key.error());
  }
  m_kad->getValue(std::move(*key), [answer](const base::Result<base::Bytes>& r) {
    if (!r) {
      return answer(r.error());
    }
    answer(QJsonObject{{"value", qt(base::base64(*r))}});
  });
}

void InteropPeer::kadProvide(const QJsonObject& c, const Answer& answer) {
  auto key = bytesOf(c, "key");
  if (!key) {
    return answer(key.error());
  }
  m_kad->provide(std::move(*key), counted(answer));
}

void InteropPeer::kadProviders(const QJsonObject& c, const Answer& answer) {
  auto key = bytesOf(c, "key");
  if (!key) {
    return answer(key.error());
  }
  m_kad->findProviders(std::move(*key), size_t(c.value(QLatin1String("count")).toInt(20)),
                       [answer](const base::Result<std::vector<p2p::AddrInfo>>& r) {
                         if (!r) {
                           return answer(r.error());
                         }
                         std::vector<p2p::PeerId> peers;
                         for (const auto& info : *r) {
                           if (info.peer) {
                             peers.push_back(*info.peer);
                           }
                         }
                         answer(QJsonObject{{"peers", idsOf(peers)}});
                       });
}

} // namespace univrs::tests
