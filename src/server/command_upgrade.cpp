// SPDX-License-Identifier: Apache-2.0
// upgrade --check: the format of each database file, or of the PostgreSQL database, against this program's. It reads a
// file's first 100 bytes only, so it may run beside the server, of another release too.
// https://sqlite.org/fileformat2.html#the_database_header
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "server/command_line.h"
#include "store/postgres/format.h"
#include "store/postgres/postgres_store.h"
#include "store/sqlite/format.h"

namespace interlock::server {
namespace {

using store::sqlite::Format;

constexpr std::size_t header_bytes = 100;
constexpr std::size_t user_version_at = 60;
constexpr std::size_t application_id_at = 68;

std::int64_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The file's format; nothing for a file that is no lane.
std::optional<Format> format_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string header(header_bytes, '\0');
  if (!file.read(header.data(), static_cast<std::streamsize>(header.size()))) return std::nullopt;
  if (big_endian(header, application_id_at) != store::sqlite::application_id) return std::nullopt;
  return Format::of(big_endian(header, user_version_at));
}

std::map<std::pair<int, int>, int> formats_in(const std::string& directory) {
  std::map<std::pair<int, int>, int> found;
  const std::filesystem::path root(directory);
  const auto count = [&](const std::filesystem::path& path) {
    if (const auto format = format_of(path)) ++found[{format->major, format->minor}];
  };
  count(root / "platform.db");
  if (std::filesystem::is_directory(root / "tenants"))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "tenants"))
      if (entry.path().extension() == ".db") count(entry.path());
  return found;
}

/// What will happen to data of a format; `program` is what this release writes.
std::string_view verdict_of(const Format& format, const Format& program) {
  if (format.major > program.major) return "TOO NEW for this program: it refuses to open them";
  if (format.major < program.major)
    return "upgraded when opened, after a backup of each; the release before cannot go back";
  if (format.minor < program.minor) return "upgraded when opened; the release before can still open them afterwards";
  return format.minor > program.minor ? "newer, and this program works with them" : "as this program writes it";
}

bool is_due(const Format& format, const Format& program) {
  return format.major != program.major || format.minor < program.minor;
}

ExitCode check_database(const Config& config) {
  const Format program{store::postgres::program_major, store::postgres::program_minor};
  const auto found = store::postgres::format_of(config.store, store::postgres::default_schema_name);
  if (!found) throw CommandError("the database holds nothing of Interlock's", ExitCode::usage);
  const Format format{found->major, found->minor};
  fmt::print("format {}.{}: the database, {}\n", format.major, format.minor, verdict_of(format, program));
  fmt::print("this program writes format {}.{}\n", program.major, program.minor);
  return is_due(format, program) ? ExitCode::findings : ExitCode::ok;
}

}  // namespace

ExitCode upgrade_check(const Config& config) {
  if (!config.store.empty()) return check_database(config);
  const auto program = store::sqlite::program_format;
  if (!std::filesystem::is_directory(config.data))
    throw CommandError(fmt::format("there is no data directory {}; name it with --data", config.data), ExitCode::usage);
  bool due = false;
  for (const auto& [numbers, files] : formats_in(config.data)) {
    const Format format{numbers.first, numbers.second};
    due = due || is_due(format, program);
    fmt::print("format {}.{}: {} files, {}\n", format.major, format.minor, files, verdict_of(format, program));
  }
  fmt::print("this program writes format {}.{}\n", program.major, program.minor);
  return due ? ExitCode::findings : ExitCode::ok;
}

}  // namespace interlock::server
