// SPDX-License-Identifier: Apache-2.0
// Documents on records, as files that were uploaded before. Tenant lane.
#pragma once

#include "domains/crm/document.h"
#include "model/tx.h"

namespace interlock::domains {

/// before_save of documents: a new one takes its file, a restored one brings it back. Refuses: not_found (subject,
/// file), file_attached, too_old (a restored one whose content was redacted).
void check_document(Tx& tx, const void* before, void* after);
/// after_save: with a deleted document its file goes. Refuses: not_found (a new one's subject, if nobody would see the
/// file through it).
void follow_document(Tx& tx, const void* before, const void* after);

/// Empties names and contents of a record's documents, in the log too: part of redacting a person.
void redact_documents(Tx& tx, const Subject& subject);

}  // namespace interlock::domains
