// SPDX-License-Identifier: Apache-2.0
// The configuration of a server. One table of settings; from it come the parsing of the TOML file, of the environment
// (INTERLOCK_DATA) and of the flags (--data), the checks, `--help` and docs/reference/configuration.md. Later sources
// win: default, file, environment, flag.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/log.h"

namespace interlock::server {

/// What is wrong with the configuration, as one sentence that names the setting, its bound and where it was set.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The values in force. Defaults stand here and nowhere else.
struct Config {
  std::string listen = "127.0.0.1:8080";
  std::string data = "data";
  std::string store;
  std::string files;
  std::string files_access_key;
  std::string files_secret_key;
  bool demo = false;
  std::string public_url;
  std::string tls_certificate;
  std::string tls_key;
  std::string secure_cookies = "auto";
  std::string trusted_proxies;
  std::string metrics_token;
  std::string log_level = "info";
  std::int64_t slow_operation_ms = limits::slow_operation.us / 1'000;
  std::int64_t body_bytes_max = static_cast<std::int64_t>(limits::request_body_bytes_max);
  std::int64_t file_bytes_max = static_cast<std::int64_t>(limits::file_bytes_max);
  std::int64_t key_retention_hours = limits::key_retention.us / hours(1).us;
  std::int64_t io_threads = 1;
  std::int64_t lane_workers = 8;
  std::int64_t open_lanes_max = static_cast<std::int64_t>(limits::open_lanes_max);
};

/// One row of the table.
struct Setting {
  std::string_view name;  ///< in the TOML file; `--tls-key` and INTERLOCK_TLS_KEY derive from it
  std::variant<std::string Config::*, std::int64_t Config::*, bool Config::*> member;
  std::string_view doc;  ///< a sentence
  std::int64_t min = 0;  ///< of an integer; a text has at most limits::setting_text_bytes_max bytes
  std::int64_t max = 0;
  std::string_view one_of = {};  ///< of a text: the values, separated by a blank
  bool secret = false;           ///< not taken as a flag: a command line is visible to everybody on the machine
  bool hidden = false;           ///< may hold a password: what is wrong is told without the value
};

std::span<const Setting> settings();
std::string flag_name(const Setting& setting);         ///< `--tls-key`
std::string environment_name(const Setting& setting);  ///< `INTERLOCK_TLS_KEY`
/// The default as the file would say it: `"data"`, `8`, `false`.
std::string default_text(const Setting& setting);
/// `1 to 16`, `auto, on or off`, `at most 1024 bytes`, `true or false`.
std::string bounds_text(const Setting& setting);

/// Texts by setting name, as flags and environment give them.
using SettingTexts = std::map<std::string, std::string, std::less<>>;

/// The values of INTERLOCK_… variables, by setting name. Throws ConfigError for one that is no setting, with the
/// nearest that is.
SettingTexts settings_from_environment(const char* const* environment);

/// Reads the file (none if the path is empty), then applies environment and flags, then checks everything. Throws
/// ConfigError.
Config load_config(const std::string& file_path, const SettingTexts& environment, const SettingTexts& flags);

/// Sets one value from text or throws ConfigError; `source` says where it stands.
void set_from_text(Config& config, const Setting& setting, std::string_view text, std::string_view source);
/// What no single setting can tell: addresses, files that belong together, demo only on loopback.
void check_config(const Config& config);

struct HostPort {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
};
/// `127.0.0.1:8080`, `[::1]:8080`, `name:8080`; throws ConfigError.
HostPort parse_host_port(std::string_view text);
bool is_loopback(std::string_view host);
/// Whether a `store` has its password in it.
bool holds_password(std::string_view store);
/// Where the records are, for people: the data directory, or the database's host and name, without a password.
std::string store_text(const Config& config);
LogLevel log_level_of(const Config& config);
/// Whether cookies carry Secure: as set, and with `auto` where people reach the server by https.
bool cookies_are_secure(const Config& config);

/// docs/reference/configuration.md, whole.
std::string configuration_markdown();

}  // namespace interlock::server
