// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/mails.h"

#include "base/json.h"

namespace interlock::domains {

namespace {

void send_mail(Tx& tx, const Identity& to, std::string_view name, JsonObject more) {
  JsonObject mail{{"template", Json(name)}, {"to", Json(to.email)}, {"name", Json(to.name)}};
  for (auto& member : more) mail.push_back(std::move(member));
  tx.send({"mail", to.email, json_text(Json(std::move(mail))), type_id_text("identity", to.id)});
}

}  // namespace

void send_invitation_mail(Tx& tx, const Identity& to, const Tenant& tenant, std::string_view token) {
  send_mail(tx, to, "invitation", {{"tenant", Json(tenant.name)}, {"token", Json(token)}});
}

void send_reset_mail(Tx& tx, const Identity& to, std::string_view token) {
  send_mail(tx, to, "password_reset", {{"token", Json(token)}});
}

void send_password_changed_mail(Tx& tx, const Identity& to) { send_mail(tx, to, "password_changed", {}); }

}  // namespace interlock::domains
