#include "app/cli/up_options.h"

namespace univrs::cli {

base::Result<UpOptions> upOptionsFrom(const Settings& s) {
  UpOptions up;
  up.headless = s.on("headless");
  up.dataDir = s.text("data");
  up.apiAddress = s.text("api");
  up.runtime = s.text("runtime");
  up.engineSocket = s.text("engine_socket");
  up.connectTo = s.list("to");
  up.tokenFiles = s.list("token_file");
  up.caFile = s.text("ca_file");
  up.insecure = s.on("insecure");
  up.logLevel = s.text("log_level");
  up.logJson = s.on("log_json");
  up.apiAuth = s.text("api_auth");
  up.metricsOpen = s.on("metrics_open");
  up.tlsCert = s.text("tls_cert");
  up.tlsKey = s.text("tls_key");
  up.nodeName = s.text("name");
  up.labels = s.pairs("labels");
  up.stopWorkloads = s.on("stop_workloads");
  up.restartGraceSeconds = s.number("restart_grace");
  up.strategy = s.text("strategy");
  up.port = s.number("port");
  up.portChosen = s.source("port") != "default";
  up.listenIp = s.text("listen");
  up.connect = s.list("connect");
  up.bootstrap = s.on("bootstrap");
  up.joinToken = s.text("join_token");
  up.joinSecretFile = s.text("join_secret");
  up.mdns = s.text("mdns") == "on";
  up.settings = s;

  std::vector<base::FieldError> faults;
  const auto fault = [&](const char* key, std::string message, std::string hint = {}) {
    faults.push_back({std::string(key) + " (" + s.source(key) + ")", std::move(message), std::move(hint), false, 0});
  };
  if (up.headless && !up.connectTo.empty()) {
    if (s.source("to").rfind("flag", 0) == 0) {
      fault("to", "a window on another node is asked for, and --headless wants none", "leave out one of the two");
    }
    up.connectTo.clear(); // set for the verbs; a node of its own was asked for
  }
  if (up.tokenFiles.size() > 1 && up.tokenFiles.size() != up.connectTo.size()) {
    fault("token_file",
          std::to_string(up.tokenFiles.size()) + " files for " + std::to_string(up.connectTo.size()) + " nodes",
          "give one for all, or one for each, in order");
  }
  const auto address = parseHostPort(up.apiAddress);
  if (!address) {
    fault("api", "\"" + up.apiAddress + "\" is not HOST:PORT", "as 127.0.0.1:8080 or [::1]:8080");
  }
  if (up.tlsCert.empty() != up.tlsKey.empty()) {
    fault(up.tlsCert.empty() ? "tls_cert" : "tls_key", "certificate and key belong together", "give both, or none");
  }
  if (address && !isLoopbackHost(address->host)) {
    if (up.apiAuth == "none") {
      fault("api_auth", "none is allowed on loopback only, not on " + up.apiAddress,
            "leave it out: callers then need the token");
    }
    if (up.tlsCert.empty()) {
      fault("api", up.apiAddress + " can be reached from other machines and needs TLS",
            "give --tls-cert and --tls-key");
    }
  }
  if (!up.joinToken.empty() && !up.joinSecretFile.empty()) {
    fault("join_secret", "a token is given too", "give one of --join and --join-secret");
  }
  if (up.dataDir.empty()) {
    fault("data", "names no folder");
  }
  if (!faults.empty()) {
    base::Error error =
        base::makeError(base::ErrorCode::Validation, "The node was not started: its settings do not fit");
    error.fields = std::move(faults);
    return error;
  }
  return up;
}

} // namespace univrs::cli
