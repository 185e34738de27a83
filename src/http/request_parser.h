// SPDX-License-Identifier: Apache-2.0
// One request from bytes: Beast's parser behind a wall, after the check of the raw header. Pure: no sockets, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/errors.h"
#include "http/message.h"

namespace interlock::http {

/// What is wrong with a request's bytes; the connection ends after the answer.
struct RequestFault {
  ErrorCode code;
  std::string_view reason;  ///< static lifetime
  std::size_t limit = 0;    ///< the bound that was passed; 0: none was
  bool of_target = false;   ///< all else of the header is well-formed
};

/// Fills a Request. Use: header() once with the complete header section, then body() with what follows until done().
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /// `head` ends with the empty line and is within limits::request_header_bytes_max; the number of its lines is looked
  /// at here.
  std::optional<RequestFault> header(std::string_view head, Request& request);
  /// Once, between header() and body(). A body longer than the bound is told here if its length is declared. `whole`:
  /// it is gathered in request.body; else whoever calls body() takes from there what came.
  std::optional<RequestFault> limit_body(std::size_t bytes_max, bool whole);
  /// Takes bytes of the body, decoded onto request.body, and says how many in `used`; 0 used means more are needed.
  std::optional<RequestFault> body(std::string_view bytes, std::size_t& used);
  bool done() const;
  bool keep_alive() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace interlock::http
