// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/record.h"
#include "model/tx.h"

namespace interlock::domains {

/// A tenant's own choices: one record with the fixed id settings_id(). Changed by the generic update, with a version.
struct Settings : RecordHeader {
  std::string language;                     ///< BCP 47: `en`, `de-AT`
  std::string currency;                     ///< ISO 4217
  std::string time_zone;                    ///< IANA: `Europe/Vienna`
  std::int64_t first_day_of_week = 1;       ///< 1 Monday to 7 Sunday
  std::string country;                      ///< ISO 3166-1 alpha-2, or empty
  std::vector<std::string> modules;         ///< that are on; `core` always is
  JsonText labels{"{}"};                    ///< {"customer":"client"}: what the tenant calls things
  std::vector<std::string> binding_leases;  ///< collections whose edit leases bind
};
INTERLOCK_RECORD(Settings)

Id<Settings> settings_id();

/// The tenant's settings; the defaults if there are none yet.
Settings settings_of(Reader& reader);

/// Makes the settings if there are none.
void seed_settings(Tx& tx, std::string_view language, std::string_view currency, std::string_view time_zone,
                   std::string_view country);

/// before_save of settings. Refuses invalid_value with the field's name. Looks at what changed only: a time zone that
/// the tz database no longer has stays until somebody chooses another, and stands in nobody's way.
void check_settings(Tx& tx, const void* before, void* after);

}  // namespace interlock::domains
