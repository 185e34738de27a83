// SPDX-License-Identifier: Apache-2.0
// The search of store/search_text.h by tsvector and tsquery. Every word carries its tenant's mark in front, so that the
// index, which all tenants share, is read for one tenant's words only.
#pragma once

#include <string>
#include <string_view>

#include "model/record.h"

namespace interlock::store::postgres {

/// The words of a record as the text of a tsvector.
std::string search_vector(const Uuid& tenant, const RecordType& type, const void* record);
/// The text of a tsquery; empty if the question holds no word, or one that no record can hold.
std::string search_query(const Uuid& tenant, std::string_view question);

}  // namespace interlock::store::postgres
