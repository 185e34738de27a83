// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/settings.h"

namespace interlock::domains {

namespace {

constexpr auto settings_fields = fields<Settings>(
    field<&Settings::language>(required, max_bytes(35), mergeable),
    field<&Settings::currency>(required, max_bytes(3), mergeable),
    field<&Settings::time_zone>(required, max_bytes(64), mergeable),
    field<&Settings::first_day_of_week>(between(1, 7), mergeable), field<&Settings::country>(max_bytes(2), mergeable),
    field<&Settings::modules>(mergeable), field<&Settings::labels>(max_bytes(16 * 1024), mergeable),
    field<&Settings::binding_leases>(mergeable));

}  // namespace

const RecordType& record_type_of(const Settings*) {
  static const RecordType type =
      make_record_type<Settings>(3, "settings", "settings", settings_fields,
                                 {.creatable = false, .deletable = false, .before_save = &check_settings});
  return type;
}

}  // namespace interlock::domains
