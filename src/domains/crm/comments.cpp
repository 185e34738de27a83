// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/comments.h"

namespace interlock::domains {

void require_subject(Tx& tx, const Subject& subject) {
  const auto* type = record_type_by_number(subject.type);
  RecordBox record(type == nullptr ? type_of<Comment>() : *type);
  const bool known = type != nullptr && type->options.readable && type->options.logged &&
                     tx.actor().allows(std::string(type->permission()) + ".read") &&
                     tx.load(*type, subject.id, record.get()) && !record.header().deleted_at &&
                     is_visible(tx, tx.actor(), *type, record.get());
  if (!known) throw Refusal(ErrorCode::not_found, "there is no such record").at_field("subject");
}

void check_comment(Tx& tx, const void* before, void* after) {
  const auto& comment = *static_cast<const Comment*>(after);
  if (before != nullptr) return;
  require_subject(tx, comment.subject);
  if (!comment.reply_to) return;
  const auto parent = tx.find(*comment.reply_to);
  if (!parent || parent->subject != comment.subject)
    throw Refusal(ErrorCode::not_found, "there is no such comment on this record").at_field("reply_to");
}

}  // namespace interlock::domains
