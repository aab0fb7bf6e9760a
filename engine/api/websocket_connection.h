// One WebSocket: Beast below, a SocketApp above, a bounded write queue between. Included by connection.cpp only.
#pragma once

#include "engine/api/server_state.h"
#include "engine/base/log.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <utility>

namespace univrs::api {

inline constexpr size_t kMaxSocketQueueBytes = 256u << 20; // the last resort; every kind of stream has a lower one
inline constexpr size_t kMaxCloseReasonBytes = 120;

template <class Stream>
class WebSocketConnection final : public Channel,
                                  public LiveConnection,
                                  public std::enable_shared_from_this<WebSocketConnection<Stream>> {
public:
  using Upgrade = boost::beast::http::request<boost::beast::http::string_body>;

  WebSocketConnection(Stream stream, std::shared_ptr<ServerState> state, Slot slot, std::shared_ptr<SocketApp> app)
      : m_state(std::move(state)), m_slot(std::move(slot)), m_app(std::move(app)), m_ws(std::move(stream)),
        m_ticker(m_ws.get_executor()) {
    m_state->live.insert(this);
    countSockets(1);
  }
  ~WebSocketConnection() override {
    finish();
    m_state->live.erase(this);
    countSockets(-1);
  }
  WebSocketConnection(const WebSocketConnection&) = delete;
  WebSocketConnection& operator=(const WebSocketConnection&) = delete;

  void accept(Upgrade upgrade, std::string protocol) {
    namespace websocket = boost::beast::websocket;
    m_upgrade = std::move(upgrade);
    boost::beast::get_lowest_layer(m_ws).expires_never();
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = std::chrono::seconds(10);
    timeouts.idle_timeout = m_state->config.limits.webSocketIdle;
    timeouts.keep_alive_pings = true;
    m_ws.set_option(timeouts);
    m_ws.read_message_max(kMaxSocketMessageBytes);
    m_ws.set_option(
        websocket::stream_base::decorator([protocol = std::move(protocol)](websocket::response_type& response) {
          if (!protocol.empty()) {
            response.set(boost::beast::http::field::sec_websocket_protocol, protocol);
          }
        }));
    m_ws.async_accept(m_upgrade, [self = this->shared_from_this()](boost::beast::error_code failed) {
      if (failed) {
        return self->finish();
      }
      self->m_open = true;
      self->m_app->opened(*self);
      self->read();
    });
  }

  void sendText(std::string text) override { enqueue({std::move(text), false}); }
  void sendBinary(std::string bytes) override { enqueue({std::move(bytes), true}); }
  [[nodiscard]] size_t queuedBytes() const override { return m_queuedBytes; }

  size_t dropQueued() override {
    while (m_queue.size() > (m_writing ? 1u : 0u)) {
      m_queuedBytes -= m_queue.back().bytes.size();
      m_queue.pop_back();
    }
    return m_queue.size();
  }

  void close(uint16_t code, std::string_view reason) override {
    if (m_closing || !m_open) {
      return;
    }
    m_closing = true;
    m_closeCode = code;
    m_closeReason = std::string(reason.substr(0, kMaxCloseReasonBytes));
    if (m_queue.empty()) {
      sendClose();
    }
  }

  void pauseReceiving(bool paused) override {
    m_paused = paused;
    if (paused) {
      m_self = m_open ? this->shared_from_this() : nullptr; // no read under way may be holding it
      return;
    }
    const auto self = std::move(m_self);
    if (m_open && !m_reading) {
      read();
    }
  }

  void startTicking(std::chrono::milliseconds period) override {
    m_ticker.expires_after(period);
    m_ticker.async_wait([weak = this->weak_from_this(), period](boost::beast::error_code failed) {
      const auto self = weak.lock();
      if (!failed && self && self->m_open && !self->m_closing) {
        self->m_app->tick();
        self->startTicking(period);
      }
    });
  }

  void shutDown() override {
    if (!m_open || m_closing) {
      boost::beast::error_code ignored;
      boost::beast::get_lowest_layer(m_ws).socket().close(ignored);
      return;
    }
    dropQueued();
    close(1001, "the node is shutting down");
  }

  void leave() override {
    if (m_open && !m_closing) {
      dropQueued();
      close(1001, "the node is restarting");
    }
  }

private:
  struct Message {
    std::string bytes;
    bool binary = false;
  };

  void countSockets(int by) {
    m_state->webSockets += by;
    if (m_state->metrics != nullptr) {
      m_state->metrics->gauge("univrs_http_websockets", m_state->webSockets);
    }
  }

  // The connection is over; the app hears of it once.
  void finish() {
    m_ticker.cancel();
    const auto self = std::move(m_self);
    if (std::exchange(m_open, false)) {
      m_app->closed();
    }
  }

  void read() {
    if (m_paused || m_reading || !m_open) {
      return;
    }
    m_reading = true;
    m_ws.async_read(m_buffer, [self = this->shared_from_this()](boost::beast::error_code failed, size_t) {
      self->m_reading = false;
      if (failed) {
        return self->finish();
      }
      std::string message = boost::beast::buffers_to_string(self->m_buffer.data());
      self->m_buffer.consume(self->m_buffer.size());
      if (self->m_open && !self->m_closing) {
        self->m_app->received(std::move(message), self->m_ws.got_binary());
      }
      self->read();
    });
  }

  void enqueue(Message message) {
    if (!m_open || m_closing) {
      return;
    }
    m_queuedBytes += message.bytes.size();
    m_queue.push_back(std::move(message));
    if (m_queuedBytes > kMaxSocketQueueBytes) {
      base::log::warning("api", "a WebSocket was dropped: its client does not read");
      boost::beast::error_code ignored;
      boost::beast::get_lowest_layer(m_ws).socket().close(ignored);
      return;
    }
    if (!m_writing) {
      write();
    }
  }

  void write() {
    m_writing = true;
    m_ws.binary(m_queue.front().binary);
    m_ws.async_write(
        boost::asio::buffer(m_queue.front().bytes),
        [self = this->shared_from_this()](boost::beast::error_code failed, size_t) { self->written(failed); });
  }

  void written(boost::beast::error_code failed) {
    m_writing = false;
    m_queuedBytes -= m_queue.front().bytes.size();
    m_queue.pop_front();
    if (failed) {
      m_queue.clear();
      m_queuedBytes = 0;
      return finish();
    }
    if (m_open) {
      m_app->sent();
    }
    if (m_queue.empty() && m_open && !m_closing) {
      m_app->drained();
    }
    if (m_writing) {
      return; // the app has sent something meanwhile
    }
    if (!m_queue.empty()) {
      write();
    } else if (m_closing) {
      sendClose();
    }
  }

  void sendClose() {
    if (std::exchange(m_closeSent, true)) {
      return;
    }
    m_ws.async_close({boost::beast::websocket::close_code(m_closeCode), m_closeReason},
                     [self = this->shared_from_this()](boost::beast::error_code) { self->finish(); });
  }

  std::shared_ptr<ServerState> m_state;
  Slot m_slot;
  std::shared_ptr<SocketApp> m_app;
  std::shared_ptr<WebSocketConnection> m_self; // set while receiving is paused
  boost::beast::websocket::stream<Stream> m_ws;
  boost::asio::steady_timer m_ticker;
  Upgrade m_upgrade;
  boost::beast::flat_buffer m_buffer;
  std::deque<Message> m_queue;
  size_t m_queuedBytes = 0;
  bool m_open = false;
  bool m_reading = false;
  bool m_paused = false;
  bool m_writing = false;
  bool m_closing = false;
  bool m_closeSent = false;
  uint16_t m_closeCode = 1000;
  std::string m_closeReason;
};

} // namespace univrs::api
