// SPDX-License-Identifier: Apache-2.0
// How nodes tell each other that they have committed, and what else must not wait: notifications, sent after the commit
// on a connection of its own, at most every limits::hint_interval for all tenants together, since NOTIFY within a
// commit would let the tenants' commits wait for each other. That somebody has committed is a hint only: what it names
// is looked up. Hints that were lost, with a connection or a node, are made good by asking once in
// limits::follow_interval how far the tenants are that somebody here is interested in.
//
// A notification: the node, `c` and the tenants' ids in hexadecimal, or `t` and a text.
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
  void watch(Store::Watcher watcher);
  void stop();
  /// This node has committed to the tenant. Any thread; returns at once.
  void committed(const Uuid& tenant);
  /// See Store::tell.
  void tell(std::string text);

 private:
  void run();
  void work(Connection& connection);
  void wake_up();
  void send_told(Connection& connection);
  void take_heard(Connection& connection);
  void look(Connection& connection);

  const ConnectionOptions options_;
  const Clock& clock_;
  const std::string channel_;
  const std::string node_;  ///< whose own notifications are passed over
  Store::Watcher watcher_;
  std::map<Uuid, std::int64_t> commits_;  ///< of the followed tenants, as last seen

  std::mutex mutex_;
  std::condition_variable changed_;
  bool watching_ = false;
  std::set<Uuid> moved_;            ///< tenants that this node has committed to
  std::vector<std::string> texts_;  ///< to be told
  bool stopping_ = false;
  int wake_ = -1;  ///< an eventfd: something was told, or the end
  std::thread thread_;
};

}  // namespace interlock::store::postgres
