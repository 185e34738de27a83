// SPDX-License-Identifier: Apache-2.0
#include "server/config.h"

#include "base/limits.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <numeric>
#include <utility>

namespace interlock::server {
namespace {

constexpr std::array table{
    Setting{"listen", &Config::listen, "Address and port to serve on; port 0 takes a free one."},
    Setting{"data", &Config::data, "Directory of all data; made with access for its owner only where it is missing."},
    Setting{.name = "store",
            .member = &Config::store,
            .doc = "postgresql://USER@HOST/DATABASE keeps the records there; empty: in SQLite files in `data`. A "
                   "password belongs into the file, the environment or ~/.pgpass, "
                   "not into the flag.",
            .hidden = true},
    Setting{.name = "files",
            .member = &Config::files,
            .doc = "s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME] keeps the contents of files in a store that speaks "
                   "the S3 protocol; empty: where the records are, in `data` or in the database.",
            .hidden = true},
    Setting{.name = "files_access_key",
            .member = &Config::files_access_key,
            .doc = "Access key id for `files`.",
            .secret = true},
    Setting{.name = "files_secret_key",
            .member = &Config::files_secret_key,
            .doc = "Secret access key for `files`.",
            .secret = true},
    Setting{
        "demo", &Config::demo,
        "Fills an empty data directory with demo tenants and known passwords; refused for any but a loopback address."},
    Setting{"public_url", &Config::public_url,
            "URL under which people reach the server, for links in messages; empty: made from `listen`."},
    Setting{"tls_certificate", &Config::tls_certificate,
            "PEM file with the certificate chain; with `tls_key` the server speaks HTTPS only."},
    Setting{"tls_key", &Config::tls_key, "PEM file with the private key of `tls_certificate`."},
    Setting{.name = "secure_cookies",
            .member = &Config::secure_cookies,
            .doc = "Whether browsers send cookies over HTTPS only; `auto`: when `public_url` is https or TLS is on.",
            .one_of = "auto on off"},
    Setting{"trusted_proxies", &Config::trusted_proxies,
            "Addresses of reverse proxies, separated by commas, whose X-Forwarded-For names the client and "
            "X-Forwarded-Proto the scheme."},
    Setting{.name = "metrics_token",
            .member = &Config::metrics_token,
            .doc = "Bearer token that /metrics asks for; empty: only callers on a loopback address get metrics.",
            .secret = true},
    Setting{.name = "log_level",
            .member = &Config::log_level,
            .doc = "The least level that is logged.",
            .one_of = "debug info warning error"},
    Setting{"slow_operation_ms", &Config::slow_operation_ms, "Operations that take longer are logged as slow.", 1,
            60'000},
    Setting{"body_bytes_max", &Config::body_bytes_max, "Longest request body.", 1'024, 16 * 1024 * 1024},
    Setting{"file_bytes_max", &Config::file_bytes_max, "Longest file that can be uploaded.", 1'024,
            1024LL * 1024 * 1024},
    Setting{"key_retention_hours", &Config::key_retention_hours,
            "How long idempotency keys and their answers are kept.", 24, 24 * 90},
    Setting{"io_threads", &Config::io_threads, "Threads that read and write sockets.", 1, 64},
    Setting{"lane_workers", &Config::lane_workers, "Threads that run operations and commit them.", 1,
            static_cast<std::int64_t>(limits::lane_workers_max)},
    Setting{"open_lanes_max", &Config::open_lanes_max,
            "Tenants whose files are open at once; the others open on demand.", 4, 10'000},
};

std::string joined_choices(std::string_view one_of) {
  std::string text;
  while (true) {
    const auto blank = one_of.find(' ');
    text += one_of.substr(0, blank);
    if (blank == std::string_view::npos) return text;
    one_of.remove_prefix(blank + 1);
    text += one_of.find(' ') == std::string_view::npos ? " or " : ", ";
  }
}

bool is_choice(std::string_view one_of, std::string_view value) {
  if (value.empty() || value.find(' ') != std::string_view::npos) return false;
  return fmt::format(" {} ", one_of).find(fmt::format(" {} ", value)) != std::string::npos;
}

[[noreturn]] void refuse(const Setting& setting, std::string_view got, std::string_view source) {
  const std::string shown = setting.secret || setting.hidden ? "what it is" : fmt::format("\"{}\"", got);
  throw ConfigError(fmt::format("{} must be {}, not {} ({})", setting.name, bounds_text(setting), shown, source));
}

void set_text(Config& config, const Setting& setting, std::string_view text, std::string_view source) {
  const bool plain = std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (!plain || text.size() > limits::setting_text_bytes_max) refuse(setting, "", source);
  if (!setting.one_of.empty() && !is_choice(setting.one_of, text)) refuse(setting, text, source);
  config.*std::get<std::string Config::*>(setting.member) = text;
}

void set_integer(Config& config, const Setting& setting, std::int64_t value, std::string_view source) {
  if (value < setting.min || value > setting.max) refuse(setting, std::to_string(value), source);
  config.*std::get<std::int64_t Config::*>(setting.member) = value;
}

void set_from_node(Config& config, const Setting& setting, const toml::node& node, std::string_view source) {
  if (std::holds_alternative<std::string Config::*>(setting.member)) {
    if (const auto* text = node.as_string()) return set_text(config, setting, text->get(), source);
    throw ConfigError(fmt::format("{} must be a text in quotes ({})", setting.name, source));
  }
  if (std::holds_alternative<std::int64_t Config::*>(setting.member)) {
    if (const auto* integer = node.as_integer()) return set_integer(config, setting, integer->get(), source);
    throw ConfigError(fmt::format("{} must be an integer, {} ({})", setting.name, bounds_text(setting), source));
  }
  if (const auto* boolean = node.as_boolean()) {
    config.*std::get<bool Config::*>(setting.member) = boolean->get();
    return;
  }
  throw ConfigError(fmt::format("{} must be true or false, without quotes ({})", setting.name, source));
}

const Setting* find_setting(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Setting::name);
  return found == table.end() ? nullptr : &*found;
}

/// How many letters must be changed, put in or left out to make one name of the other.
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < one.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < other.size(); ++j) {
      const auto changed = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// `named` is how the place in question calls a setting.
[[noreturn]] void refuse_unknown(std::string_view name, const std::function<std::string(const Setting&)>& named,
                                 std::string_view source) {
  const auto shown = name.substr(0, limits::setting_text_bytes_max);
  const auto nearest =
      std::ranges::min_element(table, {}, [&](const Setting& setting) { return distance(shown, named(setting)); });
  throw ConfigError(fmt::format("there is no setting {}, the nearest is {} ({})", shown, named(*nearest), source));
}

void apply_file(Config& config, const std::string& path) {
  try {
    const toml::table file = toml::parse_file(path);
    for (const auto& [key, node] : file) {
      const auto source = fmt::format("{}, line {}", path, key.source().begin.line);
      const auto* setting = find_setting(key.str());
      if (setting == nullptr)
        refuse_unknown(
            key.str(), [](const Setting& known) { return std::string(known.name); }, source);
      set_from_node(config, *setting, node, source);
    }
  } catch (const toml::parse_error& error) {
    throw ConfigError(
        fmt::format("{}, line {}: {}", path, error.source().begin.line, std::string(error.description())));
  }
}

void apply_texts(Config& config, const SettingTexts& texts, bool flags) {
  for (const auto& [name, text] : texts) {
    const auto* setting = find_setting(name);
    if (setting == nullptr) throw ConfigError(fmt::format("there is no setting {}", name));
    set_from_text(config, *setting, text, flags ? flag_name(*setting) : environment_name(*setting));
  }
}

}  // namespace

std::span<const Setting> settings() { return table; }

std::string flag_name(const Setting& setting) {
  std::string name = "--" + std::string(setting.name);
  std::ranges::replace(name, '_', '-');
  return name;
}

std::string environment_name(const Setting& setting) {
  std::string name = "INTERLOCK_" + std::string(setting.name);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return name;
}

std::string default_text(const Setting& setting) {
  static const Config defaults;
  return std::visit(
      [](auto member) {
        if constexpr (std::is_same_v<decltype(member), std::string Config::*>)
          return fmt::format("\"{}\"", defaults.*member);
        else
          return fmt::format("{}", defaults.*member);
      },
      setting.member);
}

std::string bounds_text(const Setting& setting) {
  if (std::holds_alternative<bool Config::*>(setting.member)) return "true or false";
  if (std::holds_alternative<std::int64_t Config::*>(setting.member))
    return fmt::format("{} to {}", setting.min, setting.max);
  if (!setting.one_of.empty()) return joined_choices(setting.one_of);
  return fmt::format("at most {} bytes without control characters", limits::setting_text_bytes_max);
}

SettingTexts settings_from_environment(const char* const* environment) {
  SettingTexts texts;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const auto name = entry.substr(0, entry.find('='));
    if (!name.starts_with("INTERLOCK_") || name == "INTERLOCK_CONFIG" || name.size() == entry.size()) continue;
    // Kubernetes tells every pod where a service named interlock is.
    if (name.starts_with("INTERLOCK_SERVICE_") || name == "INTERLOCK_PORT" || name.starts_with("INTERLOCK_PORT_"))
      continue;
    const auto setting = std::ranges::find(table, name, environment_name);
    if (setting == table.end()) refuse_unknown(name, environment_name, "environment");
    texts[std::string(setting->name)] = entry.substr(name.size() + 1);
  }
  return texts;
}

void set_from_text(Config& config, const Setting& setting, std::string_view text, std::string_view source) {
  if (std::holds_alternative<std::string Config::*>(setting.member)) return set_text(config, setting, text, source);
  if (const auto* flag = std::get_if<bool Config::*>(&setting.member)) {
    if (text != "true" && text != "false") refuse(setting, text, source);
    config.** flag = text == "true";
    return;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) refuse(setting, text, source);
  set_integer(config, setting, value, source);
}

Config load_config(const std::string& file_path, const SettingTexts& environment, const SettingTexts& flags) {
  Config config;
  if (!file_path.empty()) apply_file(config, file_path);
  apply_texts(config, environment, false);
  if (const auto store = flags.find("store"); store != flags.end() && holds_password(store->second))
    throw ConfigError(
        "a password in --store is visible to everybody on this machine: put it into INTERLOCK_STORE, the configuration "
        "file or ~/.pgpass");
  apply_texts(config, flags, true);
  check_config(config);
  return config;
}

std::string configuration_markdown() {
  std::string text =
      "# Configuration\n\n"
      "Generated by `interlock settings`; do not edit by hand.\n\n"
      "Settings come from four places; later ones win: the default, a TOML file (`--config FILE` or "
      "`INTERLOCK_CONFIG`),\n"
      "the environment, flags. Every command reads the same settings; all but `serve` need `data`, `store` and `files` "
      "only. A\n"
      "key that is unknown, of the wrong type or out of bounds ends the program with exit code 2 and a message that "
      "names it and "
      "its\n"
      "bound, or the nearest key that there is. That holds for variables of the environment that begin with\n"
      "`INTERLOCK_`, too.\n\n"
      "```toml\n# interlock.toml\nlisten = \"127.0.0.1:8080\"\ndata = \"/var/lib/interlock\"\n"
      "public_url = \"https://desk.example\"\n```\n\n"
      "| setting | flag | environment | default | bounds | what it does |\n|---|---|---|---|---|---|\n";
  for (const auto& setting : table)
    text += fmt::format("| `{}` | {} | `{}` | `{}` | {} | {} |\n", setting.name,
                        setting.secret ? "none" : fmt::format("`{}`", flag_name(setting)), environment_name(setting),
                        default_text(setting), bounds_text(setting), setting.doc);
  return text;
}

}  // namespace interlock::server
