// The engine of a node in another process or on another machine, over HTTP and WebSocket: the second implementation of
// engine/interfaces. A client cannot tell it from the one in process.
//
// Thread: everything here, the objects it hands out included (subscriptions, exec sessions), belongs to the thread that
// called makeRemoteEngine; it must run a Qt event loop. Handlers and replies come on that thread.
#pragma once

#include "engine/interfaces/engine.h"

#include <cstdint>
#include <memory>
#include <string>

namespace univrs::remote {

struct RemoteOptions {
  std::string url;                 // http(s)://host:port, or host:port; the path is a prefix before /api
  std::string token;               // sent as Bearer token; empty = none
  std::string caFile;              // PEM; replaces the system's authorities; empty = the system's
  bool insecure = false;           // accept any certificate (for a first look at a test node only)
  int timeoutMs = 30'000;          // of one request, from its start to its last byte
  int connectTimeoutMs = 10'000;   // until a WebSocket is open
  int heartbeatTimeoutMs = 45'000; // a watch that hears nothing this long is taken for dead; servers send every 15 s
  int backoffFirstMs = 250;        // first pause before a watch connects again; doubles, half of it random
  int backoffMaxMs = 15'000;
};

inline constexpr int64_t kMaxResponseBytes = int64_t(128) << 20; // of one HTTP answer; a longer one is an error
inline constexpr int kMaxRequestsInFlight = 256;                 // more are refused with RateLimited
inline constexpr int64_t kMaxExecInputBytes = int64_t(32) << 20; // not yet sent to a session; more ends the session

//! Never fails by itself: a bad URL or CA file is the answer to every call. Nothing is sent before the first call.
std::unique_ptr<interfaces::Engine> makeRemoteEngine(RemoteOptions options);

//! Bytes given to a session of ours and not yet handed to the network; 0 for sessions of another engine. A writer of
//! much input waits while this is large.
int64_t pendingInput(const interfaces::ExecSession& session);

} // namespace univrs::remote
