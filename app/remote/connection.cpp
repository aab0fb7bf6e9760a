#include "app/remote/connection.h"

#include "app/remote/json_read.h"

#include <QFile>
#include <QHostAddress>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QPointer>
#include <QSslCertificate>
#include <QTimer>
#include <QWebSocket>

#include <algorithm>

namespace univrs::remote {

using base::ErrorCode;
using base::makeError;

namespace {
constexpr const char* kTimedOut = "univrsTimedOut";
constexpr const char* kTooLong = "univrsTooLong";
constexpr const char* kTlsFault = "univrsTlsFault";
} // namespace

QString segment(const std::string& text) {
  return QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(text)));
}

Connection::Connection(RemoteOptions options) : m_options(std::move(options)) {
  QString text = QString::fromStdString(m_options.url).trimmed();
  if (!text.contains(QLatin1String("://"))) {
    text.prepend(QLatin1String("http://"));
  }
  m_base = QUrl(text, QUrl::StrictMode);
  const QString scheme = m_base.scheme();
  if (!m_base.isValid() || m_base.host().isEmpty() ||
      (scheme != QLatin1String("http") && scheme != QLatin1String("https"))) {
    m_setupError = makeError(ErrorCode::BadRequest, "\"" + m_options.url + "\" is no address of a node", {},
                             "Write it as http://HOST:PORT or https://HOST:PORT");
    return;
  }
  if (m_base.port() < 0) {
    m_base.setPort(scheme == QLatin1String("https") ? 443 : 80);
  }
  if (m_options.token.find_first_of("\r\n") != std::string::npos) {
    m_setupError =
        makeError(ErrorCode::BadRequest, "The token is not one line", {}, "Give the file the node wrote: api.token");
    return;
  }
  if (scheme == QLatin1String("https")) {
    QSslConfiguration ssl = QSslConfiguration::defaultConfiguration();
    if (!m_options.caFile.empty()) {
      QFile file(QString::fromStdString(m_options.caFile));
      const auto certificates =
          file.open(QIODevice::ReadOnly) ? QSslCertificate::fromDevice(&file, QSsl::Pem) : QList<QSslCertificate>();
      if (certificates.isEmpty()) {
        m_setupError = makeError(ErrorCode::BadRequest, "No certificate was read from " + m_options.caFile,
                                 file.isOpen() ? "the file holds none in PEM form" : file.errorString().toStdString());
        return;
      }
      ssl.setCaCertificates(certificates);
    }
    if (m_options.insecure) {
      ssl.setPeerVerifyMode(QSslSocket::VerifyNone);
    }
    m_ssl = ssl;
  }
  m_manager = new QNetworkAccessManager;
  m_manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy); // the token goes to this node only
  if (isLoopback()) {
    m_manager->setProxy(QNetworkProxy::NoProxy);
  }
}

Connection::~Connection() {
  if (m_manager != nullptr) {
    const auto replies = m_manager->findChildren<QNetworkReply*>();
    for (QNetworkReply* reply : replies) {
      reply->disconnect(this);
    }
    m_manager->deleteLater(); // ends its replies too
  }
}

std::string Connection::where() const {
  const QString host = m_base.host();
  const bool v6 = host.contains(QLatin1Char(':'));
  return ((v6 ? QLatin1Char('[') + host + QLatin1Char(']') : host) + QLatin1Char(':') + QString::number(m_base.port()))
      .toStdString();
}

bool Connection::isLoopback() const {
  const QString host = m_base.host();
  return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

QUrl Connection::urlOf(const QString& path, const QUrlQuery& query) const {
  QUrl url = m_base;
  QString prefix = m_base.path(QUrl::FullyEncoded);
  while (prefix.endsWith(QLatin1Char('/'))) {
    prefix.chop(1);
  }
  url.setPath(prefix + path, QUrl::TolerantMode);
  if (!query.isEmpty()) {
    url.setQuery(query);
  }
  return url;
}

void Connection::get(const QString& path, const QUrlQuery& query, Done done, std::initializer_list<int> alsoFine) {
  send("GET", urlOf(QLatin1String("/api") + path, query), {}, std::move(done), alsoFine);
}

void Connection::getPlain(const QString& path, Done done, std::initializer_list<int> alsoFine) {
  send("GET", urlOf(path, {}), {}, std::move(done), alsoFine);
}

void Connection::post(const QString& path, const QUrlQuery& query, const QJsonObject& body, Done done, int timeoutMs) {
  send("POST", urlOf(QLatin1String("/api") + path, query), QJsonDocument(body).toJson(QJsonDocument::Compact),
       std::move(done), {}, timeoutMs);
}

void Connection::later(Done done, base::Error error) {
  QTimer::singleShot(0, this, [done = std::move(done), error = std::move(error)] { done(error); });
}

void Connection::send(const QByteArray& method, const QUrl& url, const QByteArray& body, Done done,
                      std::vector<int> alsoFine, int timeoutMs) {
  if (m_setupError) {
    later(std::move(done), *m_setupError);
    return;
  }
  if (m_inFlight >= kMaxRequestsInFlight) {
    later(std::move(done), makeError(ErrorCode::RateLimited, "Too many requests are under way",
                                     std::to_string(m_inFlight) + " wait for " + where(), "Try again in a moment"));
    return;
  }
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setRawHeader("Accept", "application/json");
  request.setRawHeader("User-Agent", "univrs/" UNIVRS_VERSION);
  if (!m_options.token.empty()) {
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_options.token));
  }
  if (m_ssl) {
    request.setSslConfiguration(*m_ssl);
  }
  QNetworkReply* reply = nullptr;
  if (method == "GET") {
    reply = m_manager->get(request);
  } else {
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    reply = m_manager->sendCustomRequest(request, method, body);
  }
  ++m_inFlight;
  if (m_options.insecure) {
    reply->ignoreSslErrors();
  }
  auto* alarm = new QTimer(reply);
  alarm->setSingleShot(true);
  connect(alarm, &QTimer::timeout, reply, [reply] {
    reply->setProperty(kTimedOut, true);
    reply->abort();
  });
  alarm->start(std::max({1, m_options.timeoutMs, timeoutMs}));
  connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 received, qint64) {
    if (received > kMaxResponseBytes) {
      reply->setProperty(kTooLong, true);
      reply->abort();
    }
  });
  connect(reply, &QNetworkReply::sslErrors, reply, [reply](const QList<QSslError>& faults) {
    if (!faults.isEmpty()) {
      reply->setProperty(kTlsFault, faults.first().errorString());
    }
  });
  connect(reply, &QNetworkReply::finished, this,
          [this, reply, done = std::move(done), alsoFine = std::move(alsoFine)] { finish(reply, done, alsoFine); });
}

base::Error Connection::timedOut(const std::string& what) const {
  return makeError(ErrorCode::Timeout, what, where() + " did not answer in time",
                   "Is the node busy or the network slow? Try again, or give it longer with --timeout");
}

base::Error Connection::explain(QAbstractSocket::SocketError code, const QString& text) const {
  const std::string none = "No Univrs node answers at " + where();
  const std::string start = "Start one: univrs up --headless";
  const std::string url = "Check the address given with --to";
  switch (code) {
  case QAbstractSocket::ConnectionRefusedError:
    return makeError(ErrorCode::Unavailable, none, "connection refused", isLoopback() ? start : url);
  case QAbstractSocket::HostNotFoundError:
    return makeError(ErrorCode::Unavailable, none, "the name " + m_base.host().toStdString() + " is not known", url);
  case QAbstractSocket::SocketTimeoutError:
    return timedOut(none);
  case QAbstractSocket::RemoteHostClosedError:
    return makeError(ErrorCode::Unavailable, "The connection to " + where() + " ended", "the other side closed it",
                     "Is it a Univrs node, and does it need https?");
  case QAbstractSocket::SslHandshakeFailedError:
    return makeError(ErrorCode::Unavailable, "The certificate of " + where() + " was not accepted", text.toStdString(),
                     "Name the authority that signed it with --ca-file FILE");
  default:
    return makeError(ErrorCode::Unavailable, none, text.toStdString(), isLoopback() ? start : url);
  }
}

void Connection::finish(QNetworkReply* reply, const Done& done, const std::vector<int>& alsoFine) {
  --m_inFlight;
  reply->deleteLater();
  const Done call = done; // the reply that owns `done` may go while it runs
  const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  if (reply->property(kTimedOut).toBool()) {
    call(timedOut("The request was given up"));
    return;
  }
  if (reply->property(kTooLong).toBool() || reply->bytesAvailable() > kMaxResponseBytes) {
    call(makeError(ErrorCode::TooLarge, "The answer of " + where() + " is too long",
                   "more than " + std::to_string(kMaxResponseBytes >> 20) + " MiB",
                   "Ask for less, as with --tail or a filter"));
    return;
  }
  if (status == 0) {
    QAbstractSocket::SocketError code = QAbstractSocket::UnknownSocketError;
    QString text = reply->errorString();
    switch (reply->error()) {
    case QNetworkReply::ConnectionRefusedError:
      code = QAbstractSocket::ConnectionRefusedError;
      break;
    case QNetworkReply::HostNotFoundError:
      code = QAbstractSocket::HostNotFoundError;
      break;
    case QNetworkReply::TimeoutError:
      code = QAbstractSocket::SocketTimeoutError;
      break;
    case QNetworkReply::RemoteHostClosedError:
      code = QAbstractSocket::RemoteHostClosedError;
      break;
    case QNetworkReply::SslHandshakeFailedError:
      code = QAbstractSocket::SslHandshakeFailedError;
      if (reply->property(kTlsFault).isValid()) {
        text = reply->property(kTlsFault).toString();
      }
      break;
    default:
      break;
    }
    call(explain(code, text));
    return;
  }
  const QByteArray body = reply->readAll();
  const bool fine =
      (status >= 200 && status < 300) || std::find(alsoFine.begin(), alsoFine.end(), status) != alsoFine.end();
  if (!fine) {
    if (status >= 300 && status < 400) {
      call(makeError(ErrorCode::Unavailable, where() + " sends its callers elsewhere",
                     reply->rawHeader("Location").toStdString(), "Give that address with --to"));
      return;
    }
    call(errorFromBody(status, body));
    return;
  }
  if (reply->error() == QNetworkReply::RemoteHostClosedError) {
    call(makeError(ErrorCode::Unavailable, "The connection to " + where() + " ended in the middle of an answer"));
    return;
  }
  if (body.isEmpty()) {
    call(QJsonObject());
    return;
  }
  QJsonParseError fault;
  const QJsonDocument document = QJsonDocument::fromJson(body, &fault);
  if (!document.isObject()) {
    call(badAnswer(fault.error == QJsonParseError::NoError ? "not a JSON object" : fault.errorString().toStdString()));
    return;
  }
  call(document.object());
}

std::optional<QNetworkRequest> Connection::socketRequest(const QString& path, const QUrlQuery& query,
                                                         base::Error& error) const {
  if (m_setupError) {
    error = *m_setupError;
    return std::nullopt;
  }
  QUrl url = urlOf(path, query);
  url.setScheme(m_base.scheme() == QLatin1String("https") ? QStringLiteral("wss") : QStringLiteral("ws"));
  QNetworkRequest request(url);
  request.setRawHeader("User-Agent", "univrs/" UNIVRS_VERSION);
  if (!m_options.token.empty()) {
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_options.token));
  }
  return request;
}

void Connection::prepare(QWebSocket& socket) const {
  if (m_ssl) {
    socket.setSslConfiguration(*m_ssl);
  }
  if (isLoopback()) {
    socket.setProxy(QNetworkProxy::NoProxy);
  }
}

} // namespace univrs::remote
