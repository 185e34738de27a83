// SPDX-License-Identifier: Apache-2.0
// Records and other described structs to and from JSON, by their field tables.
#pragma once

#include <string>

#include "base/json.h"
#include "model/record.h"

namespace interlock {

/// Appends the record as clients see it: `{"id":"customer_…","version":3,"created_at":…,"updated_at":…,"created_by":…,
/// own fields…}` in the table's order; secrets left out; `deleted_at` only when set. This text is what the change log
/// keeps, what answers carry and what the feed sends.
void append_record_json(std::string& out, const RecordType& type, const void* record);
/// A request or answer struct; absent optionals are null.
void append_struct_json(std::string& out, const StructInfo& info, const void* object);
/// One field's value.
void append_field_json(std::string& out, const FieldInfo& field, const void* object);

/// Fills a record from the text that append_record_json wrote, possibly by another release: unknown members are
/// ignored, missing ones keep their default.
void read_record_json(const RecordType& type, const Json& json, void* record);

/// Reads one member into a field and checks type and bounds; null empties it where it can be empty. Throws Refusal
/// wrong_type, too_long, out_of_range, invalid_value, unknown_reference or, of a subject, not_found, with the field's
/// name and bound.
void read_field_json(const FieldInfo& field, const Json& value, void* object);

/// Fills a request struct: unknown members are refused (unknown_field), required ones must be there.
void read_struct_json(const StructInfo& info, const Json& json, void* object);

/// `{"name":{"from":…,"to":…},…}` of the fields that differ between two states as append_record_json wrote them;
/// `before` may be null (a creation: fields that were left empty are left out). version, updated_at and the like are
/// left out.
std::string changes_json(const RecordType& type, const Json* before, const Json& after);

}  // namespace interlock
