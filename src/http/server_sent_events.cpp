// SPDX-License-Identifier: Apache-2.0
#include "http/server_sent_events.h"

#include <charconv>
#include <utility>

#include "http/problem.h"

namespace interlock::http {

Response server_sent_events_accept(const Request& request, StreamStart start) {
  if (request.http_1_0) {
    return problem_response(Refusal(ErrorCode::malformed_request, "Server-sent events need HTTP/1.1"));
  }
  Response response;
  response.add_header("Content-Type", "text/event-stream");
  response.add_header("Transfer-Encoding", "chunked");
  response.add_header("X-Accel-Buffering", "no");
  start.kind = StreamKind::server_sent_events;
  response.stream = std::make_unique<StreamStart>(std::move(start));
  return response;
}

Payload server_sent_event(std::optional<std::int64_t> id, std::string_view type, std::string_view data) {
  std::string event;
  event.reserve(data.size() + 64);
  if (id) event.append("id: ").append(std::to_string(*id)).append("\n");
  if (!type.empty()) event.append("event: ").append(type).append("\n");
  for (;;) {
    auto line_end = data.find('\n');
    event.append("data: ").append(data.substr(0, line_end)).append("\n");
    if (line_end == std::string_view::npos) break;
    data.remove_prefix(line_end + 1);
  }
  event.append("\n");
  char digits[20];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, event.size(), 16);
  auto chunk = std::make_shared<std::string>();
  chunk->reserve(event.size() + 24);
  chunk->append(digits, end).append("\r\n").append(event).append("\r\n");
  return chunk;
}

Payload server_sent_end() { return std::make_shared<std::string>("0\r\n\r\n"); }

}  // namespace interlock::http
