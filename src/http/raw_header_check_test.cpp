// SPDX-License-Identifier: Apache-2.0
#include "http/raw_header_check.h"

#include <gtest/gtest.h>

#include <string>

namespace interlock::http {
namespace {

struct Case {
  const char* name;
  std::string head;
  bool accepted;
};

std::string with(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  return line + "\r\n" + fields + "\r\n";
}

class RawHeaderCheck : public testing::TestWithParam<Case> {};

TEST_P(RawHeaderCheck, AcceptsOrRefuses) {
  auto fault = raw_header_fault(GetParam().head);
  EXPECT_EQ(!fault.has_value(), GetParam().accepted) << (fault ? *fault : "accepted");
}

const std::string host = "Host: a\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, RawHeaderCheck,
    testing::Values(
        Case{"plain", with(host), true}, Case{"port", with("Host: a.test:8080\r\n"), true},
        Case{"ipv6", with("Host: [::1]:80\r\n"), true}, Case{"empty_value", with(host + "X-A:\r\n"), true},
        Case{"blanks_around_value", with(host + "X-A: \t b \t\r\n"), true},
        Case{"high_bytes_in_value", with(host + "X-A: caf\xc3\xa9\r\n"), true},
        Case{"length", with(host + "Content-Length: 2\r\n"), true},
        Case{"chunked", with(host + "Transfer-Encoding: Chunked\r\n"), true},
        Case{"http_1_0_without_host", with("", "GET / HTTP/1.0"), true},
        // Host
        Case{"no_host", with(""), false}, Case{"two_hosts", with(host + "host: b\r\n"), false},
        Case{"two_equal_hosts", with(host + host), false}, Case{"empty_host", with("Host:\r\n"), false},
        Case{"host_with_path", with("Host: a/b\r\n"), false}, Case{"host_with_user", with("Host: u@a\r\n"), false},
        Case{"host_list", with("Host: a, b\r\n"), false},
        // Lines
        Case{"folded", with(host + "X-A: b\r\n c\r\n"), false},
        Case{"folded_tab", with(host + "X-A: b\r\n\tc\r\n"), false}, Case{"folded_first", with(" Host: a\r\n"), false},
        Case{"bare_lf", "GET / HTTP/1.1\nHost: a\r\n\r\n", false},
        Case{"bare_lf_in_fields", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", false},
        Case{"bare_cr_in_value", with(host + "X-A: b\rc\r\n"), false},
        Case{"nul_in_value", with(host + std::string("X-A: b\0c\r\n", 10)), false},
        Case{"nul_in_name", with(host + std::string("X\0A: b\r\n", 8)), false},
        Case{"control_in_value", with(host + "X-A: \x01\r\n"), false},
        Case{"delete_in_value", with(host + "X-A: \x7f\r\n"), false},
        Case{"blank_before_colon", with(host + "X-A : b\r\n"), false},
        Case{"blank_in_name", with(host + "X A: b\r\n"), false}, Case{"no_colon", with(host + "X-A\r\n"), false},
        Case{"no_name", with(host + ": b\r\n"), false},
        Case{"high_bytes_in_name", with(host + "X-\xc3\xa9: b\r\n"), false},
        Case{"unfinished", "GET / HTTP/1.1\r\nHost: a\r\n", false}, Case{"more_after_the_end", with(host) + "x", false},
        Case{"authorization", with(host + "Authorization: Bearer a\r\n"), true},
        Case{"two_authorizations", with(host + "Authorization: Bearer a\r\nAUTHORIZATION: Bearer b\r\n"), false},
        // Framing
        Case{"length_list", with(host + "Content-Length: 2, 2\r\n"), false},
        Case{"two_lengths", with(host + "Content-Length: 2\r\nContent-Length: 2\r\n"), false},
        Case{"length_plus", with(host + "Content-Length: +2\r\n"), false},
        Case{"length_minus", with(host + "Content-Length: -2\r\n"), false},
        Case{"length_hex", with(host + "Content-Length: 0x2\r\n"), false},
        Case{"length_empty", with(host + "Content-Length:\r\n"), false},
        Case{"length_huge", with(host + "Content-Length: 99999999999999999999\r\n"), false},
        Case{"length_and_chunked", with(host + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), false},
        Case{"chunked_and_length", with(host + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"), false},
        Case{"xchunked", with(host + "Transfer-Encoding: xchunked\r\n"), false},
        Case{"gzip_chunked", with(host + "Transfer-Encoding: gzip, chunked\r\n"), false},
        Case{"identity", with(host + "Transfer-Encoding: identity\r\n"), false},
        Case{"chunked_twice", with(host + "Transfer-Encoding: chunked, chunked\r\n"), false},
        Case{"two_encodings", with(host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), false},
        Case{"chunked_vertical_tab",
             with(host + "Transfer-Encoding: \x0b"
                         "chunked\r\n"),
             false},
        Case{"chunked_in_1_0", with(host + "Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), false},
        // Request line
        Case{"two_blanks", with(host, "GET  / HTTP/1.1"), false}, Case{"no_target", with(host, "GET HTTP/1.1"), false},
        Case{"no_version", with(host, "GET /"), false}, Case{"version_2", with(host, "GET / HTTP/2.0"), false},
        Case{"version_lower", with(host, "GET / http/1.1"), false},
        Case{"version_long", with(host, "GET / HTTP/1.10"), false},
        Case{"blank_in_target", with(host, "GET /a b HTTP/1.1"), false},
        Case{"tab", with(host, "GET\t/ HTTP/1.1"), false},
        Case{"method_with_colon", with(host, "G:T / HTTP/1.1"), false},
        Case{"raw_utf8_in_target", with(host, "GET /\xc3\xa9 HTTP/1.1"), false}, Case{"empty", "\r\n\r\n", false}),
    [](const auto& test) { return test.param.name; });

TEST(RawHeader, EveryByteIsJudgedAlikeAtEveryPlaceOfAValue) {
  constexpr std::size_t length = 19;
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    if (byte == '\n') continue;  // ends the line
    const bool accepted = byte == '\t' || (c >= 0x20 && c != 0x7f);
    for (std::size_t at = 0; at < length; ++at) {
      std::string value(length, 'v');
      value[at] = byte;
      EXPECT_EQ(!raw_header_fault(with("Host: a\r\nX-A: " + value + "\r\n")), accepted) << c << " at " << at;
    }
  }
}

TEST(HeaderEnd, IsFoundInPieces) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody";
  EXPECT_EQ(header_end(head), head.size() - 4);
  std::size_t scanned = 0;
  for (std::size_t size = 1; size < head.size() - 4; ++size) {
    EXPECT_EQ(header_end({head.data(), size}, scanned), 0u) << size;
    scanned = size - 1;
  }
  EXPECT_EQ(header_end({head.data(), head.size() - 4}, scanned), head.size() - 4);
}

TEST(HeaderEnd, TellsABareLfAtOnce) {
  EXPECT_EQ(header_end("GET / HTTP/1.1\nHost"), std::string_view::npos);
  EXPECT_EQ(header_end("\n"), std::string_view::npos);
}

}  // namespace
}  // namespace interlock::http
