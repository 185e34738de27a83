// SPDX-License-Identifier: Apache-2.0
#include "domains/agency/applications.h"

namespace interlock::domains {

namespace {

constexpr std::string_view states[] = {"draft", "converted"};

constexpr auto interested_service_fields = fields<InterestedService>(
    field<&InterestedService::customer>(required, fixed, reference<Customer>(OnDelete::refuse)),
    field<&InterestedService::partner>(read_only, reference<Partner>(OnDelete::refuse)),
    field<&InterestedService::product>(required, reference<Product>(OnDelete::refuse)),
    field<&InterestedService::note>(max_bytes(10'000), mergeable),
    field<&InterestedService::expected_start>(max_bytes(10), mergeable),
    field<&InterestedService::expected_end>(max_bytes(10), mergeable),
    field<&InterestedService::status>(read_only, indexed, one_of(states)),
    field<&InterestedService::application>(read_only, reference<Application>(OnDelete::clear)));

}  // namespace

const RecordType& record_type_of(const InterestedService*) {
  static const RecordType type = make_record_type<InterestedService>(
      100, "interested_service", "interested-services", interested_service_fields,
      {.module = "agency", .visible_through = "customer", .before_save = &check_interested_service});
  return type;
}

}  // namespace interlock::domains
