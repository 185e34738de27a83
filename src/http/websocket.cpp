// SPDX-License-Identifier: Apache-2.0
#include "http/websocket.h"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/utf8.h"
#include "http/problem.h"

namespace interlock::http {
namespace {

std::string base64(const unsigned char* bytes, int size) {
  std::string text(static_cast<std::size_t>((size + 2) / 3 * 4), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, size);
  return text;
}

std::string accept_value(std::string_view key) {
  std::string input(key);
  input += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  INVARIANT(EVP_Digest(input.data(), input.size(), digest, &size, EVP_sha1(), nullptr) == 1);
  return base64(digest, static_cast<int>(size));
}

/// 16 bytes in base64: 22 characters of the alphabet and two `=`.
bool is_handshake_key(std::string_view key) {
  if (key.size() != 24 || key.substr(22) != "==") return false;
  return std::all_of(key.begin(), key.begin() + 22, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
}

void append_frame(std::string& out, std::uint8_t opcode, std::string_view payload) {
  out.push_back(static_cast<char>(0x80 | opcode));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(payload.size()));
  } else {
    int bytes = payload.size() <= 0xffff ? 2 : 8;
    out.push_back(static_cast<char>(bytes == 2 ? 126 : 127));
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(payload.size() >> (8 * i)));
  }
  out.append(payload);
}

Payload frame(std::uint8_t opcode, std::string_view payload) {
  auto out = std::make_shared<std::string>();
  out->reserve(payload.size() + 10);
  append_frame(*out, opcode, payload);
  return out;
}

bool is_close_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace

bool wants_websocket(const Request& request) {
  return request.header_has_token("upgrade", "websocket") && request.header_has_token("connection", "upgrade");
}

Response websocket_accept(const Request& request, StreamStart start) {
  auto key = request.header("sec-websocket-key");
  if (request.method != Method::get || request.http_1_0 || !wants_websocket(request) ||
      request.header_count("sec-websocket-key") != 1 || !is_handshake_key(*key)) {
    return problem_response(Refusal(ErrorCode::malformed_request, "This is not a WebSocket handshake"));
  }
  if (request.header("sec-websocket-version") != "13") {
    auto response = problem_response(Refusal(ErrorCode::malformed_request, "Only WebSocket version 13 is spoken here"));
    response.status = 426;
    response.add_header("Sec-WebSocket-Version", "13");
    return response;
  }
  Response response;
  response.status = 101;
  response.add_header("Upgrade", "websocket");
  response.add_header("Connection", "Upgrade");
  response.add_header("Sec-WebSocket-Accept", accept_value(*key));
  start.kind = StreamKind::websocket;
  response.stream = std::make_unique<StreamStart>(std::move(start));
  return response;
}

Payload websocket_text(std::string_view text) { return frame(1, text); }
Payload websocket_ping() { return frame(9, {}); }
Payload websocket_pong(std::string_view application_data) { return frame(10, application_data); }

Payload websocket_close(std::uint16_t code) {
  char bytes[2] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return frame(8, {bytes, 2});
}

FrameDecoder::Event FrameDecoder::fail(std::uint16_t code) {
  code_ = code;
  return Event::fault;
}

std::size_t FrameDecoder::header_bytes_wanted() const {
  if (header_size_ < 2) return 2;
  auto length = header_[1] & 0x7f;
  return 2u + (length == 126 ? 2u : length == 127 ? 8u : 0u) + (header_[1] & 0x80 ? 4u : 0u);
}

std::uint64_t FrameDecoder::declared_size() const {
  std::uint64_t length = header_[1] & 0x7f;
  if (length < 126) return length;
  std::size_t bytes = length == 126 ? 2 : 8;
  length = 0;
  for (std::size_t i = 0; i < bytes; ++i) length = length << 8 | header_[2 + i];
  return length;
}

/// True once the header is complete.
bool FrameDecoder::take_header(std::string_view& input) {
  while (header_size_ < header_bytes_wanted() && !input.empty()) {
    header_[header_size_++] = static_cast<std::uint8_t>(input.front());
    input.remove_prefix(1);
    // An unmasked frame is a fault at once, whatever else would follow.
    if (header_size_ == 2 && !(header_[1] & 0x80)) return true;
  }
  return header_size_ >= header_bytes_wanted();
}

std::optional<std::uint16_t> FrameDecoder::header_fault() {
  bool final = header_[0] & 0x80;
  std::uint8_t opcode = header_[0] & 0x0f;
  if (header_[0] & 0x70 || !(header_[1] & 0x80)) return close_code::protocol_error;
  auto size = declared_size();
  if ((header_[1] & 0x7f) == 126 && size < 126) return close_code::protocol_error;
  if ((header_[1] & 0x7f) == 127 && (size <= 0xffff || size >> 63)) return close_code::protocol_error;
  if (is_control(opcode)) {
    if (opcode > pong || !final || size > 125) return close_code::protocol_error;
    return std::nullopt;
  }
  if (opcode > binary || (opcode == continuation) != in_message_) return close_code::protocol_error;
  if (opcode == binary) return close_code::unsupported_data;
  if (size > message_bytes_max_ - std::min(message_.size(), message_bytes_max_)) return close_code::message_too_big;
  if (++fragments_ > fragments_max_) return close_code::policy_violation;
  return std::nullopt;
}

void FrameDecoder::take_payload(std::string_view& input) {
  auto take = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
  auto& out = is_control(opcode_) ? control_ : message_;
  auto begin = out.size();
  out.append(input.substr(0, take));
  for (auto i = begin; i < out.size(); ++i)
    out[i] = static_cast<char>(out[i] ^ static_cast<char>(mask_[mask_at_++ & 3]));
  input.remove_prefix(take);
  remaining_ -= take;
}

FrameDecoder::Event FrameDecoder::next(std::string_view& input) {
  if (std::exchange(message_given_, false)) message_.clear();
  for (;;) {
    if (!header_done_) {
      if (!take_header(input)) return Event::need_more;
      if (auto code = header_fault()) return fail(*code);
      header_done_ = true;
      final_ = header_[0] & 0x80;
      opcode_ = header_[0] & 0x0f;
      std::copy_n(header_ + header_size_ - 4, 4, mask_);
      remaining_ = declared_size();
      mask_at_ = 0;
      control_.clear();
      if (!is_control(opcode_)) in_message_ = true;
    }
    take_payload(input);
    if (remaining_ > 0) return Event::need_more;
    header_done_ = false;
    header_size_ = 0;
    auto event = frame_done();
    if (event != Event::need_more) return event;
  }
}

FrameDecoder::Event FrameDecoder::frame_done() {
  switch (opcode_) {
    case ping:
      return Event::ping;
    case pong:
      return Event::pong;
    case close:
      return close_done();
    default:
      break;
  }
  if (!final_) return Event::need_more;
  in_message_ = false;
  fragments_ = 0;
  message_given_ = true;
  return is_valid_utf8(message_) ? Event::text : fail(close_code::invalid_text);
}

FrameDecoder::Event FrameDecoder::close_done() {
  code_ = 1005;
  if (control_.empty()) return Event::close;
  if (control_.size() == 1) return fail(close_code::protocol_error);
  code_ = static_cast<std::uint16_t>(static_cast<unsigned char>(control_[0]) << 8 |
                                     static_cast<unsigned char>(control_[1]));
  control_.erase(0, 2);
  if (!is_close_code(code_)) return fail(close_code::protocol_error);
  return is_valid_utf8(control_) ? Event::close : fail(close_code::invalid_text);
}

void FrameDecoder::release() {
  if (in_message_) return;
  message_ = std::string();
  control_ = std::string();
  message_given_ = false;
}

}  // namespace interlock::http
