// SPDX-License-Identifier: Apache-2.0
#include "http/upload_places.h"

#include <array>
#include <string>

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::http {
namespace {

struct Share {
  Uuid holder;
  std::size_t places_max;
  const char* called;
};

}  // namespace

std::shared_ptr<void> UploadPlaces::take(const Uuid& session, const Uuid& person, const Uuid& tenant) {
  const std::array<Share, 3> shares = {{{session, limits::uploads_per_session_max, "session"},
                                        {person, limits::uploads_per_person_max, "person"},
                                        {tenant, limits::uploads_per_tenant_max, "tenant"}}};
  const std::lock_guard lock(taken_->mutex);
  for (const auto& share : shares) {
    const auto found = taken_->by_holder.find(share.holder);
    if (found == taken_->by_holder.end() || found->second < share.places_max) continue;
    throw Refusal(ErrorCode::too_many, "This " + std::string(share.called) + " has too many uploads in progress")
        .with_limit(static_cast<std::int64_t>(share.places_max));
  }
  if (taken_->all >= limits::uploads_at_once_max) throw Refusal(ErrorCode::overloaded);
  for (const auto& share : shares) ++taken_->by_holder[share.holder];
  ++taken_->all;
  return {nullptr, [taken = taken_, shares](void*) {
            const std::lock_guard guard(taken->mutex);
            --taken->all;
            for (const auto& share : shares) {
              const auto found = taken->by_holder.find(share.holder);
              if (--found->second == 0) taken->by_holder.erase(found);
            }
          }};
}

}  // namespace interlock::http
