// SPDX-License-Identifier: Apache-2.0
// Filters as clients write them, turned into conditions on fields: `status=new`, `created_at.min=…`, `tags=vip`.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/actor.h"
#include "model/query.h"

namespace interlock::engine {

/// (field, value) pairs as sent; a field given twice means either value; suffixes .min, .max, .ne; the text "null" of a
/// field that may be empty means that it is; "me" of a reference to users is the actor. Throws Refusal unknown_field,
/// wrong_type, invalid_value.
std::vector<Condition> parse_conditions(const RecordType& type,
                                        const std::vector<std::pair<std::string, std::string>>& filters,
                                        const Uuid& me);

/// The same from JSON: {"status":"new","tags":["a","b"]}; null means no filter.
std::vector<Condition> parse_conditions(const RecordType& type, const Json& filter, const Uuid& me);

/// The part of the actor's scope that a query can express; nothing for scope all. A scope that sees nothing gives a
/// filter that no record passes.
std::optional<ScopeFilter> scope_filter(const RecordType& type, const Actor& actor);

}  // namespace interlock::engine
