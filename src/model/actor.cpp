// SPDX-License-Identifier: Apache-2.0
#include "model/actor.h"

#include <algorithm>

namespace interlock {

std::string Caller::key_owner() const {
  switch (kind) {
    case Kind::anonymous:
      return "anonymous:" + anonymous;
    case Kind::user:
    case Kind::token:
      return "user:" + std::string(user.view());
    case Kind::system:
      return "system";
  }
  return {};
}

bool Actor::allows(std::string_view permission) const {
  if (system || permission.empty()) return true;
  const auto dot = permission.find('.');
  const auto verb = dot == std::string_view::npos ? std::string_view() : permission.substr(dot + 1);
  return holds(permission.substr(0, dot), verb);
}

bool Actor::may_read(const RecordType& type) const { return system || holds(type.permission(), "read"); }

bool Actor::holds(std::string_view family, std::string_view verb) const {
  return std::ranges::any_of(permissions, [&](std::string_view held) {
    if (held == "*") return true;
    if (!held.starts_with(family) || held.size() <= family.size() || held[family.size()] != '.') return false;
    held.remove_prefix(family.size() + 1);
    return held == verb || held == "*";
  });
}

Scope Actor::scope(std::string_view collection) const {
  if (system) return Scope::all;
  if (const auto at = scopes.find(collection); at != scopes.end()) return at->second;
  const auto fallback = scopes.find("");
  return fallback == scopes.end() ? Scope::none : fallback->second;
}

bool Actor::sees(const RecordType& type, const Visibility& visibility) const {
  if (visibility.gone) return false;
  const auto* scoped = &type;
  for (const auto* through : visibility.through) {
    if (through == nullptr) break;
    if (!may_read(*through)) return false;
    scoped = through;
  }
  const bool known = !id.is_nil();
  if (visibility.only_own) return system || (known && visibility.own == id);
  switch (scope(scoped->collection)) {
    case Scope::none:
      return false;
    case Scope::own:
      return known && visibility.own == id;
    case Scope::assigned:
      return known && (visibility.assigned == id || visibility.own == id);
    case Scope::all:
      return true;
  }
  return false;
}

}  // namespace interlock
