// SPDX-License-Identifier: Apache-2.0
// How nodes tell each other that they have committed: a notification, sent after the commit on a connection of its own, at
// most every limits::hint_interval for all tenants together, since NOTIFY within a commit would let the tenants' commits
// wait for each other. It is a hint only: what it names is looked up. Hints that were lost, with a connection or a node, are
// made good by asking once in limits::follow_interval how far the tenants are that somebody here is interested in.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/postgres/connection.h"
#include "store/store.h"

namespace interlock::store::postgres {

class Hints {
 public:
  Hints(ConnectionOptions options, const Clock& clock);
  ~Hints();

  /// From now on, on a thread of ours; see Store::watch.
  void watch(Store::Followed followed, Store::Moved moved);
  void stop();
  /// This node has committed to the tenant. Any thread; returns at once.
  void tell(const Uuid& tenant);

 private:
  void run();
  void work(Connection& connection);
  void send_told(Connection& connection);
  void take_heard(Connection& connection);
  void look(Connection& connection);

  const ConnectionOptions options_;
  const Clock& clock_;
  const std::string channel_;
  const std::string node_;  ///< whose own notifications are passed over
  Store::Followed followed_;
  Store::Moved moved_;
  std::map<Uuid, std::int64_t> commits_;  ///< of the followed tenants, as last seen

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Uuid> told_;
  bool stopping_ = false;
  int wake_ = -1;  ///< an eventfd: something was told, or the end
  std::thread thread_;
};

}  // namespace interlock::store::postgres
