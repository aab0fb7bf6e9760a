// What callers ask of Kademlia: peers, values, providers.
#include "engine/p2p/kad_service.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;
using base::Result;

base::Error busy(const std::string& what) {
  return makeError(ErrorCode::RateLimited, what,
                   std::to_string(KadService::kMaxLookups) + " lookups are under way already", "try again shortly");
}

base::Error notFound(const std::string& what, size_t answered) {
  return answered == 0 ? makeError(ErrorCode::Unavailable, what, "no peer answered",
                                   "connect to a peer of the network first (--connect ADDRESS)")
                       : makeError(ErrorCode::NotFound, what, "none of the peers that were asked knows it");
}

KadMessage question(KadType type, std::span<const uint8_t> key) {
  KadMessage message;
  message.type = type;
  message.key.assign(key.begin(), key.end());
  return message;
}
} // namespace

void KadService::findPeer(const PeerId& peer, Done<AddrInfo> done) {
  const auto shared = std::make_shared<Done<AddrInfo>>(std::move(done));
  if (m_host.isConnected(peer) || peer == m_host.id()) {
    AddrInfo info = infoOf({peer, peer == m_host.id() ? m_host.addresses() : std::vector<Multiaddr>(), {}});
    later([shared, info = std::move(info)] { (*shared)(info); });
    return;
  }
  const bool begun = lookUp(
      question(KadType::FindNode, peer.bytes()),
      [peer](Lookup& lookup, const PeerId&, KadMessage& reply) {
        const bool found = std::any_of(reply.closer.begin(), reply.closer.end(),
                                       [&peer](const KadPeer& p) { return p.id == peer && !p.addresses.empty(); });
        if (found) {
          lookup.query.stop();
        }
      },
      [this, peer, shared](Lookup& lookup) {
        const KadPeer* known = lookup.query.known(peer);
        if (known == nullptr || known->addresses.empty()) {
          (*shared)(notFound("the peer " + peer.text() + " was not found", lookup.query.closest().size()));
          return;
        }
        remember(*known);
        (*shared)(AddrInfo{peer, known->addresses});
      });
  if (!begun) {
    later([shared] { (*shared)(busy("the peer was not looked up")); });
  }
}

void KadService::closestPeers(std::span<const uint8_t> key, Done<std::vector<KadPeer>> done) {
  const auto shared = std::make_shared<Done<std::vector<KadPeer>>>(std::move(done));
  const bool begun = lookUp(
      question(KadType::FindNode, key), [](Lookup&, const PeerId&, KadMessage&) {},
      [shared](Lookup& lookup) {
        auto closest = lookup.query.closest();
        (*shared)(closest.empty() ? Result<std::vector<KadPeer>>(notFound("the nearest peers were not found", 0))
                                  : Result<std::vector<KadPeer>>(std::move(closest)));
      });
  if (!begun) {
    later([shared] { (*shared)(busy("the nearest peers were not looked up")); });
  }
}

void KadService::putValue(base::Bytes key, base::Bytes value, Done<size_t> done) {
  if (auto kept = m_store.publish(key, value, m_host.now().steady); !kept) {
    later([done = std::move(done), error = kept.error()] { done(error); });
    return;
  }
  KadRecord record;
  record.key = std::move(key);
  record.value = std::move(value);
  sendRecord(record, std::move(done));
}

void KadService::sendRecord(const KadRecord& record, Done<size_t> done) {
  const auto shared = std::make_shared<Done<size_t>>(std::move(done));
  const bool begun = lookUp(
      question(KadType::FindNode, record.key), [](Lookup&, const PeerId&, KadMessage&) {},
      [this, record, shared](Lookup& lookup) {
        KadMessage message = question(KadType::PutValue, record.key);
        message.record = record;
        tell(lookup.query.closest(), message, [this, key = record.key, shared](size_t good) {
          if (good == 0) {
            m_store.retry(key, m_host.now().steady, kRetryPublish);
            (*shared)(makeError(ErrorCode::Unavailable, "the record was not published", "no peer took it",
                                "it is tried again in " + base::humanDuration(kRetryPublish)));
          } else {
            (*shared)(good);
          }
        });
      });
  if (!begun) {
    m_store.retry(record.key, m_host.now().steady, kRetryPublish);
    later([shared] { (*shared)(busy("the record was not published")); });
  }
}

void KadService::getValue(base::Bytes key, Done<base::Bytes> done) {
  struct Found {
    std::optional<base::Bytes> best;
    size_t copies = 0;           // of the best one
    std::vector<KadPeer> behind; // answered with a worse value or none
  };
  const auto shared = std::make_shared<Done<base::Bytes>>(std::move(done));
  const auto found = std::make_shared<Found>();
  if (auto own = m_store.get(key, m_host.now())) {
    found->best = std::move(own->value);
  }
  const bool begun = lookUp(
      question(KadType::GetValue, key),
      [this, key, found](Lookup& lookup, const PeerId& peer, KadMessage& reply) {
        const bool holds = reply.record && reply.record->key == key && m_store.check(key, reply.record->value).ok();
        if (holds && found->best && reply.record->value == *found->best) {
          ++found->copies;
        } else if (holds && (!found->best || m_store.better(key, reply.record->value, *found->best))) {
          found->best = reply.record->value;
          found->copies = 1;
        } else if (found->behind.size() < kKadK) {
          found->behind.push_back({peer, {}, {}});
        }
        if (found->copies >= kGetQuorum) {
          lookup.query.stop();
        }
      },
      [this, key, found, shared](Lookup& lookup) {
        if (!found->best) {
          (*shared)(notFound("the record was not found", lookup.query.closest().size()));
          return;
        }
        // The nearest peers that lack it get it, so that the next one finds it sooner.
        const auto nearest = lookup.query.closest();
        std::erase_if(found->behind, [&nearest](const KadPeer& p) {
          return std::none_of(nearest.begin(), nearest.end(), [&p](const KadPeer& n) { return n.id == p.id; });
        });
        if (found->copies > 0 && !found->behind.empty()) {
          KadMessage message = question(KadType::PutValue, key);
          message.record = KadRecord{key, *found->best, {}, {}, 0};
          tell(found->behind, message, [](size_t) {});
        }
        (*shared)(*found->best);
      });
  if (!begun) {
    later([shared] { (*shared)(busy("the record was not looked up")); });
  }
}

void KadService::provide(const base::Bytes& key, Done<size_t> done) {
  if (auto kept = m_store.provide(key, m_host.now().steady); !kept) {
    later([done = std::move(done), error = kept.error()] { done(error); });
    return;
  }
  sendProvided(key, std::move(done));
}

void KadService::sendProvided(const base::Bytes& key, Done<size_t> done) {
  const auto shared = std::make_shared<Done<size_t>>(std::move(done));
  const bool begun = lookUp(
      question(KadType::FindNode, key), [](Lookup&, const PeerId&, KadMessage&) {},
      [this, key, shared](Lookup& lookup) {
        KadMessage message = question(KadType::AddProvider, key);
        message.providers.push_back(self());
        tell(lookup.query.closest(), message, [this, key, shared](size_t good) {
          if (good == 0) {
            m_store.retry(key, m_host.now().steady, kRetryPublish);
            (*shared)(makeError(ErrorCode::Unavailable, "the key was not announced", "no peer took it",
                                "it is tried again in " + base::humanDuration(kRetryPublish)));
          } else {
            (*shared)(good);
          }
        });
      });
  if (!begun) {
    m_store.retry(key, m_host.now().steady, kRetryPublish);
    later([shared] { (*shared)(busy("the key was not announced")); });
  }
}

void KadService::findProviders(base::Bytes key, size_t count, Done<std::vector<AddrInfo>> done) {
  count = std::clamp<size_t>(count, 1, kMaxFound);
  const auto shared = std::make_shared<Done<std::vector<AddrInfo>>>(std::move(done));
  const auto found = std::make_shared<std::vector<KadPeer>>(m_store.providers(key, m_host.now().steady));
  if (found->size() >= count) {
    found->resize(count);
    later([this, shared, found] {
      std::vector<AddrInfo> out;
      for (const KadPeer& peer : *found) {
        out.push_back(infoOf(peer));
      }
      (*shared)(std::move(out));
    });
    return;
  }
  const bool begun = lookUp(
      question(KadType::GetProviders, key),
      [found, count](Lookup& lookup, const PeerId&, KadMessage& reply) {
        for (KadPeer& provider : reply.providers) {
          const auto known =
              std::find_if(found->begin(), found->end(), [&provider](const KadPeer& p) { return p.id == provider.id; });
          if (known == found->end() && found->size() < count) {
            found->push_back(std::move(provider));
          } else if (known != found->end() && known->addresses.empty()) {
            known->addresses = std::move(provider.addresses);
          }
        }
        if (found->size() >= count) {
          lookup.query.stop();
        }
      },
      [this, found, shared](Lookup& lookup) {
        if (found->empty()) {
          (*shared)(notFound("no provider was found", lookup.query.closest().size()));
          return;
        }
        std::vector<AddrInfo> out;
        for (const KadPeer& peer : *found) {
          remember(peer);
          out.push_back(infoOf(peer));
        }
        (*shared)(std::move(out));
      });
  if (!begun) {
    later([shared] { (*shared)(busy("providers were not looked up")); });
  }
}

} // namespace univrs::p2p
