// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/roles.h"

#include <algorithm>
#include <array>

namespace interlock::domains {

namespace {

// The owner's own things (the tenant itself: its export and erasure) have the family `tenant` and stand in no other
// row.
constexpr std::string_view owner_permissions[] = {"*"};
constexpr std::string_view admin_permissions[] = {"users.*",
                                                  "settings.*",
                                                  "api-tokens.*",
                                                  "leases.*",
                                                  "audit.*",
                                                  "outbox.*",
                                                  "operations.*",
                                                  "customers.*",
                                                  "comments.*",
                                                  "activities.*",
                                                  "statuses.*",
                                                  "tasks.*",
                                                  "notes.*",
                                                  "checklist-items.*",
                                                  "partners.*",
                                                  "products.*",
                                                  "interested-services.*",
                                                  "applications.*",
                                                  "documents.*",
                                                  "files.*"};
// The catalogue is kept by everybody in the office; only admins take something out of it.
constexpr std::string_view staff_permissions[] = {"users.read",        "settings.read",   "api-tokens.read",
                                                  "api-tokens.write",  "leases.read",     "statuses.read",
                                                  "customers.read",    "customers.write", "customers.delete",
                                                  "comments.read",     "comments.write",  "activities.read",
                                                  "activities.write",  "tasks.*",         "notes.*",
                                                  "checklist-items.*", "partners.read",   "partners.write",
                                                  "products.read",     "products.write",  "interested-services.*",
                                                  "applications.*",    "files.read",      "files.write",
                                                  "files.delete",      "documents.*"};
constexpr std::string_view viewer_permissions[] = {"users.read",
                                                   "settings.read",
                                                   "leases.read",
                                                   "statuses.read",
                                                   "customers.read",
                                                   "comments.read",
                                                   "activities.read",
                                                   "tasks.read",
                                                   "notes.read",
                                                   "checklist-items.read",
                                                   "partners.read",
                                                   "products.read",
                                                   "interested-services.read",
                                                   "applications.read",
                                                   "files.read",
                                                   "documents.read"};
constexpr std::string_view guest_permissions[] = {"settings.read",  "statuses.read", "customers.read", "comments.read",
                                                  "comments.write", "files.read",    "files.write"};

constexpr RoleScope everything[] = {{"", Scope::all}};
constexpr RoleScope assigned_things[] = {{"", Scope::assigned},     {"users", Scope::all},    {"settings", Scope::all},
                                         {"statuses", Scope::all},  {"partners", Scope::all}, {"products", Scope::all},
                                         {"api-tokens", Scope::own}};
constexpr RoleScope own_things[] = {{"", Scope::own}, {"settings", Scope::all}, {"statuses", Scope::all}};

constexpr Role table[] = {
    {"owner", owner_permissions, everything},      {"admin", admin_permissions, everything},
    {"staff", staff_permissions, assigned_things}, {"viewer", viewer_permissions, assigned_things},
    {"guest", guest_permissions, own_things},
};

constexpr auto names = [] {
  std::array<std::string_view, std::size(table)> result;
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = table[i].name;
  return result;
}();

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Whether everything that `narrow` allows is allowed by `wide` too.
bool covers(std::string_view wide, std::string_view narrow) {
  if (wide == "*" || wide == narrow) return true;
  if (!wide.ends_with(".*")) return false;
  const auto family = wide.substr(0, wide.size() - 1);  // with the dot
  return narrow.starts_with(family);
}

}  // namespace

std::span<const Role> roles() { return table; }
std::span<const std::string_view> role_names() { return names; }

const Role* find_role(std::string_view name) {
  const auto at = std::find_if(std::begin(table), std::end(table), [&](const Role& r) { return r.name == name; });
  return at == std::end(table) ? nullptr : at;
}

std::optional<std::pair<std::string, Scope>> parse_scope(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto collection = text.substr(0, colon);
  const auto reach = text.substr(colon + 1);
  if (collection != "*" && !is_word(collection)) return std::nullopt;
  const std::string key = collection == "*" ? "" : std::string(collection);
  if (reach == "none") return std::pair{key, Scope::none};
  if (reach == "own") return std::pair{key, Scope::own};
  if (reach == "assigned") return std::pair{key, Scope::assigned};
  if (reach == "all") return std::pair{key, Scope::all};
  return std::nullopt;
}

bool is_permission(std::string_view text) {
  if (text == "*") return true;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto verb = text.substr(dot + 1);
  return is_word(text.substr(0, dot)) && (verb == "*" || is_word(verb));
}

std::vector<std::string> intersect_permissions(std::span<const std::string> a, std::span<const std::string> b) {
  std::vector<std::string> both;
  for (const auto& x : a)
    for (const auto& y : b) {
      if (covers(x, y))
        both.push_back(y);
      else if (covers(y, x))
        both.push_back(x);
    }
  std::sort(both.begin(), both.end());
  both.erase(std::unique(both.begin(), both.end()), both.end());
  return both;
}

}  // namespace interlock::domains
