// SPDX-License-Identifier: Apache-2.0
// One life of the server under simulation: the real store over the simulated disk, the real lanes and feeds, a fiber
// where the real server has a worker. Made at start and after every crash.
//
// At a crash the process must vanish between two instructions. Its fibers cannot: they are let run to their end as a
// ghost, on files that nobody will read again and with answers that nobody hears (leave()), and then the object is
// destroyed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/feed.h"
#include "engine/lane.h"
#include "engine/store_reader.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/sim_disk.h"
#include "testing/sim_fibers.h"

namespace interlock::testing {

class SimServer {
 public:
  SimServer(const Schema& schema, const ManualClock& clock, Random& random, SimDisk& disk, Fibers& fibers, Trace& trace,
            const std::vector<TenantId>& tenants);
  /// All its fibers have ended.
  ~SimServer();

  /// As Engine::submit; the callback never runs once the server is a ghost.
  void submit(engine::Submission submission, engine::AnswerCallback callback);
  /// Work of the lane itself.
  void run_in_lane(TenantId tenant, std::string name, engine::InternalWork work, engine::AnswerCallback callback);
  /// Opens a view, as the engine does. Within a fiber.
  std::unique_ptr<engine::ReadView> open_view(TenantId tenant, const Caller& caller);
  std::unique_ptr<engine::Subscription> subscribe(TenantId tenant, const Caller& caller,
                                                  engine::SubscribeRequest request,
                                                  std::shared_ptr<engine::FeedSink> sink);
  engine::Lane& lane(TenantId tenant) { return slots_.at(tenant)->lane; }
  store::Store& store() { return store_; }

  /// No answer and no message leaves it any more; its fibers end as soon as their group is done.
  void leave();
  /// Its fibers end when nothing waits.
  void drain();
  bool is_ghost() const { return ghost_; }

 private:
  struct Slot {
    Slot(engine::LaneEnvironment& environment, TenantId tenant, engine::FeedMetrics& metrics);
    engine::Lane lane;
    std::shared_ptr<engine::FeedHub> hub;
    int fiber = 0;
  };

  void work(Slot& slot);
  void rest(Slot& slot);
  void publish(engine::Published& published, Reader& reader);
  engine::AnswerCallback unless_ghost(engine::AnswerCallback callback);

  Random& random_;
  Fibers& fibers_;
  Trace& trace_;
  AnchoredClock clock_;
  store::sqlite::SqliteStore store_;
  engine::LaneMetrics lane_metrics_;
  engine::FeedMetrics feed_metrics_;
  engine::LaneEnvironment environment_;
  std::map<TenantId, std::unique_ptr<Slot>> slots_;
  bool ghost_ = false;
  bool draining_ = false;
};

}  // namespace interlock::testing
