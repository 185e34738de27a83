// SPDX-License-Identifier: Apache-2.0
// Who calls, and what they may do.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "model/record.h"

namespace interlock {

/// How far a permission reaches within a collection.
enum class Scope : std::uint8_t { none, own, assigned, all };

/// Who is known to call before the tenant's lane was asked: what a session or a token proves.
struct Caller {
  enum class Kind : std::uint8_t { anonymous, user, token, system };
  Kind kind = Kind::anonymous;
  Uuid user;              ///< identity of a user or of a token's owner; nil otherwise
  Uuid token;             ///< the API token's record, if kind is token
  std::string anonymous;  ///< the signed actor cookie's value, if kind is anonymous

  /// Whom idempotency keys belong to: the user or token owner, not the session.
  std::string key_owner() const;
  auto operator<=>(const Caller&) const = default;
};

/// A caller with the rights that the tenant's own records give, as of this instant of the lane.
struct Actor {
  Caller caller;
  Uuid id;           ///< user's id; nil for the system and for anonymous callers
  std::string name;  ///< shown in history and feed
  std::string role;  ///< owner, admin, staff, viewer, guest; system; empty for anonymous
  bool system = false;
  std::vector<std::string> permissions;              ///< "customers.read", "customers.*", "*"
  std::map<std::string, Scope, std::less<>> scopes;  ///< by collection; "" is the default

  /// `permission` is `family.verb`.
  bool allows(std::string_view permission) const;
  /// Whether it holds the permission to read records of this type.
  bool may_read(const RecordType& type) const;
  Scope scope(std::string_view collection) const;
  /// Whether permissions and scope reach a record of this type with this visibility. The read permission for the
  /// record's own collection is the caller's to check, since operations ask for others.
  bool sees(const RecordType& type, const Visibility& visibility) const;

 private:
  bool holds(std::string_view family, std::string_view verb) const;
};

}  // namespace interlock
