// SPDX-License-Identifier: Apache-2.0
#include "load_closed.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace interlock::bench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t wait_ns_max = 100'000'000;
constexpr std::int64_t broken_connections_max = 1'000;
constexpr std::size_t failure_bytes_max = 300;

std::int64_t ns_of(double seconds) { return static_cast<std::int64_t>(seconds * static_cast<double>(second_ns)); }

}  // namespace

HttpLoad::HttpLoad(const Options& options, std::vector<Caller> callers)
    : options_(options), callers_(std::move(callers)), requests_(options) {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) throw std::runtime_error("epoll_create1: " + std::string(std::strerror(errno)));
  connections_.resize(static_cast<std::size_t>(options.connections));
  for (std::size_t index = 0; index < connections_.size(); ++index) {
    connections_[index].caller = &callers_[index % callers_.size()];
    open(index);
  }
}

HttpLoad::~HttpLoad() {
  for (const auto& connection : connections_) {
    if (connection.fd >= 0) ::close(connection.fd);
  }
  if (epoll_ >= 0) ::close(epoll_);
}

void HttpLoad::open(std::size_t index) {
  auto& connection = connections_[index];
  connection.fd = connect_to(options_.addresses[index % options_.addresses.size()]);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
}

std::string HttpLoad::run() {
  const auto begin_ns = monotonic_ns();
  measure_from_ns_ = begin_ns + ns_of(options_.warmup_seconds);
  measure_until_ns_ = measure_from_ns_ + ns_of(options_.seconds);
  start_all(begin_ns);
  auto now_ns = begin_ns;
  while (!finished(now_ns)) {
    start_due(now_ns);
    wait(now_ns);
    now_ns = monotonic_ns();
  }
  return report(static_cast<double>(now_ns - measure_from_ns_) / static_cast<double>(second_ns));
}

bool HttpLoad::finished(std::int64_t now_ns) const {
  return options_.operations > 0 ? answers_ >= options_.operations : now_ns >= measure_until_ns_;
}

void HttpLoad::start_all(std::int64_t now_ns) {
  next_due_ns_ = now_ns;
  for (std::size_t index = 0; index < connections_.size(); ++index) {
    if (options_.rate_per_second > 0) {
      idle_.push_back(index);
    } else if (options_.think_ms > 0) {
      const auto spread = static_cast<double>(index) / static_cast<double>(connections_.size());
      thinking_.push({now_ns + ns_of(options_.think_ms / 1e3 * spread), index});
    } else {
      start(index, now_ns);
    }
  }
}

void HttpLoad::start_due(std::int64_t now_ns) {
  while (!thinking_.empty() && thinking_.top().at_ns <= now_ns) {
    const auto due = thinking_.top();
    thinking_.pop();
    start(due.connection, monotonic_ns());
  }
  while (options_.rate_per_second > 0 && next_due_ns_ <= now_ns && !idle_.empty()) {
    const auto index = idle_.back();
    idle_.pop_back();
    start(index, next_due_ns_);
    next_due_ns_ += ns_of(1.0 / options_.rate_per_second);
  }
}

void HttpLoad::start(std::size_t index, std::int64_t due_ns) {
  auto& connection = connections_[index];
  connection.record = requests_.pick(*connection.caller);
  connection.started_ns = due_ns;
  requests_.build(connection.out, *connection.caller, connection.record, versions_, monotonic_ns());
  // The socket blocks and its send buffer is empty, since the answer before was read whole: one call sends it all.
  const auto sent = ::send(connection.fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(connection.out.size())) reopen(index);
}

void HttpLoad::wait(std::int64_t now_ns) {
  auto until_ns = now_ns + wait_ns_max;
  if (!thinking_.empty()) until_ns = std::min(until_ns, thinking_.top().at_ns);
  if (options_.rate_per_second > 0 && !idle_.empty()) until_ns = std::min(until_ns, next_due_ns_);
  const auto left_ns = std::max<std::int64_t>(0, until_ns - monotonic_ns());
  const timespec timeout{left_ns / second_ns, left_ns % second_ns};
  epoll_event events[64];
  const int count = ::epoll_pwait2(epoll_, events, 64, &timeout, nullptr);
  for (int i = 0; i < count; ++i) receive(events[i].data.u64);
}

void HttpLoad::receive(std::size_t index) {
  auto& connection = connections_[index];
  char buffer[65536];
  const auto size = ::recv(connection.fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) return reopen(index);
  if (connection.in.empty()) {  // the whole answer in one piece needs no copy
    const std::string_view bytes(buffer, static_cast<std::size_t>(size));
    const auto answer = parse_answer(bytes);
    if (answer && answer->size == bytes.size()) return finish(index, *answer);
  }
  connection.in.append(buffer, static_cast<std::size_t>(size));
  const auto answer = parse_answer(connection.in);
  if (!answer) return;
  const auto used = answer->size;
  finish(index, *answer);
  connections_[index].in.erase(0, used);
}

void HttpLoad::finish(std::size_t index, const Answer& answer) {
  auto& connection = connections_[index];
  const auto now_ns = monotonic_ns();
  const bool ok = answer.status >= 200 && answer.status < 300;
  if (options_.mode == Mode::versioned) {
    const auto current = answer.status == 409 ? answer.body.find("\"current\"") : 0;
    const auto version = number_member(answer.body.substr(current == std::string_view::npos ? 0 : current), "version");
    if (version) versions_[connection.record] = *version;
  }
  if (now_ns >= measure_from_ns_ && !finished(now_ns)) {
    ++answers_;
    ++statuses_[answer.status];
    bytes_ += static_cast<std::int64_t>(answer.body.size());
    if (ok) ++ok_;
    if (ok) latencies_.add_ns(now_ns - connection.started_ns);
    if (!ok && first_failure_.empty()) first_failure_ = answer.body.substr(0, failure_bytes_max);
  }
  next(index, now_ns);
}

void HttpLoad::next(std::size_t index, std::int64_t now_ns) {
  if (options_.rate_per_second > 0) {
    idle_.push_back(index);
  } else if (options_.think_ms > 0) {
    // Half to one and a half times the mean, from the low digits of the clock: enough to keep users out of step.
    const auto share = 0.5 + static_cast<double>(now_ns / 1'000 % 1'000) / 1'000.0;
    thinking_.push({now_ns + ns_of(options_.think_ms / 1e3 * share), index});
  } else {
    start(index, now_ns);
  }
}

void HttpLoad::reopen(std::size_t index) {
  if (++broken_ > broken_connections_max) throw std::runtime_error("the server keeps closing connections");
  ::close(connections_[index].fd);
  connections_[index].fd = -1;
  connections_[index].in.clear();
  open(index);
  next(index, monotonic_ns());
}

std::string HttpLoad::report(double seconds) {
  JsonLine line;
  line.text("mode", name_of(options_.mode)).number("connections", options_.connections).number("seconds", seconds);
  line.text("keys", options_.ordered_keys ? "ordered" : "random");
  line.number("ok", static_cast<double>(ok_)).number("per_second", static_cast<double>(ok_) / seconds);
  line.number("answers_per_second", static_cast<double>(answers_) / seconds).raw("statuses", json_of(statuses_));
  const auto conflicts = statuses_.count(409) ? static_cast<double>(statuses_[409]) : 0.0;
  line.number("share_409", answers_ > 0 ? conflicts / static_cast<double>(answers_) : 0.0);
  line.number("body_bytes_per_answer",
              answers_ > 0 ? static_cast<double>(bytes_) / static_cast<double>(answers_) : 0.0);
  line.number("broken_connections", static_cast<double>(broken_)).raw("latency_us", latencies_.json());
  std::string failure;
  for (const char c : first_failure_)
    failure += c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '\'' : c;
  if (!failure.empty()) line.text("first_failure", failure);
  return line.str();
}

}  // namespace interlock::bench
