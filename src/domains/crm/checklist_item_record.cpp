// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/checklist_item.h"
#include "domains/crm/comments.h"
#include "domains/references.h"

namespace interlock::domains {

namespace {

constexpr auto checklist_item_fields = fields<ChecklistItem>(
    field<&ChecklistItem::subject>(required, fixed, indexed),
    field<&ChecklistItem::name>(required, max_bytes(200), mergeable), field<&ChecklistItem::required>(mergeable),
    field<&ChecklistItem::received>(), field<&ChecklistItem::received_at>(read_only),
    field<&ChecklistItem::position>(between(0, 1'000'000), mergeable),
    field<&ChecklistItem::document>(reference<Document>(OnDelete::clear)));

void follow_document(Tx& tx, const ChecklistItem* before, ChecklistItem& item) {
  const auto held = before == nullptr ? std::nullopt : before->document;
  if (item.document == held) return;
  if (item.document) require_reference(tx, *item.document, "document");
  item.received = item.document.has_value();
}

/// before_save. Refuses: not_found (subject), unknown_reference (document).
void check_checklist_item(Tx& tx, const void* before, void* after) {
  auto& item = *static_cast<ChecklistItem*>(after);
  if (before == nullptr) require_subject(tx, item.subject, type_of<ChecklistItem>(), after);
  follow_document(tx, static_cast<const ChecklistItem*>(before), item);
  if (!item.received)
    item.received_at.reset();
  else if (!item.received_at)
    item.received_at = tx.now();
}

}  // namespace

const RecordType& record_type_of(const ChecklistItem*) {
  static const RecordType type =
      make_record_type<ChecklistItem>(66, "checklist_item", "checklist-items", checklist_item_fields,
                                      {.module = "crm",
                                       .visible_through = "subject",
                                       .default_sort = "position",
                                       .before_save = &check_checklist_item});
  return type;
}

}  // namespace interlock::domains
