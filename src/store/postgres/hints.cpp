// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/hints.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"

namespace interlock::store::postgres {
namespace {

constexpr std::size_t digits = 32;  // of a tenant in a notification

std::optional<Uuid> tenant_of(std::string_view text) {
  Uuid id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    const auto [end, error] = std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, id.bytes[i], 16);
    if (error != std::errc{} || end != text.data() + 2 * i + 2) return std::nullopt;
  }
  return id;
}

}  // namespace

Hints::Hints(ConnectionOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      channel_(options_.schema + "_commits"),
      node_(random_hex(system_random(), 8)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_ < 0) throw StoreError("eventfd: " + std::generic_category().message(errno));
}

Hints::~Hints() {
  stop();
  ::close(wake_);
}

void Hints::watch(Store::Followed followed, Store::Moved moved) {
  followed_ = std::move(followed);
  moved_ = std::move(moved);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = false;
  }
  thread_ = std::thread([this] { run(); });
}

void Hints::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);  // full means that it wakes already
  if (thread_.joinable()) thread_.join();
}

void Hints::tell(const Uuid& tenant) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) return;
    first = told_.empty();
    if (told_.size() < limits::hints_waiting_max) told_.insert(tenant);  // the others are found by asking
  }
  const std::uint64_t one = 1;
  if (first) [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void Hints::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      Connection connection(options_);
      connection.ask_once("listen " + channel_);
      commits_.clear();  // whatever happened while nobody listened
      work(connection);
    } catch (const StoreError& error) {
      log(LogLevel::warning, "feed_of_other_nodes_interrupted", {{"error", error.what()}});
    }
    lock.lock();
    changed_.wait_for(lock, std::chrono::microseconds(limits::follow_interval.us), [this] { return stopping_; });
  }
}

void Hints::work(Connection& connection) {
  auto looked = clock_.monotonic() - limits::follow_interval;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    if (clock_.monotonic() - looked >= limits::follow_interval) {
      look(connection);
      looked = clock_.monotonic();
    }
    send_told(connection);
    take_heard(connection);
    connection.wait_for_notices(wake_, limits::follow_interval);
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(wake_, &count, sizeof count);
    // What is told meanwhile goes out together.
    std::unique_lock lock(mutex_);
    if (!told_.empty() && !stopping_)
      changed_.wait_for(lock, std::chrono::microseconds(limits::hint_interval.us), [this] { return stopping_; });
  }
}

void Hints::send_told(Connection& connection) {
  std::set<Uuid> told;
  {
    const std::lock_guard lock(mutex_);
    told.swap(told_);
  }
  for (auto at = told.begin(); at != told.end();) {
    std::string text = node_;
    for (std::size_t n = 0; n < limits::hint_tenants_max && at != told.end(); ++n, ++at) text += hex(at->view());
    connection.send("select pg_notify($1, $2)", Parameters().text(channel_).text(text));
  }
  if (!told.empty()) connection.finish();
}

void Hints::take_heard(Connection& connection) {
  for (const auto& text : connection.take_notices()) {
    if (text.size() < node_.size() || text.starts_with(node_)) continue;
    for (auto at = node_.size(); at + digits <= text.size(); at += digits)
      if (const auto tenant = tenant_of(std::string_view(text).substr(at, digits))) moved_({*tenant});
  }
}

void Hints::look(Connection& connection) {
  std::vector<Uuid> ids;
  for (const auto& tenant : followed_()) ids.push_back(tenant.uuid);
  std::map<Uuid, std::int64_t> commits;
  const auto rows =
      connection.ask("select id, commits from tenants where id = any($1)", Parameters().ids(ids));
  for (int row = 0; row < rows.rows(); ++row) {
    const auto id = rows.id(row, 0);
    const auto now = rows.integer(row, 1);
    const auto seen = commits_.find(id);
    if (seen == commits_.end() || seen->second != now) moved_({id});
    commits[id] = now;
  }
  commits_ = std::move(commits);
}

}  // namespace interlock::store::postgres
