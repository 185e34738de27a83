// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/documents.h"

namespace interlock::domains {

namespace {

constexpr auto document_fields = fields<Document>(
    field<&Document::subject>(required, fixed, indexed), field<&Document::name>(max_bytes(200), searchable, mergeable),
    field<&Document::kind>(max_bytes(64), indexed, mergeable),
    field<&Document::file>(required, fixed, reference<File>(OnDelete::refuse)));

}  // namespace

const RecordType& record_type_of(const Document*) {
  static const RecordType type = make_record_type<Document>(67, "document", "documents", document_fields,
                                                            {.module = "crm",
                                                             .visible_through = "subject",
                                                             .default_sort = "-created_at",
                                                             .before_save = &check_document,
                                                             .after_save = &follow_document});
  return type;
}

}  // namespace interlock::domains
