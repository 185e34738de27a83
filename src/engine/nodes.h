// SPDX-License-Identifier: Apache-2.0
// What the nodes on one store tell each other beside what they commit: who looks at what, that a session has ended,
// that a log-in has failed. Texts by topic; each may be lost, and nothing may depend on it for longer than a heartbeat.
// Where the store is not shared, nobody hears and nothing is heard.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/log.h"
#include "store/store.h"

namespace interlock::engine {

/// Thread-safe.
class Nodes {
 public:
  /// On a thread of the store's own, which it must not hold up for long.
  using Heard = std::function<void(std::string_view node, std::string_view text)>;

  explicit Nodes(store::Store& store) : store_(store) {}

  /// Topic and text together have at most limits::told_bytes_max bytes less one. Returns at once.
  void tell(std::string_view topic, std::string_view text) {
    if (store_.is_shared()) store_.tell(std::string(topic) + '\n' + std::string(text));
  }
  /// One listener for each topic, until what is returned is gone. Not from within a listener.
  std::shared_ptr<void> hear(std::string topic, Heard heard) {
    const std::lock_guard lock(mutex_);
    heard_[topic] = std::move(heard);
    return {nullptr, [this, topic](void*) {
              const std::lock_guard guard(mutex_);
              heard_.erase(topic);
            }};
  }
  /// What the store has heard.
  void take(std::string_view node, std::string_view message) {
    const auto end = message.find('\n');
    if (end == std::string_view::npos) return;
    const std::lock_guard lock(mutex_);
    const auto found = heard_.find(message.substr(0, end));
    if (found == heard_.end()) return;
    try {
      found->second(node, message.substr(end + 1));
    } catch (const std::exception& error) {  // a text of another release, say: nothing depends on it
      log(LogLevel::warning, "node_not_understood", {{"topic", found->first}, {"error", error.what()}});
    }
  }

 private:
  store::Store& store_;
  std::mutex mutex_;
  std::map<std::string, Heard, std::less<>> heard_;
};

}  // namespace interlock::engine
