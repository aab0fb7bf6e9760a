// A Stream seen as a ByteChannel, so that a connection can run through a stream (circuits over relays).
#pragma once

#include "engine/p2p/byte_channel.h"
#include "engine/p2p/stream.h"

#include <memory>

namespace univrs::p2p {

// Attaches its own handler to `stream` (see Stream::attach for when that is allowed). Destroying the channel closes our
// half after finish(), and resets the stream otherwise; it may outlive the stream.
std::unique_ptr<ByteChannel> makeStreamChannel(Stream& stream);

} // namespace univrs::p2p
