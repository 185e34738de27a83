// SPDX-License-Identifier: Apache-2.0
// A step made ready before the lane: the operation found, the request parsed and validated. The verdict of the
// validation travels along and is answered in its place of the precedence: 401, 400 key, 403, 404, 428, 422, 423, 409.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/digest.h"
#include "engine/engine.h"
#include "engine/unit_of_work.h"

namespace interlock::engine {

/// What a body answered, before the lane put it into words.
struct StepAnswer {
  int status = 200;
  /// The record that the answer is: its state after the operation, as the change log keeps it.
  std::optional<Subject> record;
  std::int64_t record_seq = 0;  ///< of an answer that shows an older change: a no-op shows the record's newest
  bool merged = false;
  bool secret = false;
  std::string body;  ///< JSON, if the answer is not a record's state
};

struct PreparedStep {
  std::string name;  ///< as the change log records it
  std::string permission;
  KeyRule key_rule = KeyRule::required;
  Access access = Access::member;
  LaneKind lane = LaneKind::tenant;
  std::string_view module = "core";
  const RecordType* target_type = nullptr;  ///< its existence is told before the verdict
  std::optional<Uuid> target;               ///< nothing: malformed, which is the same as absent
  bool base_missing = false;                ///< 428
  std::optional<Refusal> verdict;
  Digest16 fingerprint{};
  std::function<StepAnswer(UnitOfWork&)> run;
};

/// Throws Refusal not_found if there is no such operation; every other complaint is in the verdict.
PreparedStep prepare_step(const Schema& schema, const Step& step);

/// Digest of the operation's name and its request as sent: canonical JSON, preconditions included.
Digest16 fingerprint(std::string_view operation, const Json& request);

/// The kinds of PreparedStep that every creatable record type has; see record_operations.cpp.
PreparedStep prepare_create(const RecordType& type, const Json& request);
PreparedStep prepare_update(const RecordType& type, const Json& request);
PreparedStep prepare_delete(const RecordType& type, const Json& request);
PreparedStep prepare_restore(const RecordType& type, const Json& request);

using NamedAnswers = std::vector<std::pair<std::string, Json>>;

/// Replaces "$name.member" texts by members of earlier answers. Throws Refusal unknown_reference for one of the names
/// that has no answer, since its step was refused, or has no such member; too_long past limits::references_bytes_max.
/// Other texts stay as they are.
Json resolve_references(const Json& request, const NamedAnswers& answers, const std::vector<std::string>& names);
/// Whether any text of the request has the form "$name.member" for one of the names.
bool has_references(const Json& request, const std::vector<std::string>& names);

}  // namespace interlock::engine
