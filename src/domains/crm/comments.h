// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "domains/crm/comment.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of comments. Refuses: not_found (the subject is absent, deleted or not visible to the caller, or
/// reply_to is not a comment on it).
void check_comment(Tx& tx, const void* before, void* after);

/// Throws Refusal not_found with the field `subject` unless the caller would see the new record through its subject,
/// which must be of a type with routes of its own.
void require_subject(Tx& tx, const Subject& subject, const RecordType& type, const void* record);

}  // namespace interlock::domains
