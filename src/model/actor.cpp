// SPDX-License-Identifier: Apache-2.0
#include "model/actor.h"

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
  const auto family = permission.substr(0, permission.find('.'));
  for (const auto& held : permissions) {
    if (held == "*" || held == permission) return true;
    if (held.size() == family.size() + 2 && held.starts_with(family) && held.ends_with(".*")) return true;
  }
  return false;
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
    if (!allows(std::string(through->permission()) + ".read")) return false;
    scoped = through;
  }
  const bool known = !id.is_nil();
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
