// SPDX-License-Identifier: Apache-2.0
// A connection after it became a stream: frames in (WebSocket only), shared payloads out. Holds no buffer while idle.
#pragma once

#include <memory>
#include <string>

#include "http/channel.h"
#include "http/connection.h"
#include "http/stream.h"

namespace interlock::http {

class IoThread;

/// `pending` is what the peer has sent after its request already.
std::unique_ptr<Connection> make_stream_connection(IoThread& io, std::uint64_t id, Channel channel, StreamStart start,
                                                   std::string pending);

}  // namespace interlock::http
