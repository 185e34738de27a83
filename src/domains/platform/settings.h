// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

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
  JsonText labels{"{}"};                    ///< {"customer":"client"}: what the tenant calls things, in its language
  std::vector<std::string> binding_leases;  ///< collections whose edit leases bind
};
INTERLOCK_RECORD(Settings)

/// What a tenant may switch on beside `core`; each type and operation of the schema belongs to one of them.
inline constexpr std::array<std::string_view, 3> all_modules = {"crm", "catalogue", "agency"};

/// What is chosen when a tenant is made. What is empty is as default: `en`, `EUR`, `UTC`, no country, `crm` only.
struct SettingsChoices {
  std::string language, currency, time_zone, country;
  std::vector<std::string> modules;
};
template <class Request>
SettingsChoices settings_choices(const Request& request) {
  return {request.language, request.currency, request.time_zone, request.country, request.modules};
}

Id<Settings> settings_id();

/// The tenant's settings; the defaults if there are none yet.
Settings settings_of(Reader& reader);

/// Whether a tenant can begin with these: who decides elsewhere that there will be one asks first. Refuses as
/// check_settings does.
void check_choices(const SettingsChoices& choices);

/// Makes the settings if there are none.
void seed_settings(Tx& tx, const SettingsChoices& choices);

/// before_save of settings. Refuses invalid_value with the field's name. Looks at what changed only: a time zone that
/// the tz database no longer has, or a module of another release, stays until somebody chooses another, and stands in
/// nobody's way.
void check_settings(Tx& tx, const void* before, void* after);

}  // namespace interlock::domains
