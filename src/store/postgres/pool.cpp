// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/pool.h"

#include <chrono>

#include "base/check.h"
#include "base/limits.h"

namespace interlock::store::postgres {

Pool::~Pool() { INVARIANT(out_ == 0); }

void Pool::Lease::give_back() noexcept {
  if (!connection_) return;
  connection_->reset();
  pool_->give_back(std::move(connection_));
}

Pool::Lease Pool::borrow() {
  std::unique_lock lock(mutex_);
  const auto wait_max = std::chrono::microseconds(limits::reader_age_max.us);
  if (!given_back_.wait_for(lock, wait_max, [this] { return out_ < connections_max_; }))
    throw StoreError("all connections to PostgreSQL are in use");
  return take(std::move(lock));
}

Pool::Lease Pool::borrow_if_free() {
  std::unique_lock lock(mutex_);
  if (out_ >= connections_max_) return {};
  return take(std::move(lock));
}

Pool::Lease Pool::take(std::unique_lock<std::mutex> lock) {
  ++out_;
  std::unique_ptr<Connection> connection;
  while (!idle_.empty() && !connection) {
    connection = std::move(idle_.back());
    idle_.pop_back();
    if (!connection->is_alive()) connection.reset();
  }
  lock.unlock();
  try {
    if (!connection) connection = std::make_unique<Connection>(options_);
  } catch (...) {
    give_back(nullptr);
    throw;
  }
  return {*this, std::move(connection)};
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
  {
    const std::lock_guard lock(mutex_);
    --out_;
    if (connection && connection->is_usable()) idle_.push_back(std::move(connection));
    given_back_.notify_one();
  }
}

}  // namespace interlock::store::postgres
