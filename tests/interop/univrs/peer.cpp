#include "tests/interop/univrs/peer.h"

#include "tests/interop/univrs/echo.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace univrs::tests {

namespace {
constexpr std::chrono::milliseconds kIdentifyWait{10'000};

const char* directionOf(const p2p::ConnectionInfo& info) {
  return info.direction == p2p::Direction::Inbound ? "inbound" : "outbound";
}
} // namespace

std::string textOf(const QJsonObject& c, const char* name) {
  return c.value(QLatin1String(name)).toString().toStdString();
}

QString qt(const std::string& text) {
  return QString::fromStdString(text);
}

base::Result<p2p::PeerId> peerOf(const QJsonObject& c) {
  return p2p::PeerId::fromText(textOf(c, "peer"));
}

base::Result<base::Bytes> bytesOf(const QJsonObject& c, const char* name) {
  auto bytes = base::fromBase64(textOf(c, name));
  if (!bytes) {
    return base::makeError(base::ErrorCode::Validation, std::string(name) + " is no base64");
  }
  return std::move(*bytes);
}

QJsonArray idsOf(const std::vector<p2p::PeerId>& peers) {
  QJsonArray out;
  for (const auto& peer : peers) {
    out.append(qt(peer.text()));
  }
  return out;
}

QJsonArray textsOf(const std::vector<p2p::Multiaddr>& addresses) {
  QJsonArray out;
  for (const auto& address : addresses) {
    out.append(qt(address.text()));
  }
  return out;
}

InteropPeer::~InteropPeer() {
  m_kad.reset();
  m_pubsub.reset();
  m_ping.reset();
  if (m_host) {
    m_host->removeObserver(this);
  }
}

bool InteropPeer::run(const QString& name, const QJsonObject& arguments, const Answer& answer) {
  static const std::map<QString, Command> commands = {
      {"start", &InteropPeer::start},
      {"dial", &InteropPeer::dial},
      {"disconnect", &InteropPeer::disconnect},
      {"connections", &InteropPeer::connections},
      {"addresses", &InteropPeer::addresses},
      {"ping", &InteropPeer::ping},
      {"identify", &InteropPeer::identify},
      {"echo", &InteropPeer::echo},
      {"open", &InteropPeer::open},
      {"subscribe", &InteropPeer::subscribe},
      {"unsubscribe", &InteropPeer::unsubscribe},
      {"publish", &InteropPeer::publish},
      {"subscribers", &InteropPeer::subscribers},
      {"mesh", &InteropPeer::mesh},
      {"kad_table", &InteropPeer::kadTable},
      {"kad_bootstrap", &InteropPeer::kadBootstrap},
      {"kad_find_peer", &InteropPeer::kadFindPeer},
      {"kad_put", &InteropPeer::kadPut},
      {"kad_get", &InteropPeer::kadGet},
      {"kad_provide", &InteropPeer::kadProvide},
      {"kad_providers", &InteropPeer::kadProviders},
      {"reserve", &InteropPeer::reserve},
  };
  const auto command = commands.find(name);
  if (command == commands.end()) {
    return false;
  }
  const bool first = name == QLatin1String("start");
  if (first == bool(m_host)) {
    answer(base::makeError(base::ErrorCode::Conflict, "start comes first, and once"));
  } else if ((name.startsWith(QLatin1String("kad_")) && !m_kad) ||
             ((command->second == &InteropPeer::subscribe || command->second == &InteropPeer::unsubscribe ||
               command->second == &InteropPeer::publish || command->second == &InteropPeer::subscribers ||
               command->second == &InteropPeer::mesh) &&
              !m_pubsub) ||
             (command->second == &InteropPeer::reserve && !m_reservations)) {
    answer(base::makeError(base::ErrorCode::Unsupported, "this was not asked for by start"));
  } else {
    (this->*command->second)(arguments, answer);
  }
  return true;
}

void InteropPeer::start(const QJsonObject& c, const Answer& answer) {
  auto identity = p2p::Identity::loadOrCreate(m_folder.filePath(QStringLiteral("key")).toStdString());
  if (!identity) {
    return answer(identity.error());
  }
  m_identity = std::make_unique<p2p::Identity>(std::move(*identity));
  p2p::HostOptions options;
  for (const auto& text : c.value(QLatin1String("listen")).toArray()) {
    auto address = p2p::Multiaddr::fromText(text.toString().toStdString());
    if (!address) {
      return answer(address.error());
    }
    options.listen.push_back(std::move(*address));
  }
  m_host = p2p::makeHost(*m_identity, std::move(options), m_clock, m_random);
  m_host->addObserver(this);
  m_host->handle(kEchoProtocol, {},
                 [](const p2p::OpenedStream& opened) { return std::make_unique<EchoServer>(*opened.stream); });
  m_ping = std::make_unique<p2p::Ping>(*m_host);
  if (const auto gossip = c.value(QLatin1String("gossipsub")); gossip.isObject()) {
    if (auto r = startGossip(gossip.toObject()); !r) {
      return answer(r.error());
    }
  }
  if (const auto relay = c.value(QLatin1String("relay")).toString(); !relay.isEmpty()) {
    if (auto r = startRelay(relay, c.value(QLatin1String("dcutr")).toBool()); !r) {
      return answer(r.error());
    }
  }
  if (auto r = m_host->start(); !r) {
    return answer(r.error());
  }
  if (const auto mode = c.value(QLatin1String("kad")).toString(); !mode.isEmpty()) {
    if (auto r = startKad(mode); !r) {
      return answer(r.error());
    }
  }
  addresses({}, [this, &answer](base::Result<QJsonObject> out) {
    (*out)[QLatin1String("id")] = qt(m_host->id().text());
    (*out)[QLatin1String("implementation")] = QStringLiteral("univrs " UNIVRS_VERSION);
    answer(std::move(out));
  });
}

void InteropPeer::dial(const QJsonObject& c, const Answer& answer) {
  auto address = p2p::Multiaddr::fromText(textOf(c, "address"));
  if (!address) {
    return answer(address.error());
  }
  m_host->connect({address->peer(), {address->withoutPeer()}}, [answer](const base::Result<p2p::ConnectionInfo>& r) {
    if (!r) {
      return answer(r.error());
    }
    answer(QJsonObject{{"peer", qt(r->peer.text())}, {"address", qt(r->remote.text())}});
  });
}

void InteropPeer::disconnect(const QJsonObject& c, const Answer& answer) {
  const auto peer = peerOf(c);
  if (!peer) {
    return answer(peer.error());
  }
  if (!m_host->isConnected(*peer)) {
    return answer(QJsonObject{});
  }
  m_leaving.emplace(*peer, answer);
  m_host->disconnect(*peer, "asked for");
}

void InteropPeer::connections(const QJsonObject&, const Answer& answer) {
  QJsonArray list;
  for (const p2p::Connection* connection : m_host->connections()) {
    const auto& info = connection->info();
    list.append(QJsonObject{{"peer", qt(info.peer.text())},
                            {"address", qt(info.remote.text())},
                            {"direction", directionOf(info)},
                            {"limited", info.limited}});
  }
  answer(QJsonObject{{"connections", list}});
}

void InteropPeer::addresses(const QJsonObject&, const Answer& answer) {
  QJsonArray list;
  for (const auto& address : m_host->listenAddresses()) {
    list.append(qt(address.withPeer(m_host->id()).text()));
  }
  for (const auto& address : relayedAddresses()) {
    list.append(qt(address.text()));
  }
  answer(QJsonObject{{"addresses", list}});
}

void InteropPeer::ping(const QJsonObject& c, const Answer& answer) {
  const auto peer = peerOf(c);
  if (!peer) {
    return answer(peer.error());
  }
  m_ping->ping(*peer, {.allowLimited = true}, [answer](const base::Result<std::chrono::microseconds>& rtt) {
    if (!rtt) {
      return answer(rtt.error());
    }
    answer(QJsonObject{{"rtt", qint64(rtt->count())}});
  });
}

QJsonObject InteropPeer::told(const p2p::PeerId& peer) const {
  QJsonObject out;
  if (const p2p::PeerFacts* facts = m_host->peerStore().facts(peer)) {
    QJsonArray protocols;
    for (const auto& protocol : facts->protocols) {
      protocols.append(qt(protocol));
    }
    out = {{"agent", qt(facts->agent)},
           {"protocol_version", qt(facts->protocolVersion)},
           {"protocols", protocols},
           {"observed", facts->observed.empty() ? QString() : qt(facts->observed.text())},
           {"signed", !facts->signedRecord.empty()}};
  }
  QJsonArray listen;
  for (const auto& known : m_host->peerStore().addresses(peer)) {
    if (known.source >= p2p::AddrSource::Identify) {
      listen.append(qt(known.address.text()));
    }
  }
  out[QLatin1String("listen")] = listen;
  return out;
}

void InteropPeer::identify(const QJsonObject& c, const Answer& answer) {
  const auto peer = peerOf(c);
  if (!peer) {
    return answer(peer.error());
  }
  if (m_identified.count(*peer) != 0) {
    return answer(told(*peer));
  }
  const auto waiting = m_waiting.emplace(*peer, answer);
  QTimer::singleShot(kIdentifyWait, qApp, [this, waiting, peer = *peer, answer] {
    for (auto [it, end] = m_waiting.equal_range(peer); it != end; ++it) {
      if (it == waiting) {
        m_waiting.erase(it);
        return answer(base::makeError(base::ErrorCode::Timeout, "identify told nothing within 10 s"));
      }
    }
  });
}

void InteropPeer::echo(const QJsonObject& c, const Answer& answer) {
  const auto peer = peerOf(c);
  if (!peer) {
    return answer(peer.error());
  }
  const auto count = size_t(c.value(QLatin1String("bytes")).toInteger());
  const std::chrono::milliseconds timeout(c.value(QLatin1String("timeout_ms")).toInteger(30'000));
  m_host->open(
      *peer, {kEchoProtocol}, {.allowLimited = true, .timeout = timeout}, [=](base::Result<p2p::OpenedStream> opened) {
        if (!opened) {
          return answer(opened.error());
        }
        const auto began = std::chrono::steady_clock::now();
        opened->stream->attach(
            std::make_unique<EchoClient>(*opened->stream, count, timeout, [=](const base::Result<void>& r) {
              if (!r) {
                return answer(r.error());
              }
              const auto time =
                  std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
              answer(QJsonObject{{"bytes", qint64(count)}, {"time", qint64(time.count())}});
            }));
      });
}

void InteropPeer::open(const QJsonObject& c, const Answer& answer) {
  const auto peer = peerOf(c);
  if (!peer) {
    return answer(peer.error());
  }
  m_host->open(*peer, {textOf(c, "protocol")}, {}, [answer](base::Result<p2p::OpenedStream> opened) {
    if (!opened) {
      return answer(opened.error());
    }
    // The host wants a handler on it or an end of it before we return.
    opened->stream->reset();
    answer(QJsonObject{});
  });
}

void InteropPeer::onConnected(const p2p::ConnectionInfo& info, bool) {
  m_say({{"event", "connected"},
         {"peer", qt(info.peer.text())},
         {"address", qt(info.remote.text())},
         {"direction", directionOf(info)}});
}

void InteropPeer::onDisconnected(const p2p::ConnectionInfo& info, const base::Error&, bool lastOfPeer) {
  if (!lastOfPeer) {
    return;
  }
  m_identified.erase(info.peer);
  m_say({{"event", "disconnected"}, {"peer", qt(info.peer.text())}});
  while (auto node = m_leaving.extract(info.peer)) {
    node.mapped()(QJsonObject{});
  }
}

void InteropPeer::onIdentified(const p2p::PeerId& peer) {
  m_identified.insert(peer);
  m_say({{"event", "identified"}, {"peer", qt(peer.text())}});
  while (auto node = m_waiting.extract(peer)) {
    node.mapped()(told(peer));
  }
}

} // namespace univrs::tests
