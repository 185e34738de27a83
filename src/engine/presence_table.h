// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "engine/nodes.h"
#include "engine/presence.h"
#include "model/schema.h"

namespace interlock::engine {

/// Who looks at what, at this node and, as they tell it, at the others. What a node has told counts until it says
/// otherwise or was silent for limits::node_silent_max.
class PresenceTable final : public Presence {
 public:
  using Announce = std::function<void(TenantId, const Subject&)>;
  /// `announce` is called without a lock held whenever something changed about a subject.
  PresenceTable(Nodes& nodes, const Clock& clock, Announce announce);
  void set(TenantId tenant, std::uint64_t connection, const Subject& subject, PresenceEntry entry) override;
  void leave_all(TenantId tenant, std::uint64_t connection) override;
  std::vector<PresenceEntry> of(TenantId tenant, const Subject& subject) override;

  /// What other nodes have told may be out of date: they are asked anew.
  void begin_to_listen();
  /// To be called now and then: says that this node is there, and forgets the silent ones.
  void keep_in_touch();

 private:
  struct Held {
    std::uint64_t connection;
    Subject subject;
    PresenceEntry entry;
  };
  using Place = std::pair<TenantId, Subject>;
  struct Node {
    Duration heard{};
    std::map<Place, std::vector<PresenceEntry>> people;
  };

  void changed(TenantId tenant, const Subject& subject);
  void tell(TenantId tenant, const Subject& subject);
  void tell_all();
  void hear(std::string_view node, std::string_view text);
  void take_people(Node& node, const Json& told, Place& place);
  std::vector<PresenceEntry> here(TenantId tenant, const Subject& subject) const;

  Nodes& nodes_;
  const Clock& clock_;
  const Announce announce_;
  std::mutex mutex_;
  std::map<TenantId, std::vector<Held>> entries_;
  std::map<std::string, Node, std::less<>> others_;
  Duration told_alive_{};
  std::shared_ptr<void> listener_;  ///< last, so that nothing is heard when the rest goes
};

/// The presence message of a subject.
std::string presence_json(const Subject& subject, const std::vector<PresenceEntry>& present,
                          const std::optional<LeaseHolder>& lease);

}  // namespace interlock::engine
