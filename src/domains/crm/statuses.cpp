// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/statuses.h"

#include <algorithm>

#include "domains/crm/customer.h"

namespace interlock::domains {

namespace {

constexpr std::string_view customers_collection = "customers";

[[noreturn]] void refuse_state(std::string_view name) {
  throw Refusal(ErrorCode::invalid_value, "there is no status " + std::string(name)).at_field("status");
}

void check_unique(Tx& tx, const Status& status) {
  const auto rows = tx.all<Status>(where(&Status::collection) == status.collection);
  if (rows.size() >= limits::statuses_per_collection_max)
    throw Refusal(ErrorCode::too_many, "there are enough statuses").with_limit(limits::statuses_per_collection_max);
  for (const auto& row : rows)
    if (row.name == status.name && row.id != status.id)
      throw Refusal(ErrorCode::not_unique, "there is a status of this name").at_field("name");
}

void check_unused(Tx& tx, const Status& status) {
  if (status.collection != customers_collection) return;
  if (tx.first<Customer>(where(&Customer::status) == status.name))
    throw Refusal(ErrorCode::referenced, "customers are in this status");
}

}  // namespace

std::vector<Status> default_statuses() {
  const auto row = [](const char* name, const char* type, std::int64_t position, std::vector<std::string> moves) {
    return Status{{}, std::string(customers_collection), name, type, position, std::move(moves)};
  };
  return {row("new", "open", 10, {"contacted"}), row("contacted", "ongoing", 20, {"qualified", "new"}),
          row("qualified", "ongoing", 30, {"active", "contacted"}), row("active", "won", 40, {"inactive", "qualified"}),
          row("inactive", "lost", 50, {"active", "contacted"})};
}

StatusTable StatusTable::load(Reader& reader, std::string_view collection) {
  StatusTable table;
  table.rows_ = reader.all<Status>(where(&Status::collection) == collection);
  if (table.rows_.empty()) table.rows_ = default_statuses();
  std::sort(table.rows_.begin(), table.rows_.end(), [](const Status& a, const Status& b) {
    return std::tie(a.position, a.name) < std::tie(b.position, b.name);
  });
  return table;
}

const std::string& StatusTable::initial() const {
  const auto open = std::find_if(rows_.begin(), rows_.end(), [](const Status& s) { return s.type == "open"; });
  return open == rows_.end() ? rows_.front().name : open->name;
}

const Status* StatusTable::find(std::string_view name) const {
  const auto at = std::find_if(rows_.begin(), rows_.end(), [&](const Status& s) { return s.name == name; });
  return at == rows_.end() ? nullptr : &*at;
}

void StatusTable::check_state(std::string_view name) const {
  if (find(name) == nullptr) refuse_state(name);
}

void StatusTable::check_move(std::string_view from, std::string_view to) const {
  check_state(to);
  const auto* row = find(from);
  if (row == nullptr) return;  // the tenant has dropped the state that the record is in: any way out is right
  if (std::find(row->moves.begin(), row->moves.end(), to) != row->moves.end()) return;
  std::string possible;
  for (const auto& move : row->moves) possible += (possible.empty() ? "" : ", ") + move;
  throw Refusal(ErrorCode::no_transition, "from " + row->name + " the status cannot become " + std::string(to) +
                                              (possible.empty() ? "; nothing is possible" : "; possible: " + possible))
      .at_field("status");
}

void seed_statuses(Tx& tx) {
  Query any;
  any.include_deleted = true;
  if (tx.count(type_of<Status>(), any) > 0) return;
  for (auto& status : default_statuses()) tx.save(status);
}

void check_status_record(Tx& tx, const void* before, void* after_record) {
  const auto& after = *static_cast<const Status*>(after_record);
  if (after.deleted_at) {
    check_unused(tx, after);
    return;
  }
  const bool appears = before == nullptr || static_cast<const Status*>(before)->deleted_at.has_value();
  if (appears) check_unique(tx, after);
}

}  // namespace interlock::domains
