// SPDX-License-Identifier: Apache-2.0
// The sequential model of one tenant: a MemoryTx that runs operations one after the other, in the order of the change
// log, with the same times and actors. What the engine answered and wrote must be what the model answers and writes.
//
// It knows the generic operations (create, update with its merge, delete, restore) by a few lines of its own and runs
// the domains' own operations by their bodies.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/engine.h"
#include "store/store.h"
#include "testing/memory_tx.h"

namespace interlock::testing {

class SimModel {
 public:
  struct Outcome {
    int status = 0;
    std::string body;                             ///< of a refusal: empty
    std::string code;                             ///< of a refusal
    std::map<MemoryTx::Key, std::string> states;  ///< what changed: the records' JSON
  };

  SimModel(const Schema& schema, TenantId tenant) : schema_(schema), tenant_(tenant), tx_(schema, tenant) {}

  /// Takes a change as it is: what was there before the model began, and what nobody knows the request of.
  void adopt(const store::Change& change);
  /// What the submission (single or atomic) would do now. Nothing stays of it unless `keep`. `made` names the ids that
  /// the lane chose for records which the request gave none, in order.
  Outcome run(const engine::Submission& submission, Time now, const std::vector<Uuid>& made, bool keep);

  /// Saves a record once more, as if somebody had done something twice.
  void touch(const MemoryTx::Key& key);

  const MemoryTx& tx() const { return tx_; }

 private:
  struct StepOutcome {
    int status = 200;
    std::string body;
    std::optional<Subject> record;  ///< whose final state is the body
    bool merged = false;
  };
  struct Base {
    bool any = false;
    std::optional<std::int64_t> version;
  };

  StepOutcome run_step(const engine::Step& step);
  StepOutcome create(const RecordType& type, const Json& request);
  StepOutcome update(const RecordType& type, const Json& request);
  StepOutcome remove(const RecordType& type, const Json& request);
  StepOutcome restore(const RecordType& type, const Json& request);
  StepOutcome run_named(const Operation& operation, const Json& request);
  void check_permission(const engine::Step& step);
  void merge(const RecordType& type, const Json& request, RecordBox& record, StepOutcome& outcome);
  void refuse_if_stale(const Json& request, const RecordBox& current) const;
  std::string state_of(const Subject& subject) const;
  std::string body_of(const StepOutcome& step) const;
  void keep_history();

  const Schema& schema_;
  const TenantId tenant_;
  MemoryTx tx_;
  std::map<MemoryTx::Key, std::map<std::int64_t, RecordBox>> history_;  ///< by version
};

}  // namespace interlock::testing
