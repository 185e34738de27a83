// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"

namespace interlock {

namespace {

std::atomic<LogLevel> level_shown{LogLevel::info};

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

/// JSON escapes nothing above 0x7e, but DEL and U+0080 to U+009F can steer a terminal, and U+2028 and U+2029 break
/// lines.
std::string without_terminal_controls(std::string_view text) {
  std::string out;
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool c1 = byte(i) == 0xc2 && byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9f;
    const bool separator = byte(i) == 0xe2 && byte(i + 1) == 0x80 && (byte(i + 2) == 0xa8 || byte(i + 2) == 0xa9);
    if (!c1 && !separator && byte(i) != 0x7f) {
      out += text[i];
      continue;
    }
    out += "\xef\xbf\xbd";
    i += separator ? 2 : c1 ? 1 : 0;
  }
  return out;
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x7f) return false;
  }
  return true;
}

void append_value(JsonWriter& json, const LogField& field) {
  json.key(field.name);
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    is_plain(*text) ? json.text(*text) : json.text(without_terminal_controls(to_valid_utf8(*text)));
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    json.integer(*integer);
  } else {
    json.boolean(std::get<bool>(field.value));
  }
}

void append_members(JsonWriter& json, LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  json.member("level", level_name(level)).member("event", event);
  for (const LogField& field : fields) append_value(json, field);
}

/// One call per line, so that lines of several threads do not mix. A reader that is gone or full must not stop the
/// server: what it does not take is dropped.
void write_line(std::string_view line) {
  while (!line.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, line.data(), line.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

void set_log_level(LogLevel level) { level_shown.store(level, std::memory_order_relaxed); }

bool log_enabled(LogLevel level) { return level >= level_shown.load(std::memory_order_relaxed); }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!log_enabled(level)) return;
  std::string line;
  line.reserve(256);
  JsonWriter json(line);
  json.begin_object().member("at", rfc3339(system_clock().now()));
  append_members(json, level, event, fields);
  json.end_object();
  line += '\n';
  write_line(line);
}

std::string log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  append_members(json, level, event, fields);
  json.end_object();
  return line;
}

}  // namespace interlock
