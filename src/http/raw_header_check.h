// SPDX-License-Identifier: Apache-2.0
// What the HTTP parser accepts and must not (RFC 9112): checked on the raw bytes before it sees them, because every
// leniency here is a way to make two servers disagree about where a request ends.
#pragma once

#include <optional>
#include <string_view>

namespace interlock::http {

/// `head` is everything up to and including the empty line. Nothing if it is acceptable, else the reason, a sentence
/// with static lifetime, for the problem document. Refused: a malformed request line or version; a bare LF or CR; NUL
/// and other control characters; folded lines; blanks before the colon; invalid names; no Host (in HTTP/1.1), two, or
/// an invalid one; Content-Length that is not one plain number; Transfer-Encoding that is not exactly `chunked`, stands
/// beside Content-Length, comes twice or comes with HTTP/1.0. `lines`, if given, becomes the number of header lines.
std::optional<std::string_view> raw_header_fault(std::string_view head, std::size_t* lines = nullptr);

/// Where the header section ends: one past the empty line; 0 if it has not come yet; npos if a line ends in a bare LF,
/// so that no end will come. `from` is where the last search stopped: bytes before it hold no complete line end.
std::size_t header_end(std::string_view bytes, std::size_t from = 0);

}  // namespace interlock::http
