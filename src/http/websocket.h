// SPDX-License-Identifier: Apache-2.0
// WebSocket (RFC 6455): the handshake and a codec for frames of its own, pure, so that it can be fuzzed. Why not
// Beast's: docs/decisions/0010-websocket-frames.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/stream.h"

namespace interlock::http {

/// Whether the request asks for an upgrade to WebSocket.
bool wants_websocket(const Request& request);

/// The answer 101 that starts the stream, or the problem document of a malformed handshake (400, 426).
Response websocket_accept(const Request& request, StreamStart start);

/// A text frame around `text` (valid UTF-8), to be shared by all who get it.
Payload websocket_text(std::string_view text);
Payload websocket_ping();
Payload websocket_close(std::uint16_t code);
Payload websocket_pong(std::string_view application_data);

namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported_data = 1003;
inline constexpr std::uint16_t invalid_text = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t message_too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
inline constexpr std::uint16_t try_again_later = 1013;
}  // namespace close_code

/// Frames of a client to messages. Memory is bounded by the message bound; nothing is kept between messages.
class FrameDecoder {
 public:
  enum class Event { need_more, text, ping, pong, close, fault };

  FrameDecoder(std::size_t message_bytes_max, std::size_t fragments_max)
      : message_bytes_max_(message_bytes_max), fragments_max_(fragments_max) {}

  /// Takes bytes off the front of `input` until something happened. After `fault` and `close` it must not be called
  /// again.
  Event next(std::string_view& input);
  /// Of text, ping, pong and close (there: the reason): valid until the next call.
  const std::string& payload() const { return is_control(opcode_) ? control_ : message_; }
  /// Of fault: the code to close with. Of close: the peer's, 1005 if it gave none.
  std::uint16_t code() const { return code_; }
  /// Whether a message has begun and not ended.
  bool in_message() const { return in_message_ || header_size_ > 0; }
  /// Gives the memory of the last message back.
  void release();

 private:
  enum Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
  static bool is_control(std::uint8_t opcode) { return opcode & 8; }

  Event fail(std::uint16_t code);
  /// Collects the header; nothing while it is incomplete or all right, else the fault.
  std::optional<std::uint16_t> header_fault();
  std::size_t header_bytes_wanted() const;
  std::uint64_t declared_size() const;
  bool take_header(std::string_view& input);
  void take_payload(std::string_view& input);
  Event frame_done();
  Event close_done();

  const std::size_t message_bytes_max_;
  const std::size_t fragments_max_;
  std::uint8_t header_[14] = {};
  std::uint8_t header_size_ = 0;
  bool header_done_ = false;
  bool message_given_ = false;
  bool in_message_ = false;
  bool final_ = false;
  std::uint8_t opcode_ = 0;
  std::uint16_t code_ = 0;
  std::uint8_t mask_[4] = {};
  std::uint64_t remaining_ = 0;
  std::size_t mask_at_ = 0;
  std::size_t fragments_ = 0;
  std::string message_;
  std::string control_;
};

}  // namespace interlock::http
