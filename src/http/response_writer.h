// SPDX-License-Identifier: Apache-2.0
// The head of an answer as bytes: status line, what the transport owes to every answer, and the answer's own headers.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "http/message.h"

namespace interlock::http {

struct HeadContext {
  std::string_view date;  ///< IMF-fixdate
  std::string_view request_id;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool secure = false;
};

/// Appends the head, empty line included. Content-Length is that of the content, also when the content is not sent
/// (HEAD); answers that have none by definition (204, 304) and streams carry no length.
void append_response_head(std::string& out, const Response& response, const HeadContext& context);

/// Whether answers of that status have no content by definition.
bool status_without_content(int status);

std::string_view reason_phrase(int status);

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
std::string http_date(Time time);

}  // namespace interlock::http
