// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <time.h>

#include <stdexcept>

#include "base/check.h"

namespace interlock {

namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_day = 86'400 * us_per_second;

struct Date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that begin on 1 March.
constexpr std::int64_t days_from_civil(Date date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

constexpr Date civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

constexpr std::int64_t first_us = days_from_civil({1, 1, 1}) * us_per_day;
constexpr std::int64_t end_us = days_from_civil({10'000, 1, 1}) * us_per_day;
static_assert(days_from_civil({1970, 1, 1}) == 0);

constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

void put_digits(char* to, std::int64_t value, int count) {
  for (int i = count - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

void put_pair(char* to, unsigned value) {
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
}

/// Takes characters from the front of a text; one failure makes all later steps fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  unsigned digits(std::size_t count) {
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + digit();
    return value;
  }
  char take() {
    if (rest_.empty()) {
      ok_ = false;
      return '\0';
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void expect(char wanted) { ok_ = take() == wanted && ok_; }
  bool next_is_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  unsigned digit() {
    const char c = take();
    if (c < '0' || c > '9') {
      ok_ = false;
      return 0;
    }
    return static_cast<unsigned>(c - '0');
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// The fraction of a second in microseconds; fails for a point without digits or with more than nine.
std::optional<std::int64_t> scan_fraction(Scanner& scanner) {
  if (!scanner.next_is('.')) return 0;
  scanner.take();
  std::int64_t us = 0;
  int count = 0;
  for (; scanner.next_is_digit(); ++count) {
    const unsigned digit = scanner.digits(1);
    if (count < 6) us = us * 10 + digit;
  }
  if (count == 0 || count > 9) return std::nullopt;
  for (int i = count; i < 6; ++i) us *= 10;
  return us;
}

/// Minutes east of UTC.
std::optional<int> scan_offset(Scanner& scanner) {
  const char sign = scanner.take();
  if (sign == 'Z' || sign == 'z') return 0;
  if (sign != '+' && sign != '-') return std::nullopt;
  const unsigned hour = scanner.digits(2);
  scanner.expect(':');
  const unsigned minute = scanner.digits(2);
  if (!scanner.ok() || hour > 23 || minute > 59) return std::nullopt;
  const int total = static_cast<int>(hour * 60 + minute);
  return sign == '+' ? total : -total;
}

}  // namespace

void write_rfc3339(char* to, Time time) {
  if (time.us < first_us || time.us >= end_us) throw std::range_error("time: outside of the years 0001 to 9999");
  const std::int64_t days = (time.us - first_us) / us_per_day + first_us / us_per_day;
  const std::int64_t us_of_day = time.us - days * us_per_day;
  const Date date = civil_from_days(days);
  const auto second_of_day = static_cast<unsigned>(us_of_day / us_per_second);
  const auto year = static_cast<unsigned>(date.year);
  put_pair(to, year / 100);
  put_pair(to + 2, year % 100);
  to[4] = '-';
  put_pair(to + 5, date.month);
  to[7] = '-';
  put_pair(to + 8, date.day);
  to[10] = 'T';
  put_pair(to + 11, second_of_day / 3'600);
  to[13] = ':';
  put_pair(to + 14, second_of_day / 60 % 60);
  to[16] = ':';
  put_pair(to + 17, second_of_day % 60);
  to[19] = '.';
  put_digits(to + 20, us_of_day % us_per_second, 6);
  to[26] = 'Z';
}

std::string rfc3339(Time time) {
  std::string text(rfc3339_size, '\0');
  write_rfc3339(text.data(), time);
  return text;
}

void append_rfc3339(std::string& out, Time time) {
  char text[rfc3339_size];
  write_rfc3339(text, time);
  out.append(text, sizeof text);
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Scanner scanner(text);
  const unsigned year = scanner.digits(4);
  scanner.expect('-');
  const unsigned month = scanner.digits(2);
  scanner.expect('-');
  const unsigned day = scanner.digits(2);
  const char between = scanner.take();
  const unsigned hour = scanner.digits(2);
  scanner.expect(':');
  const unsigned minute = scanner.digits(2);
  scanner.expect(':');
  const unsigned second = scanner.digits(2);
  if (!scanner.ok() || (between != 'T' && between != 't')) return std::nullopt;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto fraction = scan_fraction(scanner);
  if (!fraction) return std::nullopt;
  const auto offset = scan_offset(scanner);
  if (!offset || !scanner.at_end()) return std::nullopt;

  const std::int64_t day_us = days_from_civil({year, month, day}) * us_per_day;
  const std::int64_t second_of_day = std::int64_t{hour} * 3'600 + minute * 60 + second;
  const Time time{day_us + (second_of_day - *offset * 60) * us_per_second + *fraction};
  if (time.us < first_us || time.us >= end_us) return std::nullopt;
  return time;
}

namespace {

std::int64_t read_clock(clockid_t id) {
  timespec now{};
  INVARIANT(clock_gettime(id, &now) == 0);
  return std::int64_t{now.tv_sec} * us_per_second + now.tv_nsec / 1'000;
}

class SystemClock final : public Clock {
 public:
  Time now() const override { return {read_clock(CLOCK_REALTIME)}; }
  Duration monotonic() const override { return {read_clock(CLOCK_MONOTONIC)}; }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

AnchoredClock::AnchoredClock(const Clock& source)
    : source_(source), wall_at_start_(source.now()), monotonic_at_start_(source.monotonic()) {}

}  // namespace interlock
