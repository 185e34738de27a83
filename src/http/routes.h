// SPDX-License-Identifier: Apache-2.0
// The API's table of contents: which request goes where.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/form.h"
#include "http/message.h"

namespace interlock::http {

class Call;
using CallPtr = std::shared_ptr<Call>;

/// Who gets through to the handler.
enum class Guard : std::uint8_t {
  open,       ///< everybody
  anonymous,  ///< everybody, but a limited number of calls per address
  member,     ///< a session or an API token; else 401
};

struct Route {
  Method method;
  std::string_view path;  ///< `{name}` stands for one segment
  Guard guard;
  void (*handler)(const CallPtr& call);
  std::string_view summary;           ///< for OpenAPI
  std::span<const FormField> form{};  ///< of the body, where the handler takes a form

  /// Of one of routes(): position among the segments of the n-th placeholder; 0 if there are fewer (the first segment
  /// is never one).
  std::size_t placeholder(std::size_t n) const;
};

std::span<const Route> routes();

/// The route for a request; what may be a page of the console has one that is none of routes(). Throws Refusal
/// not_found, or method_not_allowed with the methods that are offered as `detail`.
const Route& find_route(const Request& request);

}  // namespace interlock::http
