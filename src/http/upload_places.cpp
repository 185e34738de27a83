// SPDX-License-Identifier: Apache-2.0
#include "http/upload_places.h"

#include "base/limits.h"
#include "base/refusal.h"

namespace interlock::http {

std::shared_ptr<void> UploadPlaces::take(const Uuid& holder) {
  const std::lock_guard lock(taken_->mutex);
  if (taken_->all >= limits::uploads_at_once_max) throw Refusal(ErrorCode::overloaded);
  auto& own = taken_->by_holder[holder];
  if (own >= limits::uploads_per_session_max) {
    throw Refusal(ErrorCode::too_many, "This session has too many uploads in progress")
        .with_limit(static_cast<std::int64_t>(limits::uploads_per_session_max));
  }
  ++own;
  ++taken_->all;
  return {nullptr, [taken = taken_, holder](void*) {
            const std::lock_guard guard(taken->mutex);
            --taken->all;
            const auto found = taken->by_holder.find(holder);
            if (--found->second == 0) taken->by_holder.erase(found);
          }};
}

}  // namespace interlock::http
