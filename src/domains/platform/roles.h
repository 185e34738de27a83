// SPDX-License-Identifier: Apache-2.0
// What a role may do, as one table. A membership's own scopes go over the role's; see rights.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/actor.h"

namespace interlock::domains {

struct RoleScope {
  std::string_view collection;  ///< empty: every collection that is not named
  Scope scope;
};

struct Role {
  std::string_view name;
  std::span<const std::string_view> permissions;  ///< as in Actor::permissions
  std::span<const RoleScope> scopes;
};

/// owner, admin, staff, viewer, guest: from the most to the least.
std::span<const Role> roles();
/// The names alone, for a field's one_of.
std::span<const std::string_view> role_names();
/// nullptr if there is no such role.
const Role* find_role(std::string_view name);

/// `collection:none|own|assigned|all`, or `*:…` for every collection that is not named; nothing for anything else.
std::optional<std::pair<std::string, Scope>> parse_scope(std::string_view text);

/// Whether the text is `*`, `family.*` or `family.verb` in lower case, digits and hyphens.
bool is_permission(std::string_view text);
/// What both lists allow, patterns included: {"*"} and {"customers.*"} give {"customers.*"}.
std::vector<std::string> intersect_permissions(std::span<const std::string> a, std::span<const std::string> b);

}  // namespace interlock::domains
