// Turns the names in multiaddresses into IP addresses: dns, dns4, dns6 (A and AAAA), dnsaddr (TXT records with further
// addresses, followed). All answers come from the network and are bounded here.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::p2p {

// Where names are looked up. The callback comes once, from the event loop, unless the context dies first.
class NameSource {
public:
  using OnIps = std::function<void(base::Result<std::vector<std::string>>)>;   // IP addresses in text form
  using OnTexts = std::function<void(base::Result<std::vector<std::string>>)>; // TXT records
  virtual ~NameSource() = default;
  virtual void ips(const std::string& name, QObject* context, OnIps done) = 0;
  virtual void texts(const std::string& name, QObject* context, OnTexts done) = 0;
};

// The system's resolver.
class SystemNames final : public NameSource {
public:
  void ips(const std::string& name, QObject* context, OnIps done) override;
  void texts(const std::string& name, QObject* context, OnTexts done) override;
};

class Resolver {
public:
  // The reference implementation's limits, for one address to resolve.
  static constexpr size_t kMaxTexts = 16;   // TXT records looked at under one name
  static constexpr size_t kMaxLookups = 32; // names looked up
  static constexpr size_t kMaxResults = 16; // addresses that come out
  static constexpr std::chrono::seconds kTimeout{10};

  using OnResolved = std::function<void(base::Result<std::vector<Multiaddr>>)>;

  explicit Resolver(std::unique_ptr<NameSource> names);
  ~Resolver(); // calls nobody any more

  [[nodiscard]] static bool needsResolving(const Multiaddr& address);
  // Addresses that begin with an IP. Of `address` with a /p2p/ at its end, only those that end in the same peer or in
  // none. Called back once, from the event loop; an address without a name comes back as it is. Error: no name gave
  // anything, and why.
  void resolve(const Multiaddr& address, OnResolved done);

private:
  struct Job;
  void next(const std::shared_ptr<Job>& job);
  void lookUpTexts(const std::shared_ptr<Job>& job, const Multiaddr& address);
  void lookUpIps(const std::shared_ptr<Job>& job, const Multiaddr& address);
  void finish(const std::shared_ptr<Job>& job);
  std::unique_ptr<NameSource> m_names;
  std::unique_ptr<QObject> m_context;
};

} // namespace univrs::p2p
