// The host's streams: what each is for, and who gets it.
#include "engine/p2p/host_core.h"
#include "engine/p2p/host_link.h"
#include "engine/p2p/negotiation.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

using base::ErrorCode;
using base::makeError;

// A stream's place in the limits, kept by the stream itself.
namespace {
std::shared_ptr<void> asKept(Reservation place) {
  return std::make_shared<Reservation>(std::move(place));
}
} // namespace

void HostCore::inboundStream(Link& link, Stream& stream) {
  const PeerId peer = link.info().peer;
  auto place = m_resources.stream(peer, true);
  if (!place || link.isRefused()) {
    stream.reset();
    return;
  }
  stream.keep(asKept(std::move(*place)));
  const uint64_t id = m_nextProposed++;
  m_proposed[id] = {&stream, now().steady + kNegotiationTime};
  // Handlers are destroyed late: the last of them may find the host gone.
  stream.attach(std::make_unique<InboundNegotiation>(
      stream, [this](const std::string& protocol) { return m_protocols.contains(protocol); },
      [this, peer](Stream& s, const std::string& protocol) { inboundAgreed(s, peer, protocol); },
      [this, id, alive = QPointer<QObject>(m_context.get())] {
        if (alive) {
          m_proposed.erase(id);
        }
      }));
}

void HostCore::inboundAgreed(Stream& stream, const PeerId& peer, const std::string& protocol) {
  const auto it = m_protocols.find(protocol);
  if (it == m_protocols.end()) {
    stream.reset();
    return;
  }
  auto place = m_resources.protocolStream(protocol, it->second.limits, peer);
  if (!place) {
    stream.reset();
    return;
  }
  stream.keep(asKept(std::move(*place)));
  const ProtocolAcceptor acceptor = it->second.acceptor; // it may be taken away inside
  auto handler = acceptor({&stream, peer, protocol});
  if (handler) {
    stream.attach(std::move(handler));
  } else {
    stream.reset();
  }
}

// Peers that open streams and then say nothing.
void HostCore::dropSilent(base::Monotonic now) {
  std::vector<Stream*> silent;
  for (const auto& [id, proposed] : m_proposed) {
    if (proposed.deadline <= now) {
      silent.push_back(proposed.stream);
    }
  }
  std::erase_if(m_proposed, [now](const auto& item) { return item.second.deadline <= now; });
  for (Stream* stream : silent) {
    stream->reset();
  }
}

struct HostCore::OpenRequest {
  PeerId peer;
  std::vector<std::string> protocols;
  OpenOptions options;
  std::function<void(base::Result<OpenedStream>)> done; // empty once it was called
  Stream* stream = nullptr;                             // while it is being agreed on
  QTimer timer;
};

void HostCore::open(const PeerId& peer, std::vector<std::string> protocols, OpenOptions options,
                    std::function<void(base::Result<OpenedStream>)> done) {
  auto request = std::make_shared<OpenRequest>();
  request->peer = peer;
  request->protocols = std::move(protocols);
  request->options = options;
  request->done = std::move(done);
  request->timer.setSingleShot(true);
  QObject::connect(&request->timer, &QTimer::timeout, m_context.get(), [this, weak = std::weak_ptr(request)] {
    const auto alive = weak.lock();
    if (!alive) {
      return;
    }
    if (Stream* stream = std::exchange(alive->stream, nullptr)) {
      stream->reset();
    }
    openEnded(alive, makeError(ErrorCode::Timeout, "no stream to " + alive->peer.text() + " was opened",
                               "the peer did not answer in time"));
    later([alive] {}); // its timer must not die in its own signal
  });
  request->timer.start(options.timeout);
  later([this, request] {
    if (request->done) {
      openOn(request);
    }
  });
}

void HostCore::openEnded(const std::shared_ptr<OpenRequest>& request, base::Result<OpenedStream> result) {
  request->timer.stop();
  request->stream = nullptr;
  if (const auto done = std::exchange(request->done, nullptr)) {
    done(std::move(result));
  }
}

void HostCore::openOn(const std::shared_ptr<OpenRequest>& request) {
  if (request->protocols.empty()) {
    openEnded(request, makeError(ErrorCode::Internal, "no stream was opened", "no protocol was asked for"));
    return;
  }
  Link* link = bestLink(request->peer, request->options.allowLimited);
  if (link == nullptr) {
    connectThenOpen(request);
    return;
  }
  auto place = m_resources.stream(request->peer, false);
  if (!place) {
    openEnded(request, place.error());
    return;
  }
  auto stream = link->connection().openStream();
  if (!stream) {
    openEnded(request, stream.error());
    return;
  }
  (*stream)->keep(asKept(std::move(*place)));
  // What the peer is known to speak goes first: a refused name costs a round trip.
  std::vector<std::string> names = request->protocols;
  std::stable_partition(names.begin(), names.end(),
                        [&](const std::string& name) { return m_peers.speaks(request->peer, name); });
  request->stream = *stream;
  auto talk = std::make_unique<OutboundNegotiation>(
      **stream, std::move(names), [this, request](Stream& s, base::Result<std::string> protocol) {
        if (!protocol) {
          base::Error error = std::move(protocol).error();
          error.what = "no stream to " + request->peer.text() + " was opened: " + error.what;
          openEnded(request, std::move(error));
          return;
        }
        if (!request->done) {
          s.reset();
          return;
        }
        openEnded(request, OpenedStream{&s, request->peer, *protocol});
      });
  OutboundNegotiation* begins = talk.get();
  (*stream)->attach(std::move(talk));
  begins->begin();
}

void HostCore::connectThenOpen(const std::shared_ptr<OpenRequest>& request) {
  if (!request->options.dial) {
    const bool limited = isConnected(request->peer);
    openEnded(request, makeError(ErrorCode::Unavailable, "no stream to " + request->peer.text() + " was opened",
                                 limited ? "it is connected over a relay only" : "it is not connected"));
    return;
  }
  // Who is connected is so only over a relay that allows too little.
  m_dialer->dial(
      {request->peer, {}}, isConnected(request->peer), [this, request](const base::Result<ConnectionInfo>& got) {
        if (!request->done) {
          return; // too late
        }
        if (!got) {
          openEnded(request, got.error());
        } else if (bestLink(request->peer, request->options.allowLimited) == nullptr) {
          openEnded(request, makeError(ErrorCode::Unavailable, "no stream to " + request->peer.text() + " was opened",
                                       "the connection to it was closed again"));
        } else {
          openOn(request);
        }
      });
}

} // namespace univrs::p2p
