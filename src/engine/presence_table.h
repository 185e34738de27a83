// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "engine/presence.h"
#include "model/schema.h"

namespace interlock::engine {

class PresenceTable final : public Presence {
 public:
  /// `announce` is called without a lock held whenever something changed about a subject.
  explicit PresenceTable(std::function<void(TenantId, const Subject&)> announce) : announce_(std::move(announce)) {}
  void set(TenantId tenant, std::uint64_t connection, const Subject& subject, PresenceEntry entry) override;
  void leave_all(TenantId tenant, std::uint64_t connection) override;
  std::vector<PresenceEntry> of(TenantId tenant, const Subject& subject) override;

 private:
  struct Held {
    std::uint64_t connection;
    Subject subject;
    PresenceEntry entry;
  };

  std::function<void(TenantId, const Subject&)> announce_;
  std::mutex mutex_;
  std::map<TenantId, std::vector<Held>> entries_;
};

/// The presence message of a subject.
std::string presence_json(const Subject& subject, const std::vector<PresenceEntry>& present,
                          const std::optional<LeaseHolder>& lease);

}  // namespace interlock::engine
