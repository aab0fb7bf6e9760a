// Docker wants a registry's login with every pull; `docker login` keeps it in ~/.docker/config.json. (Podman's service
// reads its own file itself.)
#pragma once

#include <QByteArray>

#include <string>

namespace univrs::docker {

// The value of X-Registry-Auth out of `config` (the text of a config.json); empty when it has no login for `registry`
// or is not understood.
std::string registryAuthFrom(const QByteArray& config, const std::string& registry);
// Out of $DOCKER_CONFIG/config.json or ~/.docker/config.json.
std::string registryAuthHeader(const std::string& registry);

} // namespace univrs::docker
