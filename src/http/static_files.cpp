// SPDX-License-Identifier: Apache-2.0
#include "http/static_files.h"

#include <algorithm>
#include <array>
#include <string>

#include "http/text.h"

namespace interlock::http {
namespace {

constexpr std::string_view assets = "/assets/";
constexpr std::string_view index_path = "/index.html";
constexpr std::array<std::string_view, 6> not_pages = {"api", "docs", "assets", "metrics", "healthz", "readyz"};

/// Scripts from our own files only: what slips into the page as markup does not run. Styles may stand in the page,
/// since the components put <style> elements there; docs/decisions/0030-a-strict-page.md says why that is enough.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

const StaticFile* find_file(std::span<const StaticFile> files, std::string_view path) {
  auto found = std::ranges::find(files, path, &StaticFile::path);
  return found == files.end() ? nullptr : &*found;
}

bool is_page_path(std::string_view first_segment, std::string_view last_segment) {
  if (std::ranges::find(not_pages, first_segment) != not_pages.end()) return false;
  return last_segment.find('.') == std::string_view::npos;
}

bool is_page_path(const Request& request) {
  const auto count = request.segment_count();
  return count == 0 || is_page_path(request.segment(0), request.segment(count - 1));
}

/// Whether the header's list names the coding, or media type, with a weight above zero.
bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    auto comma = header.find(',');
    auto item = header.substr(0, comma);
    auto semicolon = item.find(';');
    if (equal_ignoring_case(trim(item.substr(0, semicolon)), coding)) {
      auto weight = semicolon == std::string_view::npos ? std::string_view() : trim(item.substr(semicolon + 1));
      return weight.find_first_of("123456789") != std::string_view::npos || weight.empty();
    }
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

const StaticFile* find_page(std::span<const StaticFile> files, const Request& request) {
  if (request.method != Method::get && request.method != Method::head) return nullptr;
  if (const auto* file = find_file(files, request.path())) return file;
  return is_page_path(request) ? find_file(files, index_path) : nullptr;
}

const StaticFile* find_page_for_unreadable(std::span<const StaticFile> files, const Request& request) {
  auto path = request.path();
  if (!path.starts_with('/') || !accepts(request.header("accept").value_or(""), "text/html")) return nullptr;
  path.remove_prefix(1);
  const bool fits = is_page_path(path.substr(0, path.find('/')), path.substr(path.rfind('/') + 1));
  return fits ? find_file(files, index_path) : nullptr;
}

bool names_tag(std::string_view header, std::string_view tag) {
  while (!header.empty()) {
    auto comma = header.find(',');
    auto item = trim(header.substr(0, comma));
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == "*" || item == tag) return true;
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return false;
}

Response page_response(const StaticFile& file, const Request& request) {
  const bool compressed = !file.gzip.empty() && accepts(request.header("accept-encoding").value_or(""), "gzip");
  // Two representations, two tags: a strong one promises the same bytes.
  const auto tag = '"' + std::string(file.hash) + (compressed ? "-gzip\"" : "\"");
  Response response;
  response.content_type = file.content_type;
  response.static_body = compressed ? file.gzip : file.bytes;
  response.cache_control = file.path.starts_with(assets) ? "public, max-age=31536000, immutable" : "no-cache";
  if (file.path == index_path) {
    response.content_security_policy = page_policy;
    response.add_header("Cross-Origin-Opener-Policy", "same-origin");
    response.add_header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
  }
  response.add_header("ETag", tag);
  if (!file.gzip.empty()) response.add_header("Vary", "Accept-Encoding");
  if (names_tag(request.header("if-none-match").value_or(""), tag)) {
    response.status = 304;
    response.static_body = {};
  } else if (compressed) {
    response.add_header("Content-Encoding", "gzip");
  }
  return response;
}

}  // namespace interlock::http
