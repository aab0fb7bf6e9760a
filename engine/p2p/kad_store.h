// What a Kademlia node keeps for others, and what it publishes itself: records with a validator for each namespace, and
// who provides what. Sans-IO, bounded: when it is full, the record farthest from us makes room for a nearer one.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/kad_wire.h"

#include <functional>
#include <map>
#include <unordered_map>

namespace univrs::p2p {

// Decides over the records of one namespace ("univrs" for keys "/univrs/…").
struct KadValidator {
  // Is this value right for this key (its form, its signature)? Must bear any input.
  std::function<base::Result<void>(std::span<const uint8_t> key, std::span<const uint8_t> value)> check;
  // Does the first of two valid values replace the second (newer, longer chain)?
  std::function<bool(std::span<const uint8_t> key, std::span<const uint8_t> value, std::span<const uint8_t> old)>
      better;
};

class KadStore {
public:
  static constexpr size_t kMaxRecords = 1'024;         // of others
  static constexpr size_t kMaxRecordsOfSender = 128;   // put here by one peer
  static constexpr size_t kMaxRecordBytes = 16u << 20; // of all values together
  static constexpr size_t kMaxProvidedKeys = 1'024;    // that others provide
  static constexpr size_t kMaxProvidersOfKey = 20;     // the one heard of longest ago makes room
  static constexpr size_t kMaxProviderAddresses = 8;
  static constexpr size_t kMaxProvidedBySender = 256; // keys one peer may be a provider of
  static constexpr size_t kMaxOwn = 256;              // records and provided keys of our own, each
  static constexpr size_t kMaxNamespaces = 16;
  static constexpr base::Millis kRecordAge{48LL * 3600 * 1000}; // and the most a record's ttl may ask for
  static constexpr base::Millis kProviderAge{48LL * 3600 * 1000};
  static constexpr base::Millis kRecordRepublish{22LL * 3600 * 1000};
  static constexpr base::Millis kProviderRepublish{12LL * 3600 * 1000};

  explicit KadStore(const PeerId& self) : m_point(kadPoint(self)) {}

  // `name` without slashes. Records of namespaces without a validator are refused.
  base::Result<void> setValidator(const std::string& name, KadValidator validator);
  // Is this a value we would keep and hand out?
  [[nodiscard]] base::Result<void> check(std::span<const uint8_t> key, std::span<const uint8_t> value) const;
  // For two valid values.
  [[nodiscard]] bool better(std::span<const uint8_t> key, std::span<const uint8_t> value,
                            std::span<const uint8_t> old) const;

  // Another peer wants us to keep a record. Refused (Validation: bad value or namespace; Conflict: we hold a better
  // one; NoSpace: full of nearer ones, or this sender's share is used up).
  base::Result<void> put(const KadRecord& record, const PeerId& sender, base::Now now);
  [[nodiscard]] std::optional<KadRecord> get(std::span<const uint8_t> key, base::Now now) const; // our own too
  void addProvider(std::span<const uint8_t> key, KadPeer provider, base::Monotonic now);
  [[nodiscard]] std::vector<KadPeer> providers(std::span<const uint8_t> key, base::Monotonic now) const;

  // Ours, to be published by the caller at once, and again when due() until withdrawn. The value must pass check().
  base::Result<void> publish(base::Bytes key, base::Bytes value, base::Monotonic now);
  bool withdraw(std::span<const uint8_t> key);
  base::Result<void> provide(base::Bytes key, base::Monotonic now);
  bool stopProviding(std::span<const uint8_t> key);
  [[nodiscard]] bool provides(std::span<const uint8_t> key) const;
  struct Due {
    std::vector<KadRecord> records;
    std::vector<base::Bytes> provided;
  };
  // What of ours was published long ago; counts as published again from now on. At most `most` of each.
  Due due(base::Monotonic now, size_t most);
  // Publishing did not succeed: due again after `wait`.
  void retry(std::span<const uint8_t> key, base::Monotonic now, base::Millis wait);

  void expire(base::Monotonic now);
  [[nodiscard]] size_t records() const { return m_records.size(); }
  [[nodiscard]] size_t providedKeys() const { return m_providers.size(); }

private:
  struct Kept {
    KadRecord record;
    PeerId sender;
    base::Monotonic until;
  };
  struct Provider {
    KadPeer peer;
    base::Monotonic until;
  };
  struct Own {
    base::Bytes value;    // of records
    base::Monotonic next; // to be published again
  };
  using ByDistance = std::map<KadPoint, Kept>;
  [[nodiscard]] KadPoint place(std::span<const uint8_t> key) const { return kadDistance(kadPoint(key), m_point); }
  [[nodiscard]] const KadValidator* validator(std::span<const uint8_t> key) const;
  void erase(ByDistance::iterator at);
  void dropProvider(const PeerId& peer);
  KadPoint m_point;
  std::map<std::string, KadValidator> m_validators;
  ByDistance m_records; // by distance from us
  size_t m_recordBytes = 0;
  std::unordered_map<PeerId, size_t> m_recordsBySender;
  std::map<KadPoint, std::vector<Provider>> m_providers; // by distance from us
  std::unordered_map<PeerId, size_t> m_providedBySender;
  std::map<base::Bytes, Own> m_ownRecords;
  std::map<base::Bytes, Own> m_ownProvided;
};

} // namespace univrs::p2p
