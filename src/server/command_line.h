// SPDX-License-Identifier: Apache-2.0
// The command line: what may be typed. Each command's function answers its exit code and throws CommandError or
// ConfigError; run() prints their one sentence.
#pragma once

#include <string>
#include <vector>

#include "server/config.h"
#include "server/errors.h"

namespace interlock::server {

/// Parses, runs one command, prints errors. `environment` as of main().
int run(int argument_count, const char* const* arguments, const char* const* environment);

struct TenantOptions {
  std::string slug, name, owner_email, owner_name, language, currency, time_zone, country;
  std::vector<std::string> modules;
};
ExitCode tenant_create(const Config& config, const TenantOptions& options);
ExitCode tenant_list(const Config& config);
ExitCode tenant_suspend(const Config& config, const std::string& slug);
ExitCode tenant_resume(const Config& config, const std::string& slug);

struct UserOptions {
  std::string tenant, email, name, role = "staff";
  std::vector<std::string> scopes;
};
ExitCode user_invite(const Config& config, const UserOptions& options);
ExitCode user_reset_password(const Config& config, const std::string& email);
ExitCode user_list(const Config& config, const std::string& tenant);

struct TokenOptions {
  std::string tenant, email, name;
  std::vector<std::string> permissions;
  std::int64_t days = 0;  ///< 0: does not expire
};
ExitCode token_create(const Config& config, const TokenOptions& options);
ExitCode token_list(const Config& config, const std::string& tenant);
ExitCode token_revoke(const Config& config, const std::string& tenant, const std::string& id);

struct ImportOptions {
  std::string collection, file, tenant, refused_file;
  std::vector<std::string> map;  ///< "Full name=name"; "Notes=" leaves a column out
  bool dry_run = false;
};
ExitCode import_file(const Config& config, const ImportOptions& options);

struct ExportOptions {
  std::string collection, tenant, format = "csv", out;
  std::string contents;  ///< of the collection files: a new directory for what is in them
};
ExitCode export_collection(const Config& config, const ExportOptions& options);

ExitCode backup(const Config& config, const std::string& directory, const std::string& tenant);
struct RestoreOptions {
  std::string directory, tenant;
  bool replace = false;
};
ExitCode restore(const Config& config, const RestoreOptions& options);
struct MoveOptions {
  std::string from, to;  ///< sqlite:DIRECTORY, postgresql://…; empty: as `data` and `store` say
};
ExitCode move(const Config& config, const MoveOptions& options);
ExitCode check(const Config& config, const std::string& tenant);
ExitCode upgrade_check(const Config& config);
ExitCode serve(const Config& config);

}  // namespace interlock::server
