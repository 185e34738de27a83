// SPDX-License-Identifier: Apache-2.0
// Server-sent events (HTML Living Standard, 9.2) over chunked HTTP/1.1: the encoding, shared by all who get an event.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/message.h"
#include "http/stream.h"

namespace interlock::http {

/// The answer that starts the stream; the connection ends with it. HTTP/1.0, which has no chunks, is refused.
Response server_sent_events_accept(const Request& request, StreamStart start);

/// One event as one chunk: `id` becomes the client's Last-Event-ID, `type` its event name (empty: message). `data` may
/// have several lines.
Payload server_sent_event(std::optional<std::int64_t> id, std::string_view type, std::string_view data);
/// What ends the stream in an orderly way.
Payload server_sent_end();

}  // namespace interlock::http
