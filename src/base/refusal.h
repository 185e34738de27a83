// SPDX-License-Identifier: Apache-2.0
// A refusal is the answer "no": the caller's mistake or a state that forbids the operation. Nothing was written.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "base/errors.h"

namespace interlock {

/// Thrown by parsing, validation and operations, caught in one place each (lane, HTTP) and turned into a problem
/// document. `detail` is a sentence for people; `field` and `limit` say where and how far; `extra` holds further
/// members of the problem document, as the inside of a JSON object (`"current":{…},"clashing_fields":["name"]`), or is
/// empty.
class Refusal : public std::exception {
 public:
  explicit Refusal(ErrorCode code, std::string detail = {}) : code(code), detail(std::move(detail)) {}

  Refusal&& at_field(std::string name) && {
    field = std::move(name);
    return std::move(*this);
  }
  Refusal&& with_limit(std::int64_t bound) && {
    limit = bound;
    return std::move(*this);
  }
  Refusal&& with_extra(std::string members) && {
    extra = std::move(members);
    return std::move(*this);
  }
  const char* what() const noexcept override { return detail.empty() ? error_info(code).title.data() : detail.c_str(); }

  ErrorCode code;
  std::string detail;
  std::string field;
  std::optional<std::int64_t> limit;
  std::string extra;
  /// The request itself is at fault, whatever the records say: an idempotency key stays unused.
  bool from_validation = false;
};

/// The RFC 9457 problem document of a refusal, as JSON text:
/// `{"type":"/docs/errors#not_found","title":…,"status":404,"code":"not_found","detail":…,"field":…,"limit":…,
/// extra…}`.
std::string problem_json(const Refusal& refusal);

}  // namespace interlock
