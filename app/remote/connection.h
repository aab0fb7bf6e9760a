// The way to one node: its URL, token and TLS settings, HTTP requests, and the requests WebSockets open with.
#pragma once

#include "app/remote/remote_engine.h"

#include <QAbstractSocket>
#include <QByteArray>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QObject>
#include <QSslConfiguration>
#include <QUrl>
#include <QUrlQuery>

#include <functional>
#include <optional>
#include <string>

class QNetworkAccessManager;
class QNetworkReply;
class QWebSocket;

namespace univrs::remote {

// Its QObject::destroyed ends what was made with it (watches, log streams, sessions).
class Connection final : public QObject {
public:
  using Done = std::function<void(base::Result<QJsonObject>)>;

  explicit Connection(RemoteOptions options);
  ~Connection() override;

  //! GET /api<path>; `done` is called once, later, unless this is destroyed before. Error answers become errors, except
  //! those with a status in `alsoFine`.
  void get(const QString& path, const QUrlQuery& query, Done done, std::initializer_list<int> alsoFine = {});
  //! POST /api<path> with a JSON body.
  //! It may take `timeoutMs`, or what the options say when that is longer.
  void post(const QString& path, const QUrlQuery& query, const QJsonObject& body, Done done, int timeoutMs = 0);
  //! GET <path> outside /api (health).
  void getPlain(const QString& path, Done done, std::initializer_list<int> alsoFine = {});

  //! The request a WebSocket opens /…<path> with. Nothing and `error` when the options are no good.
  [[nodiscard]] std::optional<QNetworkRequest> socketRequest(const QString& path, const QUrlQuery& query,
                                                             base::Error& error) const;
  void prepare(QWebSocket& socket) const; // TLS and proxy

  //! What a failed socket means for a person.
  [[nodiscard]] base::Error explain(QAbstractSocket::SocketError code, const QString& text) const;
  [[nodiscard]] base::Error timedOut(const std::string& what) const;

  [[nodiscard]] const RemoteOptions& options() const { return m_options; }
  [[nodiscard]] std::string where() const; // host:port

private:
  void send(const QByteArray& method, const QUrl& url, const QByteArray& body, Done done, std::vector<int> alsoFine,
            int timeoutMs = 0);
  void finish(QNetworkReply* reply, const Done& done, const std::vector<int>& alsoFine);
  void later(Done done, base::Error error);
  [[nodiscard]] QUrl urlOf(const QString& path, const QUrlQuery& query) const;
  [[nodiscard]] bool isLoopback() const;

  RemoteOptions m_options;
  QUrl m_base;
  std::optional<base::Error> m_setupError;
  std::optional<QSslConfiguration> m_ssl;
  QNetworkAccessManager* m_manager = nullptr; // deleted later: a reply of it may be calling us
  int m_inFlight = 0;
};

//! One segment of a path.
QString segment(const std::string& text);

} // namespace univrs::remote
