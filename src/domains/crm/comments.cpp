// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/comments.h"

namespace interlock::domains {

void require_subject(Tx& tx, const Subject& subject, const RecordType& type, const void* record) {
  const auto* about = record_type_by_number(subject.type);
  const bool carries = about != nullptr && about->options.readable && about->options.logged;
  if (!carries || !is_visible(tx, tx.actor(), type, record))
    throw Refusal(ErrorCode::not_found, "there is no such record").at_field("subject");
}

void check_comment(Tx& tx, const void* before, void* after) {
  const auto& comment = *static_cast<const Comment*>(after);
  if (before != nullptr) return;
  require_subject(tx, comment.subject, type_of<Comment>(), after);
  if (!comment.reply_to) return;
  const auto parent = tx.find(*comment.reply_to);
  if (!parent || parent->subject != comment.subject)
    throw Refusal(ErrorCode::not_found, "there is no such comment on this record").at_field("reply_to");
}

}  // namespace interlock::domains
