// How ngtcp2 reaches a connection: its table of callbacks, and its errors in words.
#pragma once

#include "engine/base/error.h"

#include <ngtcp2/ngtcp2.h>
#include <string>

namespace univrs::p2p {

// For a connection whose user data is a QuicConnection.
ngtcp2_callbacks quicCallbacks();

// What the CONNECTION_CLOSE of the peer at `where` says; `reason` are its words, already fit to be shown.
base::Error quicCloseError(const ngtcp2_connection_close_error& close, const std::string& where,
                           const std::string& reason, bool wasUp);

} // namespace univrs::p2p
