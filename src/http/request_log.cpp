// SPDX-License-Identifier: Apache-2.0
#include "http/request_log.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "base/limits.h"

namespace interlock::http {
namespace {

/// What the other end does not take is lost: a log must not stop the server.
void write_all(std::string_view text) {
  while (!text.empty()) {
    auto written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

RequestLog::RequestLog() : thread_([this] { run(); }) {}

RequestLog::~RequestLog() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void RequestLog::write(std::string_view line) {
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() + line.size() > limits::request_log_bytes_max) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    first = waiting_.empty();
    waiting_.append(line);
  }
  if (first) changed_.notify_one();
}

void RequestLog::run() {
  std::string batch;
  std::unique_lock lock(mutex_);
  while (!ending_ || !waiting_.empty()) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    // Lines gather for a moment, so that a busy server writes many with one call.
    changed_.wait_for(lock, std::chrono::microseconds(limits::request_log_interval.us), [this] { return ending_; });
    batch.clear();
    batch.swap(waiting_);
    lock.unlock();
    write_all(batch);
    lock.lock();
  }
}

}  // namespace interlock::http
