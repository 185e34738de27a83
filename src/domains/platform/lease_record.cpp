// SPDX-License-Identifier: Apache-2.0
#include "domains/platform/lease.h"

namespace interlock::domains {

namespace {

constexpr auto lease_fields =
    fields<Lease>(field<&Lease::subject>(required, indexed), field<&Lease::user>(reference<User>(OnDelete::cascade)),
                  field<&Lease::user_name>(), field<&Lease::expires_at>(indexed));

}  // namespace

const RecordType& record_type_of(const Lease*) {
  static const RecordType type = make_record_type<Lease>(4, "lease", "leases", lease_fields,
                                                         {.logged = false,
                                                          .append_only = true,
                                                          .creatable = false,
                                                          .deletable = false,
                                                          .visible_through = "subject",
                                                          .default_sort = "-expires_at",
                                                          .announces_lease = true});
  return type;
}

}  // namespace interlock::domains
