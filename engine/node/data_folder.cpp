#include "engine/node/data_folder.h"

#include "engine/base/encoding.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <array>

namespace univrs::node {

namespace {

constexpr auto kOwnerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto kOwnerFolder = kOwnerOnly | QFileDevice::ExeOwner;
constexpr qint64 kMaxTokenBytes = 1024;

QString qs(const std::string& s) {
  return QString::fromStdString(s);
}

base::Error cannot(const std::string& what, const QString& why, const std::string& hint) {
  return base::makeError(base::ErrorCode::Unavailable, what, why.toStdString(), hint);
}

// Whole or not at all, readable by the owner only from its first byte on.
base::Result<void> writePrivate(const std::string& path, const QByteArray& content) {
  QSaveFile file(qs(path));
  if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(kOwnerOnly) || file.write(content) != content.size() ||
      !file.commit()) {
    return cannot("cannot write " + path, file.errorString(), "check the folder's rights and free space");
  }
  return {};
}

} // namespace

base::Result<DataFolder> DataFolder::open(const std::string& path) {
  const QString absolute = QDir(qs(path)).absolutePath();
  const bool existed = QFileInfo::exists(absolute);
  if (!QDir().mkpath(absolute)) {
    return cannot("cannot make the data folder " + path, QStringLiteral("the folder above it is not writable"),
                  "choose another with --data");
  }
  if (!existed) {
    QFile::setPermissions(absolute, kOwnerFolder);
  }
  const auto mode = QFile::permissions(absolute);
  if (mode & (QFileDevice::WriteGroup | QFileDevice::WriteOther)) {
    return cannot("the data folder " + path + " is not safe", QStringLiteral("others may write to it"),
                  "run: chmod 700 " + path);
  }
  return DataFolder(absolute.toStdString());
}

base::Result<std::string> DataFolder::subfolder(const std::string& name) const {
  const std::string path = file(name);
  if (!QDir().mkpath(qs(path))) {
    return cannot("cannot make the folder " + path, {}, "check the rights of " + m_path);
  }
  QFile::setPermissions(qs(path), kOwnerFolder);
  return path;
}

base::Result<std::string> DataFolder::apiToken(base::Random& random) const {
  const std::string path = file("api.token");
  QFile existing(qs(path));
  if (existing.exists()) {
    if (!existing.open(QIODevice::ReadOnly)) {
      return cannot("cannot read the API token " + path, existing.errorString(), "check the file's rights");
    }
    const auto token = existing.read(kMaxTokenBytes).trimmed().toStdString();
    if (token.size() < 16) {
      return cannot("the API token " + path + " is damaged", QStringLiteral("it is shorter than 16 characters"),
                    "delete the file: a new token is made at the next start");
    }
    if (existing.permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther)) {
      existing.setPermissions(kOwnerOnly);
    }
    return token;
  }
  std::array<uint8_t, 32> secret{};
  random.fill(secret);
  const std::string token = base::base64Url(secret);
  if (auto r = writePrivate(path, QByteArray::fromStdString(token) + '\n'); !r) {
    return r.error();
  }
  return token;
}

base::Result<void> DataFolder::writeApiAddress(const std::string& url) const {
  return writePrivate(file("api.address"), QByteArray::fromStdString(url) + '\n');
}

void DataFolder::removeApiAddress() const {
  QFile::remove(qs(file("api.address")));
}

} // namespace univrs::node
