// SPDX-License-Identifier: Apache-2.0
// A bounded number of connections, opened when they are needed and kept. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "store/postgres/connection.h"

namespace interlock::store::postgres {

class Pool {
 public:
  /// A borrowed connection; it goes back when this is destroyed, after its transaction was given up.
  class Lease {
   public:
    Lease() = default;
    Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&& other) noexcept {
      give_back();
      pool_ = other.pool_;
      connection_ = std::move(other.connection_);
      return *this;
    }
    ~Lease() { give_back(); }

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    explicit operator bool() const { return connection_ != nullptr; }
    void give_back() noexcept;

   private:
    Pool* pool_ = nullptr;
    std::unique_ptr<Connection> connection_;
  };

  Pool(ConnectionOptions options, std::size_t connections_max)
      : options_(std::move(options)), connections_max_(connections_max) {}
  /// All leases must be back.
  ~Pool();

  /// Waits while all are out, at most limits::reader_age_max, then throws StoreError. Throws ConnectionLost.
  Lease borrow();
  /// The same without waiting for others; empty while all are out.
  Lease borrow_if_free();

 private:
  Lease take(std::unique_lock<std::mutex> lock);
  void give_back(std::unique_ptr<Connection> connection) noexcept;

  const ConnectionOptions options_;
  const std::size_t connections_max_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t out_ = 0;
};

}  // namespace interlock::store::postgres
