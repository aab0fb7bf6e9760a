#include "engine/cluster/join_service.h"

#include "engine/base/log.h"
#include "engine/p2p/framed_stream.h"

#include <QTimer>

#include <utility>

namespace univrs::cluster {

using base::ErrorCode;
using base::makeError;

struct JoinServer::State {
  p2p::Host& host;
  Authority& authority;
  std::function<void(const p2p::PeerId&)> admitted;
};

class JoinServer::Talk final : public p2p::FramedStream {
public:
  Talk(const p2p::OpenedStream& opened, const std::shared_ptr<State>& state)
      : FramedStream(*opened.stream, kMaxJoinRequest, kMaxJoinMessage), m_state(state) {
    m_binding.joiner = opened.peer;
    m_binding.admitter = state->host.id();
    state->host.random().fill(m_binding.admitterNonce);
    m_idle.setSingleShot(true);
    QObject::connect(&m_idle, &QTimer::timeout, &m_idle, [this] { reset(); });
    m_idle.start(kIdle);
    send(encodeChallenge(m_binding.admitterNonce));
  }

private:
  void onMessage(std::span<const uint8_t> message) override {
    const auto state = m_state.lock();
    if (!state || std::exchange(m_asked, true)) {
      return reset(); // one question a stream: a nonce is used once
    }
    const auto request = parseJoinRequest(message);
    if (!request) {
      return answer(JoinRefused{JoinRefused::Code::Other, request.error().text()});
    }
    m_binding.joinerNonce = request->nonce;
    const auto decided = state->authority.admit(*request, m_binding, state->host.now().wall);
    if (!decided) {
      base::log::error("cluster", "a node could not be admitted",
                       {{"peer", m_binding.joiner.text()}, {"why", decided.error().text()}});
      return answer(JoinRefused{JoinRefused::Code::Busy, "the cluster cannot admit anybody just now"});
    }
    answer(*decided);
    if (std::holds_alternative<JoinGranted>(*decided)) {
      state->admitted(m_binding.joiner);
    } else {
      base::log::info("cluster", "a node was not admitted",
                      {{"peer", m_binding.joiner.text()}, {"why", std::get<JoinRefused>(*decided).text}});
    }
  }
  void answer(const JoinAnswer& answer) {
    send(encodeJoinAnswer(answer));
    finish();
  }
  void onFault(const base::Error&) override {}
  void onClosed(const base::Error&) override { m_idle.stop(); }

  std::weak_ptr<State> m_state;
  JoinBinding m_binding;
  bool m_asked = false;
  QTimer m_idle;
};

JoinServer::JoinServer(p2p::Host& host, Authority& authority, std::function<void(const p2p::PeerId&)> admitted)
    : m_state(std::make_shared<State>(State{host, authority, std::move(admitted)})) {
  host.handle(kJoinProtocol, {kStreams, kStreamsPerPeer},
              [weak = std::weak_ptr(m_state)](const p2p::OpenedStream& opened) -> std::unique_ptr<p2p::StreamHandler> {
                const auto state = weak.lock();
                return state ? std::make_unique<Talk>(opened, state) : nullptr;
              });
}

JoinServer::~JoinServer() {
  m_state->host.unhandle(kJoinProtocol);
}

struct JoinClient::State {
  p2p::Host& host;
  // So that what is told later reaches nobody who is gone.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

namespace {
const std::string kNotJoined = "the node did not join";

base::Error refusedError(const JoinRefused& refused) {
  const bool later = refused.code == JoinRefused::Code::Busy || refused.code == JoinRefused::Code::NotHere;
  const bool token = refused.code == JoinRefused::Code::BadToken || refused.code == JoinRefused::Code::Expired ||
                     refused.code == JoinRefused::Code::UsedUp || refused.code == JoinRefused::Code::Revoked;
  return makeError(later ? ErrorCode::Unavailable : ErrorCode::Forbidden, kNotJoined,
                   refused.text.empty() ? "the cluster refused it" : refused.text,
                   token ? "make a new token with \"univrs token create\" on a control node" : "");
}
} // namespace

class JoinClient::Talk final : public p2p::FramedStream {
public:
  Talk(const p2p::OpenedStream& opened, p2p::Host& host, JoinTicket ticket, std::string nodeName,
       std::shared_ptr<bool> alive, Done done)
      : FramedStream(*opened.stream, kMaxJoinMessage, kMaxJoinRequest), m_ticket(std::move(ticket)),
        m_nodeName(std::move(nodeName)), m_alive(std::move(alive)), m_done(std::move(done)) {
    m_binding.joiner = host.id();
    m_binding.admitter = opened.peer;
    host.random().fill(m_binding.joinerNonce);
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
      reset();
      tell(makeError(ErrorCode::Timeout, kNotJoined, m_binding.admitter.text() + " did not answer"));
    });
    m_timer.start(kAnswerTime);
  }

private:
  void onMessage(std::span<const uint8_t> message) override {
    if (!std::exchange(m_challenged, true)) {
      return challenged(message);
    }
    const auto answer = parseJoinAnswer(message);
    finish();
    if (!answer) {
      return tell(makeError(ErrorCode::Corrupt, kNotJoined, answer.error().text()));
    }
    if (const auto* refused = std::get_if<JoinRefused>(&*answer)) {
      return tell(refusedError(*refused));
    }
    tell(checked(std::get<JoinGranted>(*answer)));
  }

  void challenged(std::span<const uint8_t> message) {
    const auto nonce = parseChallenge(message);
    if (!nonce) {
      reset();
      return tell(makeError(ErrorCode::Corrupt, kNotJoined, nonce.error().text()));
    }
    m_binding.admitterNonce = *nonce;
    JoinRequest request;
    if (const auto* token = std::get_if<JoinToken>(&m_ticket)) {
      request.token = token->id;
      m_secret = token->secret;
    } else if (const auto* shared = std::get_if<SharedSecret>(&m_ticket)) {
      const SharedToken derived = tokenOfSharedSecret(shared->secret, Roles(Role::Worker));
      request.token = derived.id;
      m_secret = derived.secret;
    } else {
      request.renewal = true;
    }
    if (m_secret) {
      request.nonce = m_binding.joinerNonce;
      request.proof = proofOfJoiner(*m_secret, m_binding);
      request.nodeName = m_nodeName;
    }
    send(encodeJoinRequest(request));
  }

  // The key is the token's, or the one the node has, or vouched for by the secret; never just the one that is told.
  base::Result<Admission> checked(const JoinGranted& granted) const {
    const auto notTheirs = [](const std::string& why) {
      return makeError(ErrorCode::Corrupt, kNotJoined, "what answered is not the cluster: " + why);
    };
    if (const auto* token = std::get_if<JoinToken>(&m_ticket); token && token->authority != granted.authority) {
      return notTheirs("its key is not the one of the token");
    }
    if (const auto* renewal = std::get_if<Renewal>(&m_ticket); renewal && renewal->authority != granted.authority) {
      return notTheirs("its key is another one now");
    }
    if (m_secret &&
        !same(granted.proof, proofOfAdmitter(*m_secret, m_binding, granted.authority, granted.certificate))) {
      return notTheirs("it does not hold the secret");
    }
    const auto certificate = openCertificate(granted.authority, granted.certificate);
    if (!certificate) {
      return notTheirs(certificate.error().text());
    }
    if (certificate->peer != m_binding.joiner) {
      return notTheirs("the certificate is another node's");
    }
    if (!granted.revocations.empty()) {
      if (const auto list = openRevocations(granted.authority, granted.revocations); !list) {
        return notTheirs(list.error().text());
      }
    }
    return Admission{granted.authority, granted.certificate, granted.revocations, m_binding.admitter};
  }

  void tell(const base::Result<Admission>& result) {
    m_timer.stop();
    if (auto done = std::exchange(m_done, nullptr); done && *m_alive) {
      done(result);
    }
  }
  void onFault(const base::Error& error) override { tell(makeError(ErrorCode::Corrupt, kNotJoined, error.text())); }
  void onFinished() override {
    finish();
    tell(makeError(ErrorCode::Unavailable, kNotJoined, m_binding.admitter.text() + " ended the talk"));
  }
  void onClosed(const base::Error& error) override {
    tell(makeError(ErrorCode::Unavailable, kNotJoined, error.text()));
  }

  JoinTicket m_ticket;
  std::string m_nodeName;
  std::shared_ptr<bool> m_alive;
  Done m_done;
  JoinBinding m_binding;
  std::optional<TokenSecret> m_secret;
  bool m_challenged = false;
  QTimer m_timer;
};

JoinClient::JoinClient(p2p::Host& host) : m_state(std::make_shared<State>(State{host})) {}

JoinClient::~JoinClient() {
  *m_state->alive = false;
}

void JoinClient::ask(const p2p::AddrInfo& at, JoinTicket ticket, std::string nodeName, Done done) {
  const auto alive = m_state->alive;
  auto& host = m_state->host;
  host.connect(at, [alive, &host, ticket = std::move(ticket), nodeName = std::move(nodeName),
                    done = std::move(done)](const base::Result<p2p::ConnectionInfo>& connected) mutable {
    if (!*alive) {
      return;
    }
    if (!connected) {
      return done(connected.error());
    }
    p2p::OpenOptions options;
    options.dial = false;
    options.allowLimited = true; // a join is small
    host.open(connected->peer, {kJoinProtocol}, options,
              [alive, &host, ticket = std::move(ticket), nodeName = std::move(nodeName),
               done = std::move(done)](base::Result<p2p::OpenedStream> opened) mutable {
                if (!opened) {
                  if (*alive) {
                    const bool unspoken = opened.error().code == ErrorCode::Unsupported;
                    done(unspoken
                             ? makeError(ErrorCode::Unavailable, kNotJoined, "the node that was asked admits nobody",
                                         "ask the node where the token was made")
                             : opened.error());
                  }
                  return;
                }
                if (!*alive) {
                  opened->stream->reset();
                  return;
                }
                opened->stream->attach(std::make_unique<Talk>(*opened, host, std::move(ticket), std::move(nodeName),
                                                              alive, std::move(done)));
              });
  });
}

} // namespace univrs::cluster
