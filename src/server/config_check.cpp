// SPDX-License-Identifier: Apache-2.0
// Checks that look at the meaning of values: addresses, URLs, settings that belong together.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "http/loopback.h"
#include "providers/s3_client.h"
#include "server/config.h"

namespace interlock::server {
namespace {

bool is_address(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

void check_url(std::string_view url) {
  if (url.empty()) return;
  const bool scheme = url.starts_with("http://") || url.starts_with("https://");
  const auto host = url.substr(url.find("//") == std::string_view::npos ? 0 : url.find("//") + 2);
  if (!scheme || host.empty() || host.find_first_of("/?# ") != std::string_view::npos)
    throw ConfigError(fmt::format("public_url must be http:// or https:// and a host without a path, not \"{}\"", url));
}

void check_proxies(std::string_view list) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto one = list.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!is_address(std::string(one)))
      throw ConfigError(fmt::format("trusted_proxies must be IP addresses separated by commas, not \"{}\"", one));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

/// What stands between `//` and the path, and the path, of a postgresql:// URL.
struct StoreUrl {
  std::string_view user_info, host, database;
};

std::optional<StoreUrl> parse_store_url(std::string_view url) {
  std::string_view rest;
  for (const std::string_view scheme : {"postgresql://", "postgres://"})
    if (url.starts_with(scheme)) rest = url.substr(scheme.size());
  if (rest.empty()) return std::nullopt;
  rest = rest.substr(0, rest.find('?'));
  const auto slash = rest.find('/');
  StoreUrl parsed;
  parsed.host = rest.substr(0, slash);
  if (slash != std::string_view::npos) parsed.database = rest.substr(slash + 1);
  if (const auto at = parsed.host.rfind('@'); at != std::string_view::npos) {
    parsed.user_info = parsed.host.substr(0, at);
    parsed.host.remove_prefix(at + 1);
  }
  return parsed;
}

void check_files(const Config& config) {
  if (config.files.empty()) {
    if (!config.files_access_key.empty() || !config.files_secret_key.empty())
      throw ConfigError("files_access_key and files_secret_key are for files in an S3 store, and files names none");
    return;
  }
  try {
    providers::parse_s3_url(config.files);
  } catch (const std::invalid_argument& wrong) {
    throw ConfigError(
        fmt::format("files must be empty, or s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]: {}", wrong.what()));
  }
  if (config.files_access_key.empty() || config.files_secret_key.empty())
    throw ConfigError(
        "files in an S3 store need files_access_key and files_secret_key, in the configuration file or as "
        "INTERLOCK_FILES_ACCESS_KEY and INTERLOCK_FILES_SECRET_KEY");
}

}  // namespace

bool holds_password(std::string_view store) {
  const auto url = parse_store_url(store);
  return store.find("password=") != std::string_view::npos ||
         (url && url->user_info.find(':') != std::string_view::npos);
}

std::string store_text(const Config& config) {
  const auto url = parse_store_url(config.store);
  if (!url) return config.data;
  const auto host = url->host.empty() ? std::string_view("this machine") : url->host;
  return fmt::format("the database {} on {}", url->database.empty() ? "of its user" : url->database, host);
}

HostPort parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto wrong = [&] {
    return ConfigError(fmt::format("listen must be HOST:PORT with a port of 0 to 65535, not \"{}\"", text));
  };
  if (colon == std::string_view::npos || colon == 0) throw wrong();
  HostPort parsed;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    throw wrong();
  }
  const auto digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed.port);
  if (host.empty() || digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) throw wrong();
  parsed.host = host;
  return parsed;
}

bool is_loopback(std::string_view host) { return host == "localhost" || http::is_loopback(host); }

void check_config(const Config& config) {
  const auto listen = parse_host_port(config.listen);
  if (!config.store.empty() && !parse_store_url(config.store))
    throw ConfigError("store must be empty, or postgresql:// with a host and a database");
  check_files(config);
  if (config.data.empty()) throw ConfigError("data must name a directory");
  if (config.tls_certificate.empty() != config.tls_key.empty())
    throw ConfigError("tls_certificate and tls_key belong together: set both or none");
  check_url(config.public_url);
  check_proxies(config.trusted_proxies);
  if (config.demo && !is_loopback(listen.host))
    throw ConfigError(fmt::format(
        "demo data has known passwords and is served on a loopback address only, not on \"{}\"", listen.host));
}

LogLevel log_level_of(const Config& config) {
  if (config.log_level == "debug") return LogLevel::debug;
  if (config.log_level == "warning") return LogLevel::warning;
  if (config.log_level == "error") return LogLevel::error;
  return LogLevel::info;
}

bool cookies_are_secure(const Config& config) {
  if (config.secure_cookies != "auto") return config.secure_cookies == "on";
  return !config.tls_certificate.empty() || config.public_url.starts_with("https://");
}

}  // namespace interlock::server
