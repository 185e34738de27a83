// SPDX-License-Identifier: Apache-2.0
// Structured logs: one JSON object a line on standard error. Values are escaped; secrets are never passed in (a check
// looks for the names). Thread-safe: a line is written with one call.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace interlock {

enum class LogLevel { debug, info, warning, error };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, bool> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, std::int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, int v) : name(n), value(std::int64_t{v}) {}
  LogField(std::string_view n, std::size_t v) : name(n), value(static_cast<std::int64_t>(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
};

void set_log_level(LogLevel level);
bool log_enabled(LogLevel level);
/// `event` is a short constant in snake_case: `operation_slow`, `lane_stopped`.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

/// The line that log() would write, without the time: for tests.
std::string log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

}  // namespace interlock
