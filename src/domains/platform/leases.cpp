// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/leases.h"

#include "base/json.h"
#include "model/tx.h"

namespace interlock::domains {

namespace {

void require_writable(Tx& tx, const Subject& subject) {
  const auto* type = record_type_by_number(subject.type);
  if (type == nullptr || !type->options.readable)
    throw Refusal(ErrorCode::not_found, "there is no such record").at_field("subject");
  const std::string family(type->permission());
  if (!tx.actor().allows(family + ".write") || tx.actor().id.is_nil())
    throw Refusal(ErrorCode::forbidden, "only who may change a record can hold its lease");
  RecordBox record(*type);
  tx.require_visible(*type, subject.id, record.get());
}

std::optional<Lease> find_lease(Reader& reader, const Subject& subject) {
  return reader.first<Lease>(where(&Lease::subject) == subject);
}

[[noreturn]] void refuse(const Lease& lease) {
  std::string holder = "\"holder\":";
  {
    JsonWriter json(holder);
    json.begin_object()
        .member("id", type_id_text("user", lease.user.uuid))
        .member("name", lease.user_name)
        .member("expires_at", rfc3339(lease.expires_at))
        .end_object();
  }
  throw Refusal(ErrorCode::leased, lease.user_name + " is editing").at_field("subject").with_extra(holder);
}

bool held_by_another(const Tx& tx, const std::optional<Lease>& lease) {
  return lease && lease->user.uuid != tx.actor().id && tx.now() < lease->expires_at;
}

}  // namespace

Lease take_lease(Tx& tx, const TakeLease& request) {
  require_writable(tx, request.subject);
  const auto held = find_lease(tx, request.subject);
  if (held_by_another(tx, held) && !request.take_over) refuse(*held);
  Lease lease = held.value_or(Lease{});
  lease.subject = request.subject;
  lease.user = {tx.actor().id};
  lease.user_name = tx.actor().name;
  lease.expires_at = tx.now() + limits::lease_time;
  tx.save(lease);
  return lease;
}

Lease renew_lease(Tx& tx, const LeaseRequest& request) { return take_lease(tx, {request.subject, false}); }

ReleasedLease release_lease(Tx& tx, const LeaseRequest& request) {
  require_writable(tx, request.subject);
  const auto held = find_lease(tx, request.subject);
  if (held_by_another(tx, held)) refuse(*held);
  if (held) tx.erase(id_of(*held));
  return {request.subject, held.has_value()};
}

std::optional<LeaseHolder> lease_on(Reader& reader, const Subject& subject, Time now) {
  const auto lease = find_lease(reader, subject);
  if (!lease || now >= lease->expires_at) return std::nullopt;
  return LeaseHolder{lease->user.uuid, lease->user_name, lease->expires_at};
}

bool purge_leases(Tx& tx) {
  const auto limit = static_cast<std::int64_t>(limits::job_batch_rows_max);
  const auto expired = tx.all<Lease>((where(&Lease::expires_at) <= tx.now()).at_most(limit));
  for (const auto& lease : expired) tx.erase(id_of(lease));
  return static_cast<std::int64_t>(expired.size()) == limit;
}

}  // namespace interlock::domains
