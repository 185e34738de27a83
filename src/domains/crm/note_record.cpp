// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/comments.h"
#include "domains/crm/note.h"

namespace interlock::domains {

namespace {

constexpr auto note_fields = fields<Note>(field<&Note::subject>(required, fixed, indexed),
                                          field<&Note::title>(max_bytes(200), searchable, mergeable),
                                          field<&Note::text>(required, max_bytes(20'000), searchable, mergeable));

/// before_save. Refuses: not_found (subject).
void check_note(Tx& tx, const void* before, void* after) {
  if (before == nullptr) require_subject(tx, static_cast<const Note*>(after)->subject, type_of<Note>(), after);
}

}  // namespace

const RecordType& record_type_of(const Note*) {
  static const RecordType type = make_record_type<Note>(
      65, "note", "notes", note_fields, {.module = "crm", .visible_through = "subject", .before_save = &check_note});
  return type;
}

}  // namespace interlock::domains
