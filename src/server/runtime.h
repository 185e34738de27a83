// SPDX-License-Identifier: Apache-2.0
// An opened data directory: its lock, store, schema and engine, wired once for `serve` and for commands that run
// without a server.
#pragma once

#include <memory>
#include <string>

#include "domains/schema.h"
#include "engine/engine.h"
#include "server/config.h"
#include "server/control.h"
#include "store/blobs.h"
#include "store/store.h"

namespace interlock::server {

/// Life: construct, use, destroy (drains the engine if it was started). Thread-safe after engine() was called once.
class Runtime {
 public:
  /// Takes the data directory's lock. Throws CommandError: ExitCode::held if another process has it, ExitCode::usage if
  /// the directory is missing and must not be made.
  Runtime(const Config& config, IfMissing if_missing);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// The provider of mails writes files: they reach nobody by themselves.
  static constexpr domains::Mail mail = domains::Mail::handed_over;

  const Config& config() const;
  const Schema& schema() const;
  store::Store& store();
  /// Contents of files, where the configuration has them.
  store::Blobs& blobs();
  /// Started at the first call: lanes, dispatcher, jobs.
  engine::Engine& engine();

  /// Where links lead: public_url, or made from `listen`.
  std::string public_url() const;
  /// The port that is really served, where `listen` says 0.
  void set_port(std::uint16_t port);

  /// Nothing had been stored here when it was opened.
  bool was_empty() const;
  /// A file in the directory says, from before the first record on, that it holds demo data with known passwords.
  enum class Demo { none, seeding, seeded };
  Demo demo() const;
  /// Durable when it returns.
  void mark_demo(Demo state);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A tenant by slug, TypeID or "platform". Throws Refusal not_found with a sentence that names it.
TenantId find_tenant_id(Runtime& runtime, const std::string& name);

}  // namespace interlock::server
