// SPDX-License-Identifier: Apache-2.0
// The reads that every collection has: get, list, history. They look at permission and scope, and answer JSON text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace interlock::engine {

/// Query parameters of a list, as sent. `filters` are (field, value) pairs: `status=new`; `field.min`, `field.max` for
/// integers and times; `field.ne`; a field given twice means either value; the text "null" of a nullable field means
/// none.
struct ListRequest {
  std::vector<std::pair<std::string, std::string>> filters;
  std::string q;
  std::string sort;  ///< field, or -field for descending; the type's default if empty
  std::optional<std::int64_t> limit;
  std::string cursor;
  bool deleted = false;  ///< the deleted records that can still be restored
};

/// {"items":[…],"next_cursor":…|null,"seq":n}. Throws Refusal forbidden, unknown_field, wrong_type, out_of_range,
/// invalid_value (cursor, sort).
std::string list_json(ReadView& view, const RecordType& type, const ListRequest& request);
/// The record as JSON; Refusal not_found, forbidden.
std::string get_json(ReadView& view, const RecordType& type, std::string_view id_text);
/// Newest first: {"items":[{"seq","version","at","actor":{"id","name"},"operation","changes":{field:{"from","to"}}},…],
/// "next_cursor","seq"}. The record may be deleted.
std::string history_json(ReadView& view, const RecordType& type, std::string_view id_text,
                         std::optional<std::int64_t> limit, std::string_view cursor);
/// The audit trail of the tenant, newest first, for those who may `audit.read`; filters: collection, actor, operation.
std::string audit_json(ReadView& view, const ListRequest& request);

/// {"id":"user_…"|null,"name":…} of whoever made a change; nil is the system.
std::string actor_json(const Schema& schema, Reader& reader, const Uuid& actor);

}  // namespace interlock::engine
