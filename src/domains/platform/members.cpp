// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/members.h"

#include "domains/platform/email.h"
#include "domains/platform/lanes.h"
#include "domains/platform/links.h"
#include "domains/platform/mails.h"

namespace interlock::domains {

namespace {

std::optional<TenantMember> find_member(Tx& tx, Id<Identity> identity, Id<Tenant> tenant) {
  return tx.first<TenantMember>(where(&TenantMember::identity) == identity && where(&TenantMember::tenant) == tenant);
}

}  // namespace

Identity ensure_identity(Tx& tx, std::string_view email, std::string_view name, const Uuid& id_if_new) {
  const auto address = account_email(email);
  if (auto known = tx.first<Identity>(where(&Identity::email) == address)) return *known;
  Identity identity;
  // A client may have chosen the user's id so that it meets another tenant's: then the identity gets one of its own.
  Identity taken;
  if (!tx.load(type_of<Identity>(), id_if_new, &taken)) identity.id = id_if_new;
  identity.email = address;
  identity.name = name;
  tx.save(identity);
  return identity;
}

TenantMember ensure_member(Tx& tx, Id<Identity> identity, Id<Tenant> tenant, Id<User> user, bool accepted) {
  if (!tx.find<Tenant>(tenant)) throw Refusal(ErrorCode::not_found, "there is no such tenant").at_field("tenant");
  const auto known = find_member(tx, identity, tenant);
  TenantMember member = known.value_or(TenantMember{{}, identity, tenant, user, std::nullopt});
  const bool newly_accepted = accepted && !member.accepted_at;
  if (newly_accepted) member.accepted_at = tx.now();
  if (!known || newly_accepted) tx.save(member);
  return member;
}

InvitedMember invite_member(Tx& tx, const InviteMember& request) {
  const auto identity = ensure_identity(tx, request.email, request.name, request.user.uuid);
  const auto member = ensure_member(tx, id_of(identity), request.tenant, request.user, false);
  InvitedMember invited;
  invited.identity = id_of(identity);
  invited.user = member.user;
  invited.has_password = !identity.password_hash.empty();
  invited.expires_at = tx.now() + limits::one_time_link_life;
  if (!request.token_digest.empty()) {
    keep_invitation_link(tx, request.token_digest, id_of(identity), request.tenant);
  } else if (const auto token = make_link(tx, "invite", id_of(identity), request.tenant)) {
    const auto tenant = tx.require<Tenant>(request.tenant);
    if (request.mail.value_or(true)) send_invitation_mail(tx, identity, tenant, *token);
    invited.token = *token;
  }
  return invited;
}

AdmittedMember admit_member(Tx& tx, const AdmitMember& request) {
  auto identity = ensure_identity(tx, request.email, request.name, request.user.uuid);
  if (identity.password_hash.empty() && !request.password_hash.empty()) {
    identity.password_hash = request.password_hash;
    tx.save(identity);
  }
  const auto member = ensure_member(tx, id_of(identity), request.tenant, request.user, true);
  return {id_of(identity), member.user};
}

AcceptedInvitation accept_invitation(Tx& tx, const AcceptInvitation& request) {
  const auto link = use_link(tx, request.token_digest, "invite");
  auto identity = tx.find<Identity>(link.identity);
  if (!identity || !link.tenant) throw Refusal(ErrorCode::link_invalid);
  auto member = find_member(tx, link.identity, *link.tenant);
  if (!member) throw Refusal(ErrorCode::link_invalid);
  const bool has_password = !identity->password_hash.empty();
  if (!has_password && request.password_hash.empty()) throw Refusal(ErrorCode::required).at_field("password");
  if (has_password && !request.password_hash.empty())
    throw Refusal(ErrorCode::invalid_value, "this account has a password already").at_field("password");
  if (!has_password) {
    identity->password_hash = request.password_hash;
    if (!request.name.empty()) identity->name = request.name;
    tx.save(*identity);
  }
  if (!member->accepted_at) {
    member->accepted_at = tx.now();
    tx.save(*member);
  }
  send_to_lane(tx, {link.tenant->uuid}, "users/activate",
               {{"user", json_id(member->user)}, {"name", Json(request.name)}},
               type_id_text("user", member->user.uuid));
  return {link.identity, *link.tenant, member->user};
}

}  // namespace interlock::domains
