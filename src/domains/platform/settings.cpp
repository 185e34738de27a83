// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/settings.h"

#include <date/tz.h>

#include <algorithm>

#include "base/json.h"
#include "base/money.h"

namespace interlock::domains {

namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Subtags of 2 to 8 letters and digits, joined by hyphens.
bool is_language(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    if (c == '-') {
      if (length < 2) return false;
      length = 0;
    } else if (!is_alphanumeric(c) || ++length > 8) {
      return false;
    }
  }
  return length >= 2;
}

bool is_time_zone(std::string_view text) {
  const auto& zones = date::get_tzdb().zones;  // sorted by name
  const auto at = std::lower_bound(zones.begin(), zones.end(), text,
                                   [](const auto& zone, std::string_view name) { return zone.name() < name; });
  return at != zones.end() && at->name() == text;
}

bool is_country(std::string_view text) {
  return text.empty() ||
         (text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
}

bool are_labels(std::string_view text) {
  const auto json = parse_json(text);
  const auto* members = json.if_object();
  return members != nullptr &&
         std::all_of(members->begin(), members->end(), [](const auto& m) { return m.second.if_text() != nullptr; });
}

void demand(bool holds, const char* field, const char* what) {
  if (!holds) throw Refusal(ErrorCode::invalid_value, what).at_field(field);
}

Settings default_settings() {
  Settings settings;
  settings.id = settings_id().uuid;
  settings.language = "en";
  settings.currency = "EUR";
  settings.time_zone = "UTC";
  settings.modules = {"crm"};
  return settings;
}

Settings settings_with(const SettingsChoices& choices) {
  auto settings = default_settings();
  if (!choices.language.empty()) settings.language = choices.language;
  if (!choices.currency.empty()) settings.currency = choices.currency;
  if (!choices.time_zone.empty()) settings.time_zone = choices.time_zone;
  settings.country = choices.country;
  if (!choices.modules.empty()) settings.modules = choices.modules;
  return settings;
}

bool contains(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void check_modules(const Settings* old, const Settings& settings) {
  for (const auto& name : settings.modules) {
    if (contains(all_modules, name) || (old != nullptr && contains(old->modules, name))) continue;
    std::string known;
    for (const auto module : all_modules) known += (known.empty() ? "" : ", ") + std::string(module);
    throw Refusal(ErrorCode::invalid_value, "there is no module " + name + "; there are " + known).at_field("modules");
  }
}

void check(const Settings* old, const Settings& settings) {
  const auto unchanged = [&](auto Settings::*member) { return old != nullptr && old->*member == settings.*member; };
  demand(unchanged(&Settings::language) || is_language(settings.language), "language", "not a language tag (BCP 47)");
  demand(unchanged(&Settings::currency) || parse_currency(settings.currency).has_value(), "currency",
         "not a currency code (ISO 4217)");
  demand(unchanged(&Settings::time_zone) || is_time_zone(settings.time_zone), "time_zone",
         "not the name of a time zone (IANA)");
  demand(unchanged(&Settings::country) || is_country(settings.country), "country", "not a country code (ISO 3166)");
  check_modules(old, settings);
  demand((old != nullptr && old->labels.text == settings.labels.text) || are_labels(settings.labels.text), "labels",
         "labels are an object of texts");
}

}  // namespace

Id<Settings> settings_id() {
  Id<Settings> id;
  id.uuid.bytes.back() = 1;
  return id;
}

Settings settings_of(Reader& reader) { return reader.find(settings_id()).value_or(default_settings()); }

void check_choices(const SettingsChoices& choices) { check(nullptr, settings_with(choices)); }

void seed_settings(Tx& tx, const SettingsChoices& choices) {
  if (tx.find(settings_id())) return;
  auto settings = settings_with(choices);
  tx.save(settings);
}

void check_settings(Tx&, const void* before, void* after) {
  check(static_cast<const Settings*>(before), *static_cast<const Settings*>(after));
}

}  // namespace interlock::domains
