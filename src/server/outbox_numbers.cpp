// SPDX-License-Identifier: Apache-2.0
#include "server/outbox_numbers.h"

#include <algorithm>
#include <charconv>

#include "engine/outbox_facts.h"

namespace interlock::server {
namespace {

std::int64_t number_in(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::int64_t highest_number_seen(store::ReadAccess& lane, TenantId source) {
  return number_in(lane.fact(engine::high_water_fact(source)));
}

void raise_outbox_number(store::Store& store, TenantId lane, std::int64_t number) {
  const auto opened = store.open(lane, false);
  auto& writer = opened->writer();
  if (number_in(writer.fact(engine::outbox_number_fact)) >= number) return;
  writer.begin();
  writer.put_fact(engine::outbox_number_fact, std::to_string(number));
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
