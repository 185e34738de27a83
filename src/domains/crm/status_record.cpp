// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/status.h"
#include "domains/crm/statuses.h"

namespace interlock::domains {

namespace {

constexpr std::string_view types[] = {"open", "ongoing", "won", "lost"};
constexpr std::string_view collections[] = {"customers"};

constexpr auto status_fields =
    fields<Status>(field<&Status::collection>(required, fixed, indexed, one_of(collections)),
                   field<&Status::name>(required, fixed, max_bytes(64)), field<&Status::type>(required, one_of(types)),
                   field<&Status::position>(between(0, 1'000'000)), field<&Status::moves>(max_bytes(64)));

}  // namespace

const RecordType& record_type_of(const Status*) {
  static const RecordType type =
      make_record_type<Status>(60, "status", "statuses", status_fields,
                               {.module = "crm", .default_sort = "position", .before_save = &check_status_record});
  return type;
}

}  // namespace interlock::domains
