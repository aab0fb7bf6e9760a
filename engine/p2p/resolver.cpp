#include "engine/p2p/resolver.h"

#include <QDnsLookup>
#include <QHostAddress>
#include <QHostInfo>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <deque>
#include <set>

namespace univrs::p2p {

namespace {

using base::ErrorCode;
using base::makeError;

constexpr std::string_view kTextPrefix = "dnsaddr=";

bool isName(AddrCode code) {
  return code == AddrCode::Dns || code == AddrCode::Dns4 || code == AddrCode::Dns6 || code == AddrCode::Dnsaddr;
}

// What stands behind a dnsaddr name must be the end of the address found (dnsaddr spec); a peer id asked for may also
// be absent there.
bool endsAs(const Multiaddr& found, const Multiaddr& asked) {
  const auto& wanted = asked.parts();
  const auto& have = found.parts();
  if (wanted.size() == 2 && wanted[1].code == AddrCode::P2p && !found.peer()) {
    return true;
  }
  return wanted.size() - 1 <= have.size() &&
         std::equal(wanted.begin() + 1, wanted.end(), have.end() - ptrdiff_t(wanted.size() - 1));
}

} // namespace

void SystemNames::ips(const std::string& name, QObject* context, OnIps done) {
  QHostInfo::lookupHost(QString::fromStdString(name), context, [done = std::move(done), name](const QHostInfo& info) {
    if (info.error() != QHostInfo::NoError) {
      done(makeError(ErrorCode::Unavailable, name + " was not found", info.errorString().toStdString(),
                     "Check the name and the name server"));
      return;
    }
    std::vector<std::string> out;
    for (const QHostAddress& a : info.addresses()) {
      if (a.scopeId().isEmpty()) {
        out.push_back(a.toString().toStdString());
      }
    }
    done(std::move(out));
  });
}

void SystemNames::texts(const std::string& name, QObject* context, OnTexts done) {
  auto* lookup = new QDnsLookup(QDnsLookup::TXT, QString::fromStdString(name), context);
  QObject::connect(lookup, &QDnsLookup::finished, context, [lookup, name, done = std::move(done)] {
    lookup->deleteLater();
    if (lookup->error() != QDnsLookup::NoError) {
      done(makeError(ErrorCode::Unavailable, name + " was not found", lookup->errorString().toStdString(),
                     "Check the name and the name server"));
      return;
    }
    std::vector<std::string> out;
    for (const QDnsTextRecord& record : lookup->textRecords()) {
      // One record may be cut into strings of 255 bytes.
      QByteArray whole;
      for (const QByteArray& part : record.values()) {
        whole += part;
      }
      out.push_back(whole.toStdString());
    }
    done(std::move(out));
  });
  lookup->lookup();
}

// One address under way. Lookups come one after another, so that the limits hold whatever the answers are.
struct Resolver::Job {
  Multiaddr asked;
  std::deque<Multiaddr> open;
  std::set<Multiaddr> seen;
  std::vector<Multiaddr> results;
  std::optional<base::Error> fault;
  size_t lookups = 0;
  bool over = false;
  OnResolved done;
};

Resolver::Resolver(std::unique_ptr<NameSource> names)
    : m_names(std::move(names)), m_context(std::make_unique<QObject>()) {}

Resolver::~Resolver() = default;

bool Resolver::needsResolving(const Multiaddr& address) {
  return !address.empty() && isName(address.parts().front().code);
}

void Resolver::resolve(const Multiaddr& address, OnResolved done) {
  auto job = std::make_shared<Job>();
  job->asked = address;
  job->open.push_back(address);
  job->done = std::move(done);
  QTimer::singleShot(kTimeout, m_context.get(), [this, job] { finish(job); });
  QMetaObject::invokeMethod(
      m_context.get(), [this, job] { next(job); }, Qt::QueuedConnection);
}

void Resolver::next(const std::shared_ptr<Job>& job) {
  while (!job->over) {
    if (job->open.empty() || job->results.size() >= kMaxResults) {
      finish(job);
      return;
    }
    const Multiaddr address = job->open.front();
    job->open.pop_front();
    if (!job->seen.insert(address).second) {
      continue;
    }
    if (!needsResolving(address)) {
      job->results.push_back(address);
      continue;
    }
    if (job->lookups++ >= kMaxLookups) {
      finish(job);
      return;
    }
    if (address.parts().front().code == AddrCode::Dnsaddr) {
      lookUpTexts(job, address);
    } else {
      lookUpIps(job, address);
    }
    return;
  }
}

void Resolver::lookUpTexts(const std::shared_ptr<Job>& job, const Multiaddr& address) {
  const std::string name = "_dnsaddr." + address.parts().front().value;
  m_names->texts(name, m_context.get(), [this, job, address](base::Result<std::vector<std::string>> texts) {
    if (!texts) {
      job->fault = texts.error();
    } else {
      texts->resize(std::min(texts->size(), kMaxTexts));
      for (const std::string& text : *texts) {
        if (!text.starts_with(kTextPrefix)) {
          continue;
        }
        auto found = Multiaddr::fromText(std::string_view(text).substr(kTextPrefix.size()));
        if (found && endsAs(*found, address)) {
          job->open.push_back(std::move(*found));
        }
      }
    }
    next(job);
  });
}

void Resolver::lookUpIps(const std::shared_ptr<Job>& job, const Multiaddr& address) {
  m_names->ips(address.parts().front().value, m_context.get(),
               [this, job, address](base::Result<std::vector<std::string>> ips) {
                 const AddrCode kind = address.parts().front().code;
                 if (!ips) {
                   job->fault = ips.error();
                 } else {
                   size_t taken = 0;
                   for (const std::string& ip : *ips) {
                     const bool is6 = ip.find(':') != std::string::npos;
                     if ((is6 && kind == AddrCode::Dns4) || (!is6 && kind == AddrCode::Dns6) || taken >= kMaxResults) {
                       continue;
                     }
                     if (Multiaddr found = address.withIp(ip); !found.empty()) {
                       job->open.push_back(std::move(found));
                       ++taken;
                     }
                   }
                 }
                 next(job);
               });
}

void Resolver::finish(const std::shared_ptr<Job>& job) {
  if (std::exchange(job->over, true)) {
    return;
  }
  const OnResolved done = std::exchange(job->done, nullptr);
  if (job->results.size() > kMaxResults) {
    job->results.resize(kMaxResults);
  }
  if (!job->results.empty()) {
    done(std::move(job->results));
    return;
  }
  done(job->fault ? *job->fault
                  : makeError(ErrorCode::NotFound, job->asked.text() + " leads nowhere",
                              "its name gave no address in time that can be used",
                              "Check the name's A, AAAA or _dnsaddr TXT records"));
}

} // namespace univrs::p2p
