// SPDX-License-Identifier: Apache-2.0
#include "http/problem.h"

namespace interlock::http {

Response problem_response(const Refusal& refusal) {
  auto response = json_response(error_info(refusal.code).http_status, problem_json(refusal));
  response.content_type = problem_content_type;
  if (response.status == 401) response.add_header("WWW-Authenticate", "Bearer");
  if (response.status == 503) response.add_header("Retry-After", "1");
  if (response.status == 429) response.add_header("Retry-After", "60");
  return response;
}

}  // namespace interlock::http
