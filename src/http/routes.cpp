// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

#include <array>

#include "base/refusal.h"
#include "http/endpoints.h"

namespace interlock::http {
namespace {

using enum Method;
using enum Guard;

// In order: the first that fits. Literal paths stand before placeholders.
constexpr Route table[] = {
    // The server itself
    {get, "/healthz", open, &health, "200 when the server answers requests"},
    {get, "/readyz", open, &readiness, "503 while the server drains"},
    {get, "/metrics", open, &metrics, "Prometheus metrics"},
    {get, "/api/openapi.json", open, &openapi, "This description"},

    // Log-in and accounts
    {get, "/api/set-up", open, &set_up_state, "Whether the server waits for its first tenant"},
    {post, "/api/set-up", anonymous, &set_up, "Make the first tenant and its owner"},
    {post, "/api/sessions", open, &log_in, "Log in"},
    {get, "/api/sessions/current", member, &current_session, "Who is logged in, and what they may do"},
    {delete_, "/api/sessions/current", member, &log_out, "Log out"},
    {delete_, "/api/sessions", member, &log_out_everywhere, "End all sessions of this account"},
    {post, "/api/invitations/accept", anonymous, &accept_invitation, "Accept an invitation by its link's token"},
    {post, "/api/passwords/request-reset", anonymous, &request_reset, "Ask for a link to set a new password"},
    {post, "/api/passwords/reset", anonymous, &reset_password, "Set a new password by a link's token"},
    {post, "/api/passwords/change", member, &change_password, "Change the password; ends the other sessions"},

    // What happens
    {get, "/api/feed", member, &feed, "WebSocket: subscribe to changes, presence"},
    {get, "/api/events", member, &events, "Server-sent events: changes of collections"},
    {get, "/api/audit", member, &audit, "The tenant's audit trail, newest first"},

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

bool is_placeholder(std::string_view segment) { return segment.starts_with('{'); }

/// The next segment of a pattern, taken off its front; the pattern begins with a slash.
std::string_view take_segment(std::string_view& pattern) {
  pattern.remove_prefix(1);
  auto segment = pattern.substr(0, pattern.find('/'));
  pattern.remove_prefix(segment.size());
  return segment;
}

bool fits(std::string_view pattern, const Request& request) {
  for (std::size_t i = 0; i < request.segment_count(); ++i) {
    if (pattern.empty()) return false;
    auto segment = take_segment(pattern);
    if (!is_placeholder(segment) && segment != request.segment(i)) return false;
  }
  return pattern.empty();
}

}  // namespace

std::span<const Route> routes() { return table; }

std::size_t Route::placeholder(std::size_t n) const {
  auto pattern = path;
  for (std::size_t position = 0; !pattern.empty(); ++position) {
    if (is_placeholder(take_segment(pattern)) && n-- == 0) return position;
  }
  return 0;
}

const Route& find_route(const Request& request) {
  auto method = request.method == head ? get : request.method;
  std::string offered;
  for (const auto& route : table) {
    if (!fits(route.path, request)) continue;
    if (route.method == method) return route;
    offered.append(offered.empty() ? "" : ", ").append(method_name(route.method));
  }
  if (offered.empty()) throw Refusal(ErrorCode::not_found, "There is nothing at this path");
  throw Refusal(ErrorCode::method_not_allowed, offered);
}

}  // namespace interlock::http
