#include "app/gui/token_store.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>
#include <qt6keychain/keychain.h>

#include <type_traits>
#include <utility>

namespace univrs::gui {
namespace {

class Said {
  Q_DECLARE_TR_FUNCTIONS(TokenStore)
public:
  static base::Error error(base::ErrorCode code, const QString& what, const QString& why, const QString& hint) {
    return base::makeError(code, what.toStdString(), why.toStdString(), hint.toStdString());
  }
};

const QString kService = QStringLiteral("univrs");

// Runs `work` on a thread of the pool and `done` with its result on the application's, unless `owner` is gone by then.
template <class Work, class Done>
void offThread(QObject* owner, Work work, Done done) {
  QThreadPool::globalInstance()->start([guard = QPointer<QObject>(owner), app = QCoreApplication::instance(),
                                        work = std::move(work), done = std::move(done)]() mutable {
    auto result = std::make_shared<std::invoke_result_t<Work>>(work());
    QMetaObject::invokeMethod(app, [guard, result, done = std::move(done)] {
      if (guard) {
        done(std::move(*result));
      }
    });
  });
}

base::Result<QString> firstLineOf(const QString& path) {
  const QFileInfo info(path);
  if (!info.isFile()) { // a pipe or a device would never end
    return Said::error(base::ErrorCode::NotFound, Said::tr("the token was not read"),
                       Said::tr("there is no file %1").arg(path), Said::tr("check the path"));
  }
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    return Said::error(base::ErrorCode::Forbidden, Said::tr("the token was not read"),
                       path + QStringLiteral(": ") + file.errorString(), Said::tr("check who may read it"));
  }
  const QString token = QString::fromUtf8(file.readLine(TokenStore::kMaxTokenBytes)).trimmed();
  if (token.isEmpty()) {
    return Said::error(base::ErrorCode::Validation, Said::tr("the token was not read"),
                       Said::tr("%1 is empty").arg(path), Said::tr("the node writes its token to DATA/api.token"));
  }
  return token;
}

base::Result<TokenStore::Place> writeToken(const QString& path, const QString& token) {
  const auto failed = [&](const QString& why) {
    return Said::error(base::ErrorCode::Unavailable, Said::tr("the token was not kept"),
                       path + QStringLiteral(": ") + why,
                       Said::tr("name a token file instead; it is read at each start"));
  };
  if (!QDir().mkpath(QFileInfo(path).path())) {
    return failed(Said::tr("its folder cannot be made"));
  }
  QSaveFile file(path);
  // Narrowed before a byte of the token is written.
  if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) {
    return failed(file.errorString());
  }
  file.write(token.toUtf8() + '\n');
  if (!file.commit()) {
    return failed(file.errorString());
  }
  return TokenStore::Place::File;
}

} // namespace

TokenStore::TokenStore(QString folder, bool keyring, QObject* parent)
    : QObject(parent), m_folder(std::move(folder)), m_keyring(keyring) {}

QString TokenStore::pathOf(const QString& id) const {
  const QByteArray hash = QCryptographicHash::hash(id.toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
  return m_folder + QLatin1Char('/') + QString::fromLatin1(hash) + QStringLiteral(".token");
}

void TokenStore::keep(const QString& id, const QString& token, std::function<void(base::Result<Place>)> done) {
  if (!m_keyring) {
    keepInFile(id, token, std::move(done));
    return;
  }
  auto* job = new QKeychain::WritePasswordJob(kService, this);
  job->setKey(id);
  job->setTextData(token);
  connect(job, &QKeychain::Job::finished, this, [this, id, token, done = std::move(done)](QKeychain::Job* j) {
    if (j->error() == QKeychain::NoError) {
      done(Place::Keyring);
    } else {
      keepInFile(id, token, done);
    }
  });
  job->start();
}

void TokenStore::keepInFile(const QString& id, const QString& token, std::function<void(base::Result<Place>)> done) {
  offThread(
      this, [path = pathOf(id), token] { return writeToken(path, token); }, std::move(done));
}

void TokenStore::read(const QString& id, Place place, std::function<void(base::Result<QString>)> done) {
  switch (place) {
  case Place::None:
    QMetaObject::invokeMethod(
        this, [done = std::move(done)] { done(QString()); }, Qt::QueuedConnection);
    return;
  case Place::File:
    readFile(pathOf(id), std::move(done));
    return;
  case Place::Keyring:
    break;
  }
  auto* job = new QKeychain::ReadPasswordJob(kService, this);
  job->setKey(id);
  connect(job, &QKeychain::Job::finished, this, [done = std::move(done)](QKeychain::Job* j) {
    if (j->error() == QKeychain::NoError) {
      done(static_cast<QKeychain::ReadPasswordJob*>(j)->textData());
    } else {
      done(Said::error(base::ErrorCode::Unavailable, Said::tr("the token was not read"),
                       Said::tr("the desktop's keyring: %1").arg(j->errorString()),
                       Said::tr("unlock the keyring and start again, or add the node again")));
    }
  });
  job->start();
}

void TokenStore::forget(const QString& id, Place place) {
  if (place == Place::File) {
    QThreadPool::globalInstance()->start([path = pathOf(id)] { QFile::remove(path); });
  } else if (place == Place::Keyring) {
    auto* job = new QKeychain::DeletePasswordJob(kService, this);
    job->setKey(id);
    job->start();
  }
}

void TokenStore::readFile(const QString& path, std::function<void(base::Result<QString>)> done) {
  offThread(
      this, [path] { return firstLineOf(path); }, std::move(done));
}

} // namespace univrs::gui
