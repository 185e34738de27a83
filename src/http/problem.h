// SPDX-License-Identifier: Apache-2.0
// Refusals as RFC 9457 problem documents.
#pragma once

#include "base/refusal.h"
#include "http/message.h"

namespace interlock::http {

inline constexpr std::string_view problem_content_type = "application/problem+json";

/// The refusal with its status; 401 says which scheme is wanted, 503 and 429 when to come again.
Response problem_response(const Refusal& refusal);

}  // namespace interlock::http
