// SPDX-License-Identifier: Apache-2.0
#include "http/websocket.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/test_client.h"

namespace interlock::http {
namespace {

using Event = FrameDecoder::Event;

constexpr std::size_t message_max = 1'000;
constexpr std::size_t fragments_max = 8;

/// The events of the bytes, fed in pieces of that size.
struct Decoded {
  std::vector<std::string> texts;
  std::vector<std::string> pings;
  std::optional<std::uint16_t> closed;
  std::optional<std::uint16_t> fault;
};

Decoded decode(std::string_view bytes, std::size_t piece) {
  FrameDecoder decoder(message_max, fragments_max);
  Decoded result;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    auto input = bytes.substr(0, piece);
    for (auto event = decoder.next(input); event != Event::need_more; event = decoder.next(input)) {
      if (event == Event::text) result.texts.push_back(decoder.payload());
      if (event == Event::ping) result.pings.push_back(decoder.payload());
      if (event == Event::close) return result.closed = decoder.code(), result;
      if (event == Event::fault) return result.fault = decoder.code(), result;
    }
  }
  return result;
}

TEST(FrameDecoder, GivesMessagesWholeHoweverTheyArrive) {
  auto bytes = client_frame(1, "hello") + client_frame(1, "caf\xc3", false) + client_frame(9, "are you there") +
               client_frame(0, "\xa9") + client_frame(1, "") + client_frame(1, std::string(126, 'x')) +
               client_frame(8, std::string("\x03\xe8", 2));
  for (std::size_t piece : {1u, 2u, 3u, 7u, 1'000u}) {
    auto decoded = decode(bytes, piece);
    EXPECT_EQ(decoded.texts, (std::vector<std::string>{"hello", "caf\xc3\xa9", "", std::string(126, 'x')}));
    EXPECT_EQ(decoded.pings, std::vector<std::string>{"are you there"});
    EXPECT_EQ(decoded.closed, 1000);
  }
}

struct Fault {
  const char* name;
  std::string bytes;
  std::uint16_t code;
};

class FrameFault : public testing::TestWithParam<Fault> {};

TEST_P(FrameFault, EndsWithItsCode) {
  for (std::size_t piece : {1u, 4'096u}) EXPECT_EQ(decode(GetParam().bytes, piece).fault, GetParam().code);
}

std::string many_fragments() {
  std::string bytes = client_frame(1, "a", false);
  for (int i = 0; i < 20; ++i) bytes += client_frame(0, "", false);
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Table, FrameFault,
    testing::Values(
        Fault{"unmasked", std::string("\x81\x01x", 3), 1002}, Fault{"reserved_bit", client_frame(0x41, "x"), 1002},
        Fault{"reserved_opcode", client_frame(3, "x"), 1002}, Fault{"reserved_control", client_frame(11, ""), 1002},
        Fault{"binary", client_frame(2, "x"), 1003}, Fault{"lonely_continuation", client_frame(0, "x"), 1002},
        Fault{"text_within_message", client_frame(1, "x", false) + client_frame(1, "x"), 1002},
        Fault{"fragmented_ping", client_frame(9, "", false), 1002},
        Fault{"long_ping", client_frame(9, std::string(126, 'x')), 1002},
        Fault{"too_big", client_frame(1, std::string(message_max + 1, 'x')), 1009},
        Fault{"too_big_in_pieces", client_frame(1, std::string(message_max, 'x'), false) + client_frame(0, "x"), 1009},
        Fault{"declared_huge", std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14), 1009},
        Fault{"declared_negative", std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14), 1002},
        Fault{"length_not_minimal", std::string("\x81\xfe\x00\x05\0\0\0\0hello", 13), 1002},
        Fault{"endless_fragments", many_fragments(), 1008}, Fault{"invalid_utf8", client_frame(1, "\xff"), 1007},
        Fault{"surrogate", client_frame(1, "\xed\xa0\x80"), 1007},
        Fault{"close_of_one_byte", client_frame(8, "x"), 1002},
        Fault{"close_1005", client_frame(8, std::string("\x03\xed", 2)), 1002},
        Fault{"close_999", client_frame(8, std::string("\x03\xe7", 2)), 1002},
        Fault{"close_reason_not_utf8", client_frame(8, std::string("\x03\xe8\xff", 3)), 1007}),
    [](const auto& test) { return test.param.name; });

TEST(WebSocketAccept, AnswersTheExampleOfTheStandard) {
  auto request = make_request(Method::get, "/",
                              {{"Upgrade", "websocket"},
                               {"Connection", "keep-alive, Upgrade"},
                               {"Sec-WebSocket-Version", "13"},
                               {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  auto response = websocket_accept(request, {});
  EXPECT_EQ(response.status, 101);
  EXPECT_NE(response.header_lines.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
}

TEST(WebSocketAccept, RefusesMalformedHandshakes) {
  auto status = [](const std::string& version, const std::string& key, Method method = Method::get) {
    return websocket_accept(make_request(method, "/",
                                         {{"Upgrade", "websocket"},
                                          {"Connection", "Upgrade"},
                                          {"Sec-WebSocket-Version", version},
                                          {"Sec-WebSocket-Key", key}}),
                            {})
        .status;
  };
  EXPECT_EQ(status("8", "dGhlIHNhbXBsZSBub25jZQ=="), 426);
  EXPECT_EQ(status("13", "short"), 400);
  EXPECT_EQ(status("13", "dGhlIHNhbXBsZSBub25jZQ==", Method::post), 400);
}

}  // namespace
}  // namespace interlock::http
