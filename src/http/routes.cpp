// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

#include <array>

#include "base/refusal.h"
#include "http/endpoints.h"

namespace interlock::http {
namespace {

using enum Method;
using enum Guard;

constexpr FormField set_up_form[] = {{"token"},
                                     {"slug"},
                                     {"tenant_name"},
                                     {"email"},
                                     {"password"},
                                     {"name", false},
                                     {"language", false},
                                     {"currency", false},
                                     {"time_zone", false},
                                     {"country", false},
                                     {"modules", false, FormField::Kind::text_list}};
constexpr FormField log_in_form[] = {{"email"}, {"password"}, {"tenant", false}};
constexpr FormField switch_form[] = {{"tenant"}};
constexpr FormField invitation_form[] = {{"token"}};
constexpr FormField accept_form[] = {{"token"}, {"password"}, {"name", false}};
constexpr FormField request_reset_form[] = {{"email"}};
constexpr FormField reset_form[] = {{"token"}, {"password"}};
constexpr FormField change_form[] = {{"password"}, {"new_password"}};

// In order: the first that fits. Literal paths stand before placeholders.
constexpr Route table[] = {
    // The server itself
    {get, "/healthz", open, &health, "200 when the server answers requests"},
    {get, "/readyz", open, &readiness, "503 while the server drains"},
    {get, "/metrics", open, &metrics, "Prometheus metrics"},
    {get, "/api/openapi.json", open, &openapi, "This description"},
    {get, "/docs/errors", open, &error_page, "What the error codes mean, as a page: the type of a problem document"},

    {post, "/api/script-errors", anonymous, &report_script_error, "Tell the operator of an error in a page's script"},

    // Log-in and accounts
    {get, "/api/set-up", open, &set_up_state, "Whether the server waits for its first tenant"},
    {post, "/api/set-up", anonymous, &set_up, "Make the first tenant and its owner", set_up_form},
    {post, "/api/sessions", open, &log_in, "Log in", log_in_form},
    {get, "/api/sessions/current", member, &current_session, "Who is logged in, and what they may do"},
    {delete_, "/api/sessions/current", member, &log_out, "Log out"},
    {post, "/api/sessions/switch", member, &switch_tenant, "Go on in another tenant of the same account", switch_form},
    {delete_, "/api/sessions", member, &log_out_everywhere, "End all sessions of this account"},
    {post, "/api/invitations/show", anonymous, &show_invitation, "What an invitation says, by its link's token",
     invitation_form},
    {post, "/api/invitations/accept", anonymous, &accept_invitation, "Accept an invitation by its link's token",
     accept_form},
    {post, "/api/passwords/request-reset", anonymous, &request_reset, "Ask for a link to set a new password",
     request_reset_form},
    {post, "/api/passwords/reset", anonymous, &reset_password, "Set a new password by a link's token", reset_form},
    {post, "/api/passwords/change", member, &change_password, "Change the password; ends the other sessions",
     change_form},

    // What happens
    {get, "/api/feed", member, &feed, "WebSocket: subscribe to changes, presence"},
    {get, "/api/events", member, &events, "Server-sent events: changes of collections"},
    {get, "/api/operations-metrics", member, &operations_metrics, "How the server does, for administrators"},
    {get, "/api/audit", member, &audit, "The tenant's audit trail, newest first"},

    // Files
    {post, "/api/files", member, &upload_file, "Upload a file: its bytes as the body, its name as a parameter"},
    {get, "/api/files/{id}/content", member, &file_content, "A file's bytes"},

    // Records and operations
    {post, "/api/batch", member, &batch, "Many operations in one call"},
    {get, "/api/{collection}", member, &list_records, "List records"},
    {post, "/api/{collection}", member, &create_record, "Create a record"},
    {get, "/api/{collection}/{id}", member, &get_record, "Get a record"},
    {patch, "/api/{collection}/{id}", member, &update_record, "Change fields of a record"},
    {put, "/api/{collection}/{id}", member, &update_record, "Change fields of a record"},
    {delete_, "/api/{collection}/{id}", member, &delete_record, "Delete a record"},
    {post, "/api/{collection}/{operation}", member, &run_operation, "A named operation"},
    {get, "/api/{collection}/{id}/history", member, &record_history, "The record's changes, newest first"},
};

// Whatever else a browser asks for: the console's files and pages.
constexpr Route page_route{get, "/", open, &page, "The console"};

constexpr std::size_t pattern_segments_max = 4;

/// A route's path, split once.
struct Pattern {
  std::array<std::string_view, pattern_segments_max> segments{};
  std::size_t count = 0;
};

constexpr Pattern split(std::string_view path) {
  Pattern pattern;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto& segment = pattern.segments[pattern.count++];
    segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
  }
  return pattern;
}

constexpr auto patterns = [] {
  std::array<Pattern, std::size(table)> all;
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = split(table[i].path);
  return all;
}();

constexpr bool is_placeholder(std::string_view segment) { return segment.starts_with('{'); }

bool fits(const Pattern& pattern, const Request& request) {
  if (pattern.count != request.segment_count()) return false;
  for (std::size_t i = 0; i < pattern.count; ++i) {
    if (!is_placeholder(pattern.segments[i]) && pattern.segments[i] != request.segment(i)) return false;
  }
  return true;
}

}  // namespace

std::span<const Route> routes() { return table; }

std::size_t Route::placeholder(std::size_t n) const {
  const auto& pattern = patterns[static_cast<std::size_t>(this - table)];
  for (std::size_t position = 0; position < pattern.count; ++position) {
    if (is_placeholder(pattern.segments[position]) && n-- == 0) return position;
  }
  return 0;
}

const Route& find_route(const Request& request) {
  auto method = request.method == head ? get : request.method;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (table[i].method == method && fits(patterns[i], request)) return table[i];
  }
  std::string offered;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (fits(patterns[i], request)) offered.append(offered.empty() ? "" : ", ").append(method_name(table[i].method));
  }
  if (offered.empty() && method == get) return page_route;
  if (offered.empty()) throw Refusal(ErrorCode::not_found, "There is nothing at this path");
  throw Refusal(ErrorCode::method_not_allowed, offered);
}

}  // namespace interlock::http
