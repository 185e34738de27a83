// SPDX-License-Identifier: Apache-2.0
// Edit leases: "Ana is editing". Tenant lane; no idempotency key, since taking twice is renewing.
#pragma once

#include "domains/platform/lease.h"
#include "model/schema.h"

namespace interlock::domains {

struct TakeLease {
  Subject subject;
  bool take_over = false;  ///< from whoever holds it: allowed, and everyone sees whose it is now
};
inline constexpr auto take_lease_fields =
    fields<TakeLease>(field<&TakeLease::subject>(required), field<&TakeLease::take_over>());
INTERLOCK_STRUCT(TakeLease, take_lease_fields)

struct LeaseRequest {
  Subject subject;
};
inline constexpr auto lease_request_fields = fields<LeaseRequest>(field<&LeaseRequest::subject>(required));
INTERLOCK_STRUCT(LeaseRequest, lease_request_fields)

struct ReleasedLease {
  Subject subject;
  bool released = false;  ///< false: there was none
};
inline constexpr auto released_lease_fields =
    fields<ReleasedLease>(field<&ReleasedLease::subject>(), field<&ReleasedLease::released>());
INTERLOCK_STRUCT(ReleasedLease, released_lease_fields)

/// All three refuse: not_found (the subject, for this caller), forbidden (no write permission for it), leased (somebody
/// else holds it; `holder` has id, name and expires_at). A lease lasts limits::lease_time from the last take or
/// renewal.
Lease take_lease(Tx& tx, const TakeLease& request);
/// As take without take_over: a lease that expired meanwhile and was taken by nobody is the caller's again.
Lease renew_lease(Tx& tx, const LeaseRequest& request);
ReleasedLease release_lease(Tx& tx, const LeaseRequest& request);

/// The live lease on a record.
std::optional<LeaseHolder> lease_on(Reader& reader, const Subject& subject, Time now);

/// Job: erases expired leases, a bounded number at a time. True if there are more.
bool purge_leases(Tx& tx);

}  // namespace interlock::domains
