// SPDX-License-Identifier: Apache-2.0
#include "domains/catalogue/catalogue.h"

namespace interlock::domains {

namespace {

constexpr auto partner_fields = fields<Partner>(
    field<&Partner::name>(required, max_bytes(200), searchable, mergeable),
    field<&Partner::kind>(max_bytes(64), indexed, mergeable),
    field<&Partner::contact>(max_bytes(200), searchable, mergeable),
    field<&Partner::email>(max_bytes(320), searchable, mergeable),
    field<&Partner::phone>(max_bytes(64), searchable, mergeable), field<&Partner::website>(max_bytes(500), mergeable),
    field<&Partner::address>(max_bytes(1'000), mergeable), field<&Partner::tags>(mergeable),
    field<&Partner::assigned_to>(reference<User>(OnDelete::clear)), field<&Partner::active>(mergeable));

}  // namespace

const RecordType& record_type_of(const Partner*) {
  static const RecordType type = make_record_type<Partner>(
      80, "partner", "partners", partner_fields,
      {.module = "catalogue", .assigned_field = "assigned_to", .default_sort = "name", .before_save = &check_partner});
  return type;
}

}  // namespace interlock::domains
