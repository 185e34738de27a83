// SPDX-License-Identifier: Apache-2.0
// The bytes of a client: the first one chooses between a request and WebSocket frames; each is also fed in pieces,
// which must not change what comes out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "http/raw_header_check.h"
#include "http/request_parser.h"
#include "http/websocket.h"

namespace {

using interlock::http::FrameDecoder;

void request(std::string_view bytes) {
  auto end = interlock::http::header_end(bytes);
  if (end == 0 || end == std::string_view::npos || end > interlock::limits::request_header_bytes_max) return;
  interlock::http::RequestParser parser;
  interlock::http::Request parsed;
  if (parser.header(bytes.substr(0, end), parsed) || parser.limit_body(64 * 1024, true)) return;
  INVARIANT(parsed.header_count("host") == 1 || (parsed.http_1_0 && parsed.header_count("host") == 0));
  for (std::size_t i = 0; i < parsed.segment_count(); ++i) INVARIANT(interlock::is_valid_utf8(parsed.segment(i)));
  for (std::size_t i = 0; i < parsed.param_count(); ++i) INVARIANT(interlock::is_valid_utf8(parsed.param_at(i).second));
  bytes.remove_prefix(end);
  while (!parser.done() && !bytes.empty()) {
    std::size_t used = 0;
    if (parser.body(bytes, used) || used == 0) return;
    bytes.remove_prefix(used);
  }
}

/// What the frames say, as text.
std::string frames(std::string_view bytes, std::size_t piece) {
  FrameDecoder decoder(4'096, 16);
  std::string told;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    auto input = bytes.substr(0, piece);
    for (;;) {
      auto event = decoder.next(input);
      if (event == FrameDecoder::Event::need_more) break;
      told += std::to_string(static_cast<int>(event));
      if (event == FrameDecoder::Event::fault || event == FrameDecoder::Event::close)
        return told + std::to_string(decoder.code());
      if (event == FrameDecoder::Event::text) INVARIANT(interlock::is_valid_utf8(decoder.payload()));
      told += decoder.payload();
    }
  }
  return told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] & 1) {
    INVARIANT(frames(bytes, bytes.size() + 1) == frames(bytes, 1));
  } else {
    request(bytes);
  }
  return 0;
}
