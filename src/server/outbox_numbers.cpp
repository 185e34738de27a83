// SPDX-License-Identifier: Apache-2.0
#include "server/outbox_numbers.h"

#include <algorithm>
#include <charconv>

namespace interlock::server {
namespace {

// Facts that the engine keeps with each lane (engine/lane.cpp).
constexpr std::string_view number_fact = "outbox_number";
constexpr std::string_view seen_fact_prefix = "from.";

std::int64_t number_in(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::int64_t highest_number_seen(store::ReadAccess& lane, TenantId source) {
  return number_in(lane.fact(std::string(seen_fact_prefix) + hex(source.uuid.view())));
}

void raise_outbox_number(store::Store& store, TenantId lane, std::int64_t number) {
  const auto opened = store.open(lane, false);
  auto& writer = opened->writer();
  if (number_in(writer.fact(number_fact)) >= number) return;
  writer.begin();
  writer.put_fact(number_fact, std::to_string(number));
  writer.commit();
}

void align_outbox_numbers(store::Store& store) {
  const auto platform = store::platform_tenant();
  std::int64_t seen_of_platform = 0;
  for (const auto tenant : store.tenants()) {
    if (tenant == platform) continue;
    const auto seen = highest_number_seen(store.open(platform, false)->writer(), tenant);
    raise_outbox_number(store, tenant, seen);
    seen_of_platform = std::max(seen_of_platform, highest_number_seen(store.open(tenant, false)->writer(), platform));
  }
  raise_outbox_number(store, platform, seen_of_platform);
}

}  // namespace interlock::server
