// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/crm/comment.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of comments. Refuses: not_found (the subject is absent, deleted or not visible to the caller, or
/// reply_to is not a comment on it).
void check_comment(Tx& tx, const void* before, void* after);

/// Throws Refusal not_found with the field `subject` unless the caller sees the record; it takes a type with routes of
/// its own and the right to read it.
void require_subject(Tx& tx, const Subject& subject);

}  // namespace interlock::domains
