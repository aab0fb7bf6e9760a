#include "plugins/runtime-docker/registry_auth.h"

#include "engine/base/encoding.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cstdlib>
#include <fstream>

namespace univrs::docker {

namespace {
constexpr size_t kMaxConfigBytes = 1u << 20;
}

std::string registryAuthFrom(const QByteArray& config, const std::string& registry) {
  const QJsonObject auths = QJsonDocument::fromJson(config).object().value(QLatin1String("auths")).toObject();
  QStringList names{QString::fromStdString(registry), QStringLiteral("https://") + QString::fromStdString(registry)};
  if (registry == "docker.io") {
    names << QStringLiteral("https://index.docker.io/v1/") << QStringLiteral("index.docker.io");
  }
  for (const QString& name : names) {
    const QJsonObject entry = auths.value(name).toObject();
    const auto plain = base::fromBase64(entry.value(QLatin1String("auth")).toString().toStdString());
    if (!plain) {
      continue;
    }
    const std::string both(plain->begin(), plain->end());
    const auto colon = both.find(':');
    if (colon == std::string::npos || colon == 0) {
      continue;
    }
    const QJsonObject login{{QStringLiteral("username"), QString::fromStdString(both.substr(0, colon))},
                            {QStringLiteral("password"), QString::fromStdString(both.substr(colon + 1))},
                            {QStringLiteral("serveraddress"), name}};
    return QJsonDocument(login).toJson(QJsonDocument::Compact).toBase64(QByteArray::Base64UrlEncoding).toStdString();
  }
  return {};
}

std::string registryAuthHeader(const std::string& registry) {
  // NOLINTBEGIN(concurrency-mt-unsafe): nothing in the program changes the environment
  const char* folder = std::getenv("DOCKER_CONFIG");
  const char* home = std::getenv("HOME");
  // NOLINTEND(concurrency-mt-unsafe)
  std::string path;
  if (folder != nullptr && *folder != '\0') {
    path = std::string(folder) + "/config.json";
  } else if (home != nullptr) {
    path = std::string(home) + "/.docker/config.json";
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return {};
  }
  QByteArray text(qsizetype(kMaxConfigBytes), '\0');
  in.read(text.data(), std::streamsize(kMaxConfigBytes));
  text.resize(qsizetype(in.gcount()));
  return registryAuthFrom(text, registry);
}

} // namespace univrs::docker
