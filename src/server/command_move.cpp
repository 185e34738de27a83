// SPDX-License-Identifier: Apache-2.0
// move: from files to a database.
#include <fmt/format.h>

#include <filesystem>

#include "server/command_line.h"
#include "server/move.h"

namespace interlock::server {
namespace {

constexpr std::string_view files_scheme = "sqlite:";

bool is_database(std::string_view place) {
  return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

std::string directory_of(const Config& config, const std::string& from) {
  if (from.empty()) return config.data;
  if (is_database(from))
    throw CommandError("from a database to files: make a backup there, and restore it to a data directory",
                       ExitCode::usage);
  if (!from.starts_with(files_scheme) || from.size() == files_scheme.size())
    throw CommandError("--from must be sqlite:DIRECTORY", ExitCode::usage);
  return from.substr(files_scheme.size());
}

std::string url_of(const Config& config, const std::string& to) {
  if (holds_password(to))
    throw CommandError(
        "a password in --to is visible to everybody on this machine: leave --to out and put the whole into "
        "INTERLOCK_STORE or the configuration file, or the password into ~/.pgpass",
        ExitCode::usage);
  const auto& url = to.empty() ? config.store : to;
  if (!is_database(url)) throw CommandError("--to must be postgresql:// with a host and a database", ExitCode::usage);
  return url;
}

}  // namespace

ExitCode move(const Config& config, const MoveOptions& options) {
  const auto url = url_of(config, options.to);
  const auto directory = directory_of(config, options.from);
  if (!std::filesystem::is_directory(directory))
    throw CommandError(fmt::format("there is no data directory {}; name it with --from sqlite:DIRECTORY", directory),
                       ExitCode::usage);
  const auto totals = move_to_database(config, directory, url);
  auto target = config;
  target.store = url;
  fmt::print("{} lanes with {} records, {} changes and {} files are in {}; {} of them were there from before\n",
             totals.lanes, totals.records, totals.changes, totals.files, store_text(target), totals.passed_by);
  return ExitCode::ok;
}

}  // namespace interlock::server
