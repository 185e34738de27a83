// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/schema.h"

namespace interlock::domains {

/// Whether mails reach the people they are for. As long as they do not, whoever invites hands the link over:
/// users/invitation-link is offered.
enum class Mail : std::uint8_t { handed_over, sent };

/// Everything that the lanes of this program know. Call once at start; it must outlive the engine.
Schema make_schema(Mail mail = Mail::handed_over);

}  // namespace interlock::domains
