// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/links.h"

#include <algorithm>

#include "domains/platform/accounts.h"

namespace interlock::domains {

namespace {

bool is_good(const OneTimeLink& link, Time now) { return !link.used_at && now < link.expires_at; }

std::vector<OneTimeLink> good_links(Tx& tx, std::string_view purpose, Id<Identity> identity,
                                    std::optional<Id<Tenant>> tenant) {
  std::vector<OneTimeLink> good;
  for (auto& link : tx.all<OneTimeLink>(where(&OneTimeLink::identity) == identity))
    if (link.purpose == purpose && link.tenant == tenant && is_good(link, tx.now())) good.push_back(std::move(link));
  return good;
}

void save_link(Tx& tx, std::string_view token_digest, std::string_view purpose, Id<Identity> identity,
               std::optional<Id<Tenant>> tenant) {
  OneTimeLink link;
  link.token_digest = token_digest;
  link.purpose = purpose;
  link.identity = identity;
  link.tenant = tenant;
  link.expires_at = tx.now() + limits::one_time_link_life;
  tx.save(link);
}

}  // namespace

std::optional<std::string> make_link(Tx& tx, std::string_view purpose, Id<Identity> identity,
                                     std::optional<Id<Tenant>> tenant) {
  if (good_links(tx, purpose, identity, tenant).size() >= limits::live_links_per_identity_max) return std::nullopt;
  const auto token = random_hex(tx.random(), 32);
  save_link(tx, secret_digest(token), purpose, identity, tenant);
  return token;
}

void keep_invitation_link(Tx& tx, std::string_view token_digest, Id<Identity> identity, Id<Tenant> tenant) {
  if (tx.first<OneTimeLink>(where(&OneTimeLink::token_digest) == token_digest)) return;  // the message came twice
  auto good = good_links(tx, "invite", identity, tenant);
  if (good.size() >= limits::live_links_per_identity_max) {
    auto& oldest = *std::min_element(good.begin(), good.end(),
                                     [](const auto& a, const auto& b) { return a.expires_at < b.expires_at; });
    oldest.used_at = tx.now();
    tx.save(oldest);
  }
  save_link(tx, token_digest, "invite", identity, tenant);
}

OneTimeLink use_link(Tx& tx, std::string_view token_digest, std::string_view purpose) {
  auto link = tx.first<OneTimeLink>(where(&OneTimeLink::token_digest) == token_digest);
  if (!link || link->purpose != purpose || !is_good(*link, tx.now())) throw Refusal(ErrorCode::link_invalid);
  link->used_at = tx.now();
  tx.save(*link);
  return *link;
}

void spend_reset_links(Tx& tx, Id<Identity> identity) {
  for (auto& link : good_links(tx, "reset", identity, std::nullopt)) {
    link.used_at = tx.now();
    tx.save(link);
  }
}

CreatedLink create_link(Tx& tx, const CreateLink& request) {
  const auto identity = find_identity(tx, request.email);
  if (!identity) throw Refusal(ErrorCode::not_found, "there is no account with this address").at_field("email");
  if (request.purpose != "reset" && request.purpose != "invite")
    throw Refusal(ErrorCode::invalid_value, "purpose must be invite or reset").at_field("purpose");
  if (request.purpose == "invite" && !request.tenant)
    throw Refusal(ErrorCode::required, "an invitation names its tenant").at_field("tenant");
  const auto token = make_link(tx, request.purpose, id_of(*identity), request.tenant);
  if (!token)
    throw Refusal(ErrorCode::too_many, "there are enough links that were not used yet")
        .with_limit(limits::live_links_per_identity_max);
  return {id_of(*identity), *token, tx.now() + limits::one_time_link_life};
}

bool purge_links(Tx& tx) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  const auto old = tx.all<OneTimeLink>((where(&OneTimeLink::expires_at) <= tx.now()).at_most(limit));
  for (const auto& link : old) tx.erase(id_of(link));
  return static_cast<std::int64_t>(old.size()) == limit;
}

}  // namespace interlock::domains
