#include "engine/p2p/kad_store.h"

#include <algorithm>

namespace univrs::p2p {

namespace {
using base::Bytes;
using base::ErrorCode;
using base::makeError;
using base::Result;

Bytes copy(std::span<const uint8_t> data) {
  return {data.begin(), data.end()};
}

base::Error notKept(ErrorCode code, std::string why, std::string hint = {}) {
  return makeError(code, "the record was not kept", std::move(why), std::move(hint));
}

// One fewer for this peer; entries of nothing go, so the map is bounded by what is kept.
void countDown(std::unordered_map<PeerId, size_t>& counts, const PeerId& peer) {
  if (const auto at = counts.find(peer); at != counts.end() && --at->second == 0) {
    counts.erase(at);
  }
}
} // namespace

Result<void> KadStore::setValidator(const std::string& name, KadValidator validator) {
  if (name.empty() || name.find('/') != std::string::npos || name.size() > 64) {
    return makeError(ErrorCode::Validation, "the validator was not installed", "\"" + name + "\" is no namespace");
  }
  if (m_validators.size() >= kMaxNamespaces && !m_validators.contains(name)) {
    return makeError(ErrorCode::TooLarge, "the validator was not installed", "there are too many namespaces");
  }
  m_validators[name] = std::move(validator);
  return {};
}

const KadValidator* KadStore::validator(std::span<const uint8_t> key) const {
  if (key.empty() || key[0] != '/') {
    return nullptr;
  }
  const auto end = std::find(key.begin() + 1, key.end(), uint8_t('/'));
  if (end == key.end()) {
    return nullptr;
  }
  const auto found = m_validators.find(std::string(key.begin() + 1, end));
  return found == m_validators.end() ? nullptr : &found->second;
}

Result<void> KadStore::check(std::span<const uint8_t> key, std::span<const uint8_t> value) const {
  if (key.size() > kKadMaxKeyBytes || value.size() > kKadMaxValueBytes) {
    return notKept(ErrorCode::TooLarge, "its key or value is too long",
                   "keys hold " + std::to_string(kKadMaxKeyBytes) + " bytes, values " +
                       std::to_string(kKadMaxValueBytes));
  }
  const KadValidator* found = validator(key);
  if (found == nullptr) {
    return notKept(ErrorCode::Validation, "its key is in no namespace this node knows");
  }
  return found->check(key, value);
}

bool KadStore::better(std::span<const uint8_t> key, std::span<const uint8_t> value,
                      std::span<const uint8_t> old) const {
  const KadValidator* found = validator(key);
  return found != nullptr && found->better(key, value, old);
}

void KadStore::erase(ByDistance::iterator at) {
  m_recordBytes -= at->second.record.value.size();
  countDown(m_recordsBySender, at->second.sender);
  m_records.erase(at);
}

Result<void> KadStore::put(const KadRecord& record, const PeerId& sender, base::Now now) {
  if (auto ok = check(record.key, record.value); !ok) {
    return ok;
  }
  if (const auto own = m_ownRecords.find(record.key); own != m_ownRecords.end()) {
    if (own->second.value != record.value && !better(record.key, record.value, own->second.value)) {
      return notKept(ErrorCode::Conflict, "this node publishes a better value for its key");
    }
  }
  const KadPoint where = place(record.key);
  const auto old = m_records.find(where);
  const bool fresh = old == m_records.end() || old->second.until <= now.steady;
  if (!fresh && old->second.record.value != record.value &&
      !better(record.key, record.value, old->second.record.value)) {
    return notKept(ErrorCode::Conflict, "this node holds a better value for its key");
  }
  const auto share = m_recordsBySender.find(sender);
  const bool sendersOwn = old != m_records.end() && old->second.sender == sender;
  if (!sendersOwn && share != m_recordsBySender.end() && share->second >= kMaxRecordsOfSender) {
    return notKept(ErrorCode::NoSpace,
                   "the sender put " + std::to_string(kMaxRecordsOfSender) + " records here already");
  }
  if (old != m_records.end()) {
    erase(old);
  }
  while (m_records.size() >= kMaxRecords || m_recordBytes + record.value.size() > kMaxRecordBytes) {
    const auto farthest = std::prev(m_records.end());
    if (farthest->first < where) {
      return notKept(ErrorCode::NoSpace, "this node is full of records nearer to it");
    }
    erase(farthest);
  }
  const base::Millis asked = std::chrono::seconds(record.ttlSeconds);
  const base::Millis age = record.ttlSeconds == 0 ? kRecordAge : std::min(asked, kRecordAge);
  Kept kept{record, sender, now.steady + age};
  kept.record.timeReceived = now.wall.iso();
  m_recordBytes += record.value.size();
  ++m_recordsBySender[sender];
  m_records.emplace(where, std::move(kept));
  return {};
}

std::optional<KadRecord> KadStore::get(std::span<const uint8_t> key, base::Now now) const {
  std::optional<KadRecord> out;
  if (const auto kept = m_records.find(place(key)); kept != m_records.end() && kept->second.until > now.steady) {
    out = kept->second.record;
    out->ttlSeconds = uint32_t(std::max<int64_t>(1, (kept->second.until - now.steady).count() / 1000));
  }
  const auto own = m_ownRecords.find(copy(key));
  if (own != m_ownRecords.end() && (!out || better(key, own->second.value, out->value))) {
    out = KadRecord{own->first, own->second.value, now.wall.iso(), {}, 0};
  }
  return out;
}

void KadStore::addProvider(std::span<const uint8_t> key, KadPeer provider, base::Monotonic now) {
  if (key.empty() || key.size() > kKadMaxKeyBytes) {
    return;
  }
  if (provider.addresses.size() > kMaxProviderAddresses) {
    provider.addresses.resize(kMaxProviderAddresses);
  }
  const KadPoint where = place(key);
  auto at = m_providers.find(where);
  if (at != m_providers.end()) {
    auto& list = at->second;
    const auto known =
        std::find_if(list.begin(), list.end(), [&provider](const Provider& p) { return p.peer.id == provider.id; });
    if (known != list.end()) {
      *known = {std::move(provider), now + kProviderAge};
      std::rotate(known, known + 1, list.end());
      return;
    }
  }
  const auto share = m_providedBySender.find(provider.id);
  if (share != m_providedBySender.end() && share->second >= kMaxProvidedBySender) {
    return;
  }
  if (at == m_providers.end()) {
    if (m_providers.size() >= kMaxProvidedKeys) {
      const auto farthest = std::prev(m_providers.end());
      if (farthest->first < where) {
        return;
      }
      for (const Provider& gone : farthest->second) {
        dropProvider(gone.peer.id);
      }
      m_providers.erase(farthest);
    }
    at = m_providers.emplace(where, std::vector<Provider>()).first;
  }
  if (at->second.size() >= kMaxProvidersOfKey) {
    dropProvider(at->second.front().peer.id);
    at->second.erase(at->second.begin());
  }
  ++m_providedBySender[provider.id];
  at->second.push_back({std::move(provider), now + kProviderAge});
}

void KadStore::dropProvider(const PeerId& peer) {
  countDown(m_providedBySender, peer);
}

std::vector<KadPeer> KadStore::providers(std::span<const uint8_t> key, base::Monotonic now) const {
  std::vector<KadPeer> out;
  if (const auto at = m_providers.find(place(key)); at != m_providers.end()) {
    for (const Provider& provider : at->second) {
      if (provider.until > now) {
        out.push_back(provider.peer);
      }
    }
  }
  return out;
}

Result<void> KadStore::publish(Bytes key, Bytes value, base::Monotonic now) {
  if (auto ok = check(key, value); !ok) {
    return ok;
  }
  if (m_ownRecords.size() >= kMaxOwn && !m_ownRecords.contains(key)) {
    return makeError(ErrorCode::TooLarge, "the record was not published",
                     "this node publishes " + std::to_string(kMaxOwn) + " records already");
  }
  m_ownRecords[std::move(key)] = {std::move(value), now + kRecordRepublish};
  return {};
}

bool KadStore::withdraw(std::span<const uint8_t> key) {
  return m_ownRecords.erase(copy(key)) > 0;
}

Result<void> KadStore::provide(Bytes key, base::Monotonic now) {
  if (key.empty() || key.size() > kKadMaxKeyBytes) {
    return makeError(ErrorCode::Validation, "the key was not provided", "it is empty or too long");
  }
  if (m_ownProvided.size() >= kMaxOwn && !m_ownProvided.contains(key)) {
    return makeError(ErrorCode::TooLarge, "the key was not provided",
                     "this node provides " + std::to_string(kMaxOwn) + " keys already");
  }
  m_ownProvided[std::move(key)] = {{}, now + kProviderRepublish};
  return {};
}

bool KadStore::stopProviding(std::span<const uint8_t> key) {
  return m_ownProvided.erase(copy(key)) > 0;
}

bool KadStore::provides(std::span<const uint8_t> key) const {
  return m_ownProvided.contains(copy(key));
}

KadStore::Due KadStore::due(base::Monotonic now, size_t most) {
  Due out;
  for (auto& [key, own] : m_ownRecords) {
    if (out.records.size() < most && own.next <= now) {
      own.next = now + kRecordRepublish;
      out.records.push_back({key, own.value, {}, {}, 0});
    }
  }
  for (auto& [key, own] : m_ownProvided) {
    if (out.provided.size() < most && own.next <= now) {
      own.next = now + kProviderRepublish;
      out.provided.push_back(key);
    }
  }
  return out;
}

void KadStore::retry(std::span<const uint8_t> key, base::Monotonic now, base::Millis wait) {
  for (auto* own : {&m_ownRecords, &m_ownProvided}) {
    if (const auto at = own->find(copy(key)); at != own->end()) {
      at->second.next = std::min(at->second.next, now + wait);
    }
  }
}

void KadStore::expire(base::Monotonic now) {
  for (auto at = m_records.begin(); at != m_records.end();) {
    const auto next = std::next(at);
    if (at->second.until <= now) {
      erase(at);
    }
    at = next;
  }
  for (auto at = m_providers.begin(); at != m_providers.end();) {
    std::erase_if(at->second, [this, now](const Provider& p) {
      if (p.until > now) {
        return false;
      }
      dropProvider(p.peer.id);
      return true;
    });
    at = at->second.empty() ? m_providers.erase(at) : std::next(at);
  }
}

} // namespace univrs::p2p
