// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/users.h"

#include <algorithm>

#include "domains/platform/accounts.h"
#include "domains/platform/email.h"
#include "domains/platform/lanes.h"
#include "domains/platform/roles.h"
#include "domains/versions.h"

namespace interlock::domains {

namespace {

bool counts_as_owner(const User& user) { return user.role == "owner" && user.status == "active" && !user.deleted_at; }

void check_scopes(const User& user) {
  for (const auto& scope : user.scopes)
    if (!parse_scope(scope))
      throw Refusal(ErrorCode::invalid_value, "scopes are like customers:all, with none, own, assigned or all")
          .at_field("scopes");
}

/// A token may have less than its owner has, and then gives less too: else it could invite itself an owner.
void check_token_gives(const Actor& actor, const Role& role) {
  if (actor.caller.kind != Caller::Kind::token) return;
  const std::vector<std::string> given(role.permissions.begin(), role.permissions.end());
  const auto held = intersect_permissions(given, actor.permissions);
  const auto is_held = [&](const auto& one) { return std::find(held.begin(), held.end(), one) != held.end(); };
  if (!std::all_of(given.begin(), given.end(), is_held))
    throw Refusal(ErrorCode::forbidden, "a token gives no rights that it does not have").at_field("role");
}

/// Rights are given by people who have them: nobody rises above the one who lifts, nor touches one who stands above.
void check_who_changes(const Tx& tx, const User* before, const User& after) {
  const auto& actor = tx.actor();
  if (actor.system) return;
  require_owner_for(actor, after);
  if (before != nullptr) require_owner_for(actor, *before);
  const bool rights_change = before == nullptr || before->role != after.role || before->status != after.status ||
                             before->scopes != after.scopes || before->deleted_at != after.deleted_at;
  if (!rights_change) return;
  if (const auto* role = find_role(after.role); role && after.status != "disabled") check_token_gives(actor, *role);
  const bool role_changes = before == nullptr || before->role != after.role;
  if (role_changes && actor.role != "owner" && actor.role != "admin")
    throw Refusal(ErrorCode::forbidden, "only owners and admins give roles").at_field("role");
}

void check_status(const Tx& tx, const User* before, const User& after) {
  if (before == nullptr) {
    if (!tx.actor().system && after.status != user_transitions.initial())
      throw Refusal(ErrorCode::no_transition, "a member begins as invited").at_field("status");
    return;
  }
  if (before->status == after.status) return;
  // Only the link makes somebody a member, not a detour over disabled; and nobody is invited who is one already.
  const bool accepts = after.status == "active" && !before->joined_at;
  const bool invited_again = after.status == "invited" && before->joined_at;
  if (!user_transitions.leads(before->status, after.status) || (accepts && !tx.actor().system) || invited_again)
    throw Refusal(ErrorCode::no_transition, "from " + before->status + " a member cannot become " + after.status)
        .at_field("status");
}

void check_last_owner(Tx& tx, const User* before, const User& after) {
  if (before == nullptr || !counts_as_owner(*before) || counts_as_owner(after)) return;
  auto others = where(&User::role) == "owner" && where(&User::status) == "active";
  others.conditions.push_back({&header_field::id(), Comparison::not_equal, {after.id}});
  if (tx.count(type_of<User>(), others) == 0) throw Refusal(ErrorCode::last_owner);
}

/// `token_digest`: of the link that was made here; empty: the platform makes one and mails it.
void ask_for_link(Tx& tx, const User& user, std::string_view token_digest = {}) {
  JsonObject request{{"tenant", Json(type_id_text("tenant", tx.tenant().uuid))},
                     {"user", json_id(id_of(user))},
                     {"email", Json(user.email)},
                     {"name", Json(user.name)}};
  if (!token_digest.empty()) request.emplace_back("token_digest", Json(token_digest));
  send_to_lane(tx, platform_lane(), "members/invite", std::move(request), type_id_text("user", user.id));
}

User require_member(Tx& tx, const UserVersion& request) {
  auto user = tx.require<User>(request.id);
  require_version(user, request.version);
  return user;
}

User require_invited(Tx& tx, const UserVersion& request) {
  auto user = require_member(tx, request);
  require_owner_for(tx.actor(), user);
  if (user.status != "invited")
    throw Refusal(ErrorCode::no_transition, "only who is invited can be invited again").at_field("status");
  return user;
}

void fill(User& user, std::string_view email, std::string_view name, std::string_view role,
          const std::vector<std::string>& scopes) {
  if (find_role(role) == nullptr)
    throw Refusal(ErrorCode::invalid_value, "role must be owner, admin, staff, viewer or guest").at_field("role");
  user.email = account_email(email);
  user.name = name;
  user.role = role;
  user.scopes = scopes;
}

}  // namespace

void require_owner_for(const Actor& actor, const User& member) {
  if (actor.system || actor.role == "owner" || member.role != "owner") return;
  throw Refusal(ErrorCode::forbidden, "only an owner decides about owners").at_field("role");
}

void check_user(Tx& tx, const void* before_record, void* after_record) {
  const auto* before = static_cast<const User*>(before_record);
  auto& after = *static_cast<User*>(after_record);
  if (before == nullptr) {
    after.email = account_email(after.email);
    if (after.status.empty()) after.status = user_transitions.initial();
  }
  check_scopes(after);
  check_status(tx, before, after);
  const bool joined = after.status == "active" || (before != nullptr && before->status == "active");
  if (joined && !after.joined_at) after.joined_at = tx.now();
  check_who_changes(tx, before, after);
  check_last_owner(tx, before, after);
}

User invite_user(Tx& tx, const InviteUser& request) {
  User user;
  if (request.id) user.id = request.id->uuid;
  fill(user, new_account_email(request.email), request.name, request.role, request.scopes);
  if (tx.first<User>(where(&User::email) == user.email))
    throw Refusal(ErrorCode::not_unique, "there is a member with this address").at_field("email");
  tx.save(user);
  ask_for_link(tx, user);
  return user;
}

User reinvite_user(Tx& tx, const UserVersion& request) {
  const auto user = require_invited(tx, request);
  ask_for_link(tx, user);
  return user;
}

InvitationLink invitation_link(Tx& tx, const UserVersion& request) {
  const auto user = require_invited(tx, request);
  if (const auto* role = find_role(user.role)) check_token_gives(tx.actor(), *role);
  const auto token = random_hex(tx.random(), 32);
  ask_for_link(tx, user, secret_digest(token));
  return {id_of(user), token, tx.now() + limits::one_time_link_life};
}

User disable_user(Tx& tx, const UserVersion& request) {
  auto user = require_member(tx, request);
  move(user_transitions, user.status, "disable");
  tx.save(user);
  return user;
}

User enable_user(Tx& tx, const UserVersion& request) {
  auto user = require_member(tx, request);
  move(user_transitions, user.status, user.joined_at ? "enable" : "invite");
  tx.save(user);
  return user;
}

User update_profile(Tx& tx, const UpdateProfile& request) {
  auto user = tx.find<User>({tx.actor().id});
  if (!user) throw Refusal(ErrorCode::unauthenticated);
  user->name = request.name;
  tx.save(*user);
  return *user;
}

User admit_user(Tx& tx, const AdmitUser& request) {
  if (auto known = tx.find<User>(request.id)) return *known;
  User user;
  user.id = request.id.uuid;
  user.status = "active";
  fill(user, request.email, request.name, request.role, request.scopes);
  tx.save(user);
  return user;
}

User activate_user(Tx& tx, const ActivateUser& request) {
  auto user = tx.require<User>(request.user);
  if (user.status != "invited") return user;
  move(user_transitions, user.status, "activate");
  if (!request.name.empty()) user.name = request.name;
  tx.save(user);
  return user;
}

}  // namespace interlock::domains
