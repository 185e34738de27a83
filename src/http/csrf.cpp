// SPDX-License-Identifier: Apache-2.0
#include "http/csrf.h"

#include <algorithm>

#include "http/text.h"
#include "http/websocket.h"

namespace interlock::http {
namespace {

struct Site {
  bool tls = false;
  std::string_view host;  ///< with its port, unless it is the scheme's own; empty: none of a page (`null`, say)
};

Site site_of(bool tls, std::string_view host) {
  const std::string_view own_port = tls ? ":443" : ":80";
  if (host.ends_with(own_port)) host.remove_suffix(own_port.size());
  return {tls, host};
}

Site site_of(std::string_view origin) {
  constexpr std::string_view plain = "http://", secure = "https://";
  if (origin.starts_with(secure)) return site_of(true, origin.substr(secure.size()));
  if (origin.starts_with(plain)) return site_of(false, origin.substr(plain.size()));
  return {};
}

bool same(const Site& a, const Site& b) {
  return !a.host.empty() && a.tls == b.tls && equal_ignoring_case(a.host, b.host);
}

/// Whether the browser spoke TLS, to us or to the proxy before us.
bool came_over_tls(const Request& request, std::string_view host, const OwnOrigin& own) {
  if (request.secure) return true;
  const auto& proxies = own.trusted_proxies;
  if (std::find(proxies.begin(), proxies.end(), request.peer_address) != proxies.end()) {
    // The last one is the nearest proxy's.
    if (auto scheme = request.last_header("x-forwarded-proto"))
      return equal_ignoring_case(trim(scheme->substr(scheme->rfind(',') + 1)), "https");
  }
  const auto ours = site_of(own.public_url);
  return ours.tls && same(ours, site_of(true, host));
}

}  // namespace

bool is_same_origin(const Request& request, const OwnOrigin& own) {
  if (auto site = request.header("sec-fetch-site")) {
    if (*site != "same-origin" && *site != "none") return false;
  }
  auto origin = request.header("origin");
  if (!origin) return true;
  const auto from = site_of(*origin);
  if (same(from, site_of(own.public_url))) return true;
  auto host = request.header("host");
  return host && same(from, site_of(came_over_tls(request, *host, own), *host));
}

bool is_cross_site_forgery(const Request& request, const OwnOrigin& own) {
  bool safe = request.method == Method::get || request.method == Method::head || request.method == Method::options;
  if (safe && !wants_websocket(request)) return false;
  return !is_same_origin(request, own);
}

}  // namespace interlock::http
