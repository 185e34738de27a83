// SPDX-License-Identifier: Apache-2.0
// backup, restore, check.
#include <fmt/format.h>
#include <version.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "base/refusal.h"
#include "base/time.h"
#include "server/blob_copies.h"
#include "server/command_line.h"
#include "server/commands.h"
#include "server/manifest.h"
#include "server/outbox_numbers.h"
#include "server/runtime.h"

namespace interlock::server {
namespace {

/// One tenant or, without a name, the platform and all tenants that have data here.
std::vector<TenantRow> chosen_tenants(Control& control, const std::string& name) {
  if (!name.empty()) return {tenant_named(control, name)};
  auto rows = all_tenants(control);
  std::erase_if(rows, [](const TenantRow& row) { return !row.lane; });
  return rows;
}

void make_backup_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), error);
  if (!std::filesystem::create_directory(directory, error))
    throw CommandError(error ? fmt::format("cannot make {}: {}", directory, error.message())
                             : fmt::format("{} exists already; a backup makes its directory itself", directory));
}

ManifestTenant backup_tenant(Control& control, const TenantRow& row, const std::string& directory) {
  ManifestTenant tenant{row.id, row.slug, row.id + ".db", 0, 0, {}, 0, 0};
  const auto path = fmt::format("{}/{}", directory, tenant.file);
  const auto made = control.call({{"verb", Json("backup")}, {"tenant", Json(row.id)}, {"path", Json(path)}});
  tenant.seq = integer_of(made, "seq");
  tenant.files = integer_of(made, "files");
  tenant.file_bytes = integer_of(made, "file_bytes");
  measure_file(path, tenant.bytes, tenant.blake2b);
  return tenant;
}

/// The database and the contents of files; throws CommandError if anything is missing or changed.
void verify_tenant(const std::string& directory, const ManifestTenant& tenant) {
  verify_file(directory, tenant);
  const auto files = files_directory_of(fmt::format("{}/{}", directory, tenant.file));
  const auto totals = verify_files(files);
  if (totals.files != tenant.files || totals.bytes != tenant.file_bytes)
    throw CommandError(
        fmt::format("{} holds {} files instead of {}: the backup is incomplete", files, totals.files, tenant.files));
}

/// All files into a data directory that no server holds; every file was verified before.
void restore_all(const Config& config, const RestoreOptions& options, const Manifest& manifest) {
  if (server_answers(config.data))
    throw CommandError("a server holds the data directory: stop it to restore everything, or name one --tenant",
                       ExitCode::held);
  Runtime runtime(config, IfMissing::create);
  if (!runtime.was_empty() && !options.replace)
    throw CommandError(fmt::format("{} holds data; --replace gives it up for the backup's", config.data));
  if (std::ranges::none_of(manifest.tenants, [](const auto& tenant) { return tenant.slug == "platform"; }))
    throw CommandError("this backup holds single tenants only; restore them one by one with --tenant");
  if (manifest.demo) runtime.mark_demo(Runtime::Demo::seeded);
  ProgressBar bar("restore", static_cast<std::int64_t>(manifest.tenants.size()));
  std::int64_t restored = 0;
  for (const auto& tenant : manifest.tenants) {
    const auto id = parse_type_id("tenant", tenant.id);
    if (!id) throw CommandError(fmt::format("the manifest holds a tenant with the id \"{}\"", tenant.id));
    const auto path = fmt::format("{}/{}", options.directory, tenant.file);
    restore_blobs(runtime.blobs(), TenantId{*id}, files_directory_of(path));
    runtime.store().restore(TenantId{*id}, path);
    runtime.store().put_wake(TenantId{*id}, system_clock().now());  // what is due in it is looked for at the next start
    bar.show(++restored);
  }
  align_outbox_numbers(runtime.store());
}

void restore_tenant(const Config& config, const RestoreOptions& options, const Manifest& manifest) {
  const auto found = std::ranges::find_if(manifest.tenants, [&](const auto& tenant) {
    return tenant.slug == options.tenant || tenant.id == options.tenant;
  });
  if (found == manifest.tenants.end()) throw CommandError(fmt::format("the backup holds no tenant {}", options.tenant));
  const auto control = open_control(config);
  if (tenant_named(*control, found->id).lane && !options.replace)
    throw CommandError(fmt::format("{} has data; --replace gives it up for the backup's", found->slug));
  control->call({{"verb", Json("restore")},
                 {"tenant", Json(found->id)},
                 {"path", Json(std::filesystem::absolute(options.directory + "/" + found->file).string())}});
}

/// True if nothing is wrong.
bool check_tenant(Control& control, const TenantRow& row) {
  const auto report = control.call({{"verb", Json("check")}, {"tenant", Json(row.id)}});
  const bool ok =
      report.find("ok") != nullptr && report.find("ok")->if_bool() != nullptr && *report.find("ok")->if_bool();
  fmt::print("{}: {}, {} records, {} changes, {} files\n", row.slug, ok ? "sound" : "DAMAGED",
             integer_of(report, "records"), integer_of(report, "changes"), integer_of(report, "files"));
  for (const auto& problem : array_of(report, "problems")) fmt::print("  {}\n", *problem.if_text());
  return ok;
}

}  // namespace

ExitCode backup(const Config& config, const std::string& directory, const std::string& tenant) {
  const auto control = open_control(config);
  const auto tenants = chosen_tenants(*control, tenant);
  const auto target = std::filesystem::absolute(directory).lexically_normal().string();
  make_backup_directory(target);
  const auto status = control->call({{"verb", Json("status")}});
  Manifest manifest{std::string(version), rfc3339(system_clock().now()), *status.find("demo")->if_bool(), {}};
  ProgressBar bar("backup", static_cast<std::int64_t>(tenants.size()));
  std::int64_t bytes = 0, done = 0;
  std::string failures;
  for (const auto& row : tenants) {
    try {
      manifest.tenants.push_back(backup_tenant(*control, row, target));
      bytes += manifest.tenants.back().bytes + manifest.tenants.back().file_bytes;
    } catch (const CommandError& error) {  // one damaged tenant must not keep the others from being saved
      failures += fmt::format("{}{}: {}", failures.empty() ? "" : "; ", row.slug, error.what());
    }
    bar.show(++done);
  }
  write_manifest(target, manifest);
  fmt::print("{} {}, {} bytes, in {}\n", manifest.tenants.size(), manifest.tenants.size() == 1 ? "lane" : "lanes",
             bytes, target);
  if (!failures.empty()) throw CommandError("not in the backup: " + failures);
  return ExitCode::ok;
}

ExitCode restore(const Config& config, const RestoreOptions& options) {
  const auto manifest = read_manifest(options.directory);
  for (const auto& tenant : manifest.tenants)
    if (options.tenant.empty() || tenant.slug == options.tenant || tenant.id == options.tenant)
      verify_tenant(options.directory, tenant);
  if (options.tenant.empty())
    restore_all(config, options, manifest);
  else
    restore_tenant(config, options, manifest);
  fmt::print("restored as of {}\n", manifest.made_at);
  return ExitCode::ok;
}

ExitCode check(const Config& config, const std::string& tenant) {
  const auto control = open_control(config);
  bool sound = true;
  for (const auto& row : chosen_tenants(*control, tenant)) sound = check_tenant(*control, row) && sound;
  return sound ? ExitCode::ok : ExitCode::findings;
}

}  // namespace interlock::server
