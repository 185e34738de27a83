// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/documents.h"

#include "domains/crm/comments.h"
#include "domains/files/files.h"

namespace interlock::domains {

namespace {

void take_file(Tx& tx, Document& document) {
  require_subject(tx, document.subject, type_of<Document>(), &document);
  attach_file(tx, document.file, subject_of(document), "file");
  if (document.name.empty()) document.name = tx.find(document.file)->name;
}

}  // namespace

void check_document(Tx& tx, const void* before, void* after) {
  auto& document = *static_cast<Document*>(after);
  if (before == nullptr) take_file(tx, document);
  File file;
  const bool is_gone = tx.load(type_of<File>(), document.file.uuid, &file) && file.deleted_at;
  if (is_gone && !document.deleted_at) tx.restore(type_of<File>(), &file);
}

void follow_document(Tx& tx, const void* before, const void* after) {
  const auto& document = *static_cast<const Document*>(after);
  if (before == nullptr) require_seen_file(tx, document.file);
  if (!document.deleted_at) return;
  if (auto file = tx.find(document.file)) tx.remove(*file);
}

void redact_documents(Tx& tx, const Subject& subject) {
  auto query = (where(&Document::subject) == subject) && (where(&Document::name) != "");
  query.include_deleted = true;
  for (bool more = true; more;) {
    auto page = tx.all<Document>(query);
    more = static_cast<std::int64_t>(page.size()) == query.limit;
    for (auto& document : page) {
      redact_files(tx, subject_of(document));
      tx.redact(type_of<Document>(), &document, {&field_of(&Document::name)});
    }
  }
}

}  // namespace interlock::domains
