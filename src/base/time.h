// SPDX-License-Identifier: Apache-2.0
// Time is UTC microseconds since 1970 inside and RFC 3339 outside. Nobody but this folder reads a clock: a Clock is
// passed in, so that the simulator owns time.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace interlock {

/// A length of time in microseconds.
struct Duration {
  std::int64_t us = 0;

  auto operator<=>(const Duration&) const = default;
  Duration operator+(Duration other) const { return {us + other.us}; }
  Duration operator-(Duration other) const { return {us - other.us}; }
  Duration operator*(std::int64_t factor) const { return {us * factor}; }
};

constexpr Duration microseconds(std::int64_t n) { return {n}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration minutes(std::int64_t n) { return {n * 60'000'000}; }
constexpr Duration hours(std::int64_t n) { return {n * 3'600'000'000}; }
constexpr Duration days(std::int64_t n) { return {n * 86'400'000'000}; }

/// A point in time: microseconds since 1970-01-01T00:00:00Z. Representable outside from year 0001 to 9999.
struct Time {
  std::int64_t us = 0;

  auto operator<=>(const Time&) const = default;
  Time operator+(Duration d) const { return {us + d.us}; }
  Time operator-(Duration d) const { return {us - d.us}; }
  Duration operator-(Time other) const { return {us - other.us}; }
};

/// `2026-11-22T05:00:00.123456Z`, always with six decimals. Throws std::range_error outside of the years 0001 to 9999.
std::string rfc3339(Time time);
void append_rfc3339(std::string& out, Time time);
inline constexpr std::size_t rfc3339_size = 27;
/// As rfc3339, written to `to`, which has room for rfc3339_size.
void write_rfc3339(char* to, Time time);
/// RFC 3339 with any offset, 0 to 9 decimals (more than six are truncated), leap second 60 refused, years 0001 to 9999;
/// nothing for anything else.
std::optional<Time> parse_rfc3339(std::string_view text);

/// The outside world's time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time; it may jump.
  virtual Time now() const = 0;
  /// Steady time since an arbitrary start, for durations only; never goes back.
  virtual Duration monotonic() const = 0;
};

/// The operating system's clocks.
Clock& system_clock();

/// Time for expiry: wall clock at start plus steady time since, so that a jump of the wall clock within the process
/// expires nothing early and reorders nothing. Thread-safe.
class AnchoredClock final : public Clock {
 public:
  explicit AnchoredClock(const Clock& source);
  Time now() const override { return wall_at_start_ + (source_.monotonic() - monotonic_at_start_); }
  Duration monotonic() const override { return source_.monotonic(); }

 private:
  const Clock& source_;
  Time wall_at_start_;
  Duration monotonic_at_start_;
};

}  // namespace interlock
