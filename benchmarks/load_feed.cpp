// SPDX-License-Identifier: Apache-2.0
#include "load_feed.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <optional>
#include <stdexcept>

namespace interlock::bench {
namespace {

constexpr int opcode_text = 1, opcode_close = 8, opcode_ping = 9, opcode_pong = 10;
constexpr std::string_view subscribe = R"({"type":"subscribe","collections":["customers"]})";
constexpr std::int64_t second_ns = 1'000'000'000;
constexpr int wait_ms = 100;

/// A client's frame: final, masked. The mask is zero, which the protocol allows and costs nothing.
std::string masked_frame(int opcode, std::string_view payload) {
  std::string frame;
  frame += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  frame.append(4, '\0');
  return frame.append(payload);
}

struct Frame {
  int opcode = 0;
  std::string_view payload;
  std::size_t size = 0;
};

std::optional<Frame> parse_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])); };
  std::size_t head = 2;
  std::uint64_t length = byte(1) & 0x7f;
  if (length >= 126) {
    const std::size_t extra = length == 126 ? 2 : 8;
    if (bytes.size() < 2 + extra) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < extra; ++i) length = length << 8 | byte(2 + i);
    head += extra;
  }
  if (bytes.size() < head + length) return std::nullopt;
  return Frame{static_cast<int>(byte(0) & 15), bytes.substr(head, length), head + static_cast<std::size_t>(length)};
}

/// Nanoseconds since 1970 of an RFC 3339 time in UTC, or nothing.
std::optional<std::int64_t> time_ns(std::string_view text) {
  std::tm tm{};
  int used = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
                  &tm.tm_min, &tm.tm_sec, &used) != 6) {
    return std::nullopt;
  }
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  std::int64_t fraction_ns = 0, unit_ns = second_ns;
  for (auto at = static_cast<std::size_t>(used) + 1; at < copy.size() && copy[at] >= '0' && copy[at] <= '9'; ++at) {
    unit_ns /= 10;
    fraction_ns += (copy[at] - '0') * unit_ns;
  }
  return ::timegm(&tm) * second_ns + fraction_ns;
}

std::optional<std::int64_t> stamp_ns(std::string_view message) {
  const auto address = text_member(message, "address");
  if (address.size() < 2 || address.front() != '@') return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(address.data() + 1, address.data() + address.size(), value);
  return value;
}

void send_all(int fd, std::string_view bytes) {
  if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("send: " + std::string(std::strerror(errno)));
  }
}

}  // namespace

FeedLoad::FeedLoad(const Options& options, std::vector<Caller> callers)
    : options_(options), callers_(std::move(callers)) {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) throw std::runtime_error("epoll_create1: " + std::string(std::strerror(errno)));
  subscribers_.resize(static_cast<std::size_t>(options.connections));
  for (std::size_t index = 0; index < subscribers_.size(); ++index) {
    subscribers_[index].caller = &callers_[index % callers_.size()];
    open(index);
  }
}

FeedLoad::~FeedLoad() {
  for (const auto& subscriber : subscribers_) {
    if (subscriber.fd >= 0) ::close(subscriber.fd);
  }
  if (epoll_ >= 0) ::close(epoll_);
}

void FeedLoad::open(std::size_t index) {
  auto& subscriber = subscribers_[index];
  subscriber.fd = connect_to(options_.addresses[index % options_.addresses.size()]);
  send_all(subscriber.fd, "GET " + options_.path + " HTTP/1.1\r\nHost: bench.test\r\n" +
                              subscriber.caller->authorization +
                              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  char buffer[4096];
  std::optional<Answer> answer;
  while (!answer) {
    const auto size = ::recv(subscriber.fd, buffer, sizeof buffer, 0);
    if (size <= 0) throw std::runtime_error("the server closed the connection during the handshake");
    subscriber.in.append(buffer, static_cast<std::size_t>(size));
    answer = parse_answer(subscriber.in);
  }
  if (answer->status != 101) throw std::runtime_error("handshake: " + subscriber.in);
  subscriber.in.erase(0, answer->size);
  send_all(subscriber.fd, masked_frame(opcode_text, subscribe));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, subscriber.fd, &event);
}

std::string FeedLoad::run() {
  std::fputs("ready\n", stderr);
  const auto begin_ns = monotonic_ns();
  measure_from_ns_ = begin_ns + static_cast<std::int64_t>(options_.warmup_seconds * static_cast<double>(second_ns));
  const auto until_ns = measure_from_ns_ + static_cast<std::int64_t>(options_.seconds * static_cast<double>(second_ns));
  while (monotonic_ns() < until_ns) {
    epoll_event events[256];
    const int count = ::epoll_wait(epoll_, events, 256, wait_ms);
    for (int i = 0; i < count; ++i) receive(events[i].data.u64);
  }
  return report(options_.seconds);
}

void FeedLoad::receive(std::size_t index) {
  auto& subscriber = subscribers_[index];
  char buffer[65536];
  const auto size = ::recv(subscriber.fd, buffer, sizeof buffer, MSG_DONTWAIT);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) {
    ++closed_;
    ::close(subscriber.fd);
    subscriber.fd = -1;
    return;
  }
  subscriber.in.append(buffer, static_cast<std::size_t>(size));
  read_frames(subscriber, monotonic_ns());
}

void FeedLoad::read_frames(Subscriber& subscriber, std::int64_t now_ns) {
  std::size_t used = 0;
  while (const auto frame = parse_frame(std::string_view(subscriber.in).substr(used))) {
    if (frame->opcode == opcode_text) read_message(subscriber, frame->payload, now_ns);
    if (frame->opcode == opcode_ping) send_all(subscriber.fd, masked_frame(opcode_pong, frame->payload));
    if (frame->opcode == opcode_close) ++closed_;
    used += frame->size;
  }
  subscriber.in.erase(0, used);
}

void FeedLoad::read_message(Subscriber& subscriber, std::string_view message, std::int64_t now_ns) {
  if (text_member(message, "type") != "change") {
    ++other_messages_;
    return;
  }
  const auto seq = number_member(message, "seq").value_or(0);
  if (seq <= subscriber.seq) ++out_of_order_;
  subscriber.seq = seq;
  const auto sent_ns = stamp_ns(message);
  if (!sent_ns || *sent_ns < measure_from_ns_) return;
  ++subscriber.changes;
  ++deliveries_;
  from_sending_.add_ns(now_ns - *sent_ns);
  const auto updated_ns = time_ns(text_member(message, "updated_at"));
  if (updated_ns) from_updated_at_.add_ns(realtime_ns() - *updated_ns);
}

std::string FeedLoad::report(double seconds) {
  const auto [least, most] = std::minmax_element(subscribers_.begin(), subscribers_.end(),
                                                 [](const auto& a, const auto& b) { return a.changes < b.changes; });
  JsonLine line;
  line.text("mode", name_of(options_.mode)).number("subscribers", options_.connections).number("seconds", seconds);
  line.number("deliveries", static_cast<double>(deliveries_));
  line.number("deliveries_per_second", static_cast<double>(deliveries_) / seconds);
  line.number("changes_least", static_cast<double>(least->changes));
  line.number("changes_most", static_cast<double>(most->changes));
  line.number("out_of_order", static_cast<double>(out_of_order_)).number("closed", static_cast<double>(closed_));
  line.number("other_messages", static_cast<double>(other_messages_));
  line.raw("from_sending_us", from_sending_.json()).raw("from_updated_at_us", from_updated_at_.json());
  return line.str();
}

}  // namespace interlock::bench
