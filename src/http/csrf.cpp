// SPDX-License-Identifier: Apache-2.0
#include "http/csrf.h"

#include "http/text.h"
#include "http/websocket.h"

namespace interlock::http {
namespace {

/// `https://host:port` without its scheme, or empty if it is none of a page (`null`, other schemes).
std::string_view origin_host(std::string_view origin) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

}  // namespace

bool is_same_origin(const Request& request, std::string_view own_origin) {
  if (auto site = request.header("sec-fetch-site")) {
    if (*site != "same-origin" && *site != "none") return false;
  }
  auto origin = request.header("origin");
  if (!origin) return true;
  if (!own_origin.empty() && equal_ignoring_case(*origin, own_origin)) return true;
  auto host = request.header("host");
  auto from = origin_host(*origin);
  return host && !from.empty() && equal_ignoring_case(from, *host);
}

bool is_cross_site_forgery(const Request& request, std::string_view own_origin) {
  bool safe = request.method == Method::get || request.method == Method::head || request.method == Method::options;
  if (safe && !wants_websocket(request)) return false;
  return !is_same_origin(request, own_origin);
}

}  // namespace interlock::http
