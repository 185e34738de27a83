// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/hints.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

#include "base/check.h"
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

void Hints::watch(Store::Watcher watcher) {
  watcher_ = std::move(watcher);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = false;
    watching_ = true;
  }
  thread_ = std::thread([this] { run(); });
}

void Hints::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    watching_ = false;
  }
  changed_.notify_all();
  wake_up();
  if (thread_.joinable()) thread_.join();
}

void Hints::wake_up() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);  // full means that it wakes already
}

void Hints::committed(const Uuid& tenant) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!watching_) return;
    first = moved_.empty() && texts_.empty();
    if (moved_.size() < limits::hints_waiting_max) moved_.insert(tenant);  // the others are found by asking
  }
  if (first) wake_up();
}

void Hints::tell(std::string text) {
  INVARIANT(text.size() <= limits::told_bytes_max);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!watching_ || texts_.size() >= limits::hints_waiting_max) return;
    first = moved_.empty() && texts_.empty();
    texts_.push_back(std::move(text));
  }
  if (first) wake_up();
}

void Hints::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      Connection connection(options_);
      connection.ask_once("listen " + channel_);
      commits_.clear();  // whatever happened while nobody listened
      watcher_.listening();
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
    if (!(moved_.empty() && texts_.empty()) && !stopping_)
      changed_.wait_for(lock, std::chrono::microseconds(limits::hint_interval.us), [this] { return stopping_; });
  }
}

void Hints::send_told(Connection& connection) {
  std::set<Uuid> moved;
  std::vector<std::string> texts;
  {
    const std::lock_guard lock(mutex_);
    moved.swap(moved_);
    texts.swap(texts_);
  }
  if (moved.empty() && texts.empty()) return;
  const auto send = [&](const std::string& text) {
    connection.send("select pg_notify($1, $2)", Parameters().text(channel_).text(text));
  };
  for (auto at = moved.begin(); at != moved.end();) {
    auto text = node_ + 'c';
    for (std::size_t n = 0; n < limits::hint_tenants_max && at != moved.end(); ++n, ++at) text += hex(at->view());
    send(text);
  }
  for (const auto& text : texts) send(node_ + 't' + text);
  connection.finish();
}

void Hints::take_heard(Connection& connection) {
  for (const auto& notice : connection.take_notices()) {
    const std::string_view text = notice;
    if (text.size() <= node_.size() || text.starts_with(node_)) continue;
    const auto content = text.substr(node_.size() + 1);
    if (text[node_.size()] == 't') watcher_.heard(text.substr(0, node_.size()), content);
    if (text[node_.size()] != 'c') continue;
    for (std::size_t at = 0; at + digits <= content.size(); at += digits)
      if (const auto tenant = tenant_of(content.substr(at, digits))) watcher_.moved({*tenant});
  }
}

void Hints::look(Connection& connection) {
  std::vector<Uuid> ids;
  for (const auto& tenant : watcher_.followed()) ids.push_back(tenant.uuid);
  std::map<Uuid, std::int64_t> commits;
  const auto rows = connection.ask("select id, commits from tenants where id = any($1)", Parameters().ids(ids));
  for (int row = 0; row < rows.rows(); ++row) {
    const auto id = rows.id(row, 0);
    const auto now = rows.integer(row, 1);
    const auto seen = commits_.find(id);
    if (seen == commits_.end() || seen->second != now) watcher_.moved({id});
    commits[id] = now;
  }
  commits_ = std::move(commits);
}

}  // namespace interlock::store::postgres
