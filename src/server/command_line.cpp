// SPDX-License-Identifier: Apache-2.0
#include "server/command_line.h"

#include <fmt/format.h>
#include <version.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <functional>
#include <iostream>

namespace interlock::server {
namespace {

/// Lives while one command line is parsed and run: CLI11 writes into these.
struct Parsed {
  std::string config_file;
  SettingTexts flags;
  std::function<ExitCode(const Config&)> command;

  TenantOptions tenant;
  UserOptions user;
  TokenOptions token;
  ImportOptions import;
  ExportOptions export_;
  RestoreOptions restore;
  MoveOptions move;
  std::string slug, email, tenant_name, id, directory;
  bool only_check = false;
};

void add_setting(CLI::App& command, Parsed& parsed, const Setting& setting) {
  auto& text = parsed.flags;
  const std::string name(setting.name);
  const auto help = fmt::format("{} [{}; default {}]", setting.doc, bounds_text(setting), default_text(setting));
  if (std::holds_alternative<bool Config::*>(setting.member))
    command.add_flag_callback(
        flag_name(setting), [&text, name] { text[name] = "true"; }, help);
  else
    command.add_option_function<std::string>(
        flag_name(setting), [&text, name](const std::string& value) { text[name] = value; }, help);
}

/// Every command reads these; the others are the server's.
bool is_common(const Setting& setting) {
  return setting.name == "data" || setting.name == "store" || setting.name == "files";
}

/// What every command takes: where configuration and data are.
void add_common(CLI::App& command, Parsed& parsed, std::function<ExitCode(const Config&)> run_command) {
  command.add_option("--config", parsed.config_file, "TOML file with settings; also INTERLOCK_CONFIG");
  for (const auto& setting : settings())
    if (is_common(setting)) add_setting(command, parsed, setting);
  command.callback([&parsed, run_command = std::move(run_command)] { parsed.command = run_command; });
}

CLI::App& group(CLI::App& app, const std::string& name, const std::string& help) {
  auto& made = *app.add_subcommand(name, help);
  made.require_subcommand(1);
  return made;
}

void add_serve(CLI::App& app, Parsed& parsed) {
  auto& command = *app.add_subcommand("serve", "Serve the API until SIGTERM or SIGINT");
  add_common(command, parsed, serve);
  for (const auto& setting : settings())
    if (!is_common(setting) && !setting.secret) add_setting(command, parsed, setting);
}

void add_tenant(CLI::App& app, Parsed& parsed) {
  auto& tenants = group(app, "tenant", "Make, list, suspend and resume tenants");
  auto& o = parsed.tenant;
  auto& create =
      *tenants.add_subcommand("create", "Make a tenant; with --owner, its first owner, and print the invitation");
  create.add_option("slug", o.slug, "Short name: lower-case letters, digits, hyphens")->required();
  create.add_option("--name", o.name, "Name that people see")->required();
  create.add_option("--owner", o.owner_email, "E-mail address of the first owner");
  create.add_option("--owner-name", o.owner_name, "Name of the first owner");
  create.add_option("--language", o.language, "BCP 47, such as es");
  create.add_option("--currency", o.currency, "ISO 4217, such as EUR");
  create.add_option("--time-zone", o.time_zone, "IANA, such as Europe/Madrid");
  create.add_option("--country", o.country, "ISO 3166-1, such as ES");
  create.add_option("--modules", o.modules, "What is switched on, such as crm,catalogue,agency")->delimiter(',');
  add_common(create, parsed, [&o](const Config& config) { return tenant_create(config, o); });
  add_common(*tenants.add_subcommand("list", "Print all tenants"), parsed, tenant_list);
  auto& suspend = *tenants.add_subcommand("suspend", "Refuse log-in and end all sessions of a tenant");
  suspend.add_option("slug", parsed.slug)->required();
  add_common(suspend, parsed, [&parsed](const Config& config) { return tenant_suspend(config, parsed.slug); });
  auto& resume = *tenants.add_subcommand("resume", "Let a suspended tenant work again");
  resume.add_option("slug", parsed.slug)->required();
  add_common(resume, parsed, [&parsed](const Config& config) { return tenant_resume(config, parsed.slug); });
}

void add_user(CLI::App& app, Parsed& parsed) {
  auto& users = group(app, "user", "Invite people, reset passwords, list members");
  auto& o = parsed.user;
  auto& invite = *users.add_subcommand("invite", "Invite a person into a tenant and print the link");
  invite.add_option("email", o.email)->required();
  invite.add_option("--tenant", o.tenant, "Slug or id")->required();
  invite.add_option("--role", o.role, "owner, admin, staff, viewer or guest")->capture_default_str();
  invite.add_option("--name", o.name);
  invite.add_option("--scope", o.scopes, "Such as customers:all; several are allowed")->allow_extra_args(false);
  add_common(invite, parsed, [&o](const Config& config) { return user_invite(config, o); });
  auto& reset = *users.add_subcommand("reset-password", "Print a one-time link that sets a new password");
  reset.add_option("email", parsed.email)->required();
  add_common(reset, parsed, [&parsed](const Config& config) { return user_reset_password(config, parsed.email); });
  auto& list = *users.add_subcommand("list", "Print the members of a tenant");
  list.add_option("--tenant", parsed.tenant_name, "Slug or id")->required();
  add_common(list, parsed, [&parsed](const Config& config) { return user_list(config, parsed.tenant_name); });
}

void add_token(CLI::App& app, Parsed& parsed) {
  auto& tokens = group(app, "token", "Make, list and revoke API tokens");
  auto& o = parsed.token;
  auto& create = *tokens.add_subcommand("create", "Make a token for a program and print it once");
  create.add_option("name", o.name, "What it is for")->required();
  create.add_option("--tenant", o.tenant, "Slug or id")->required();
  create.add_option("--user", o.email, "E-mail address of the member whose rights it may use")->required();
  create.add_option("--permission", o.permissions, "Such as customers.read; several are allowed")
      ->required()
      ->allow_extra_args(false);
  create.add_option("--days", o.days, "Days until it expires")->check(CLI::Range(1, 3650));
  add_common(create, parsed, [&o](const Config& config) { return token_create(config, o); });
  auto& list = *tokens.add_subcommand("list", "Print a tenant's tokens, without their secrets");
  list.add_option("--tenant", parsed.tenant_name, "Slug or id")->required();
  add_common(list, parsed, [&parsed](const Config& config) { return token_list(config, parsed.tenant_name); });
  auto& revoke = *tokens.add_subcommand("revoke", "Refuse a token from now on");
  revoke.add_option("id", parsed.id, "The token's id, see `token list`")->required();
  revoke.add_option("--tenant", parsed.tenant_name, "Slug or id")->required();
  add_common(revoke, parsed,
             [&parsed](const Config& config) { return token_revoke(config, parsed.tenant_name, parsed.id); });
}

void add_import_and_export(CLI::App& app, Parsed& parsed) {
  auto& i = parsed.import;
  auto& import = *app.add_subcommand("import", "Create a record for each row of a CSV file");
  import.add_option("collection", i.collection, "Such as customers")->required();
  import.add_option("file", i.file, "CSV with a header line")->required()->check(CLI::ExistingFile);
  import.add_option("--tenant", i.tenant, "Slug or id")->required();
  import.add_option("--map", i.map, "\"Full name=name\": column and field; \"Notes=\" leaves a column out")
      ->allow_extra_args(false);
  import.add_flag("--dry-run", i.dry_run, "Report what an import would do; write nothing");
  import.add_option("--refused", i.refused_file, "Where refused rows go, with reasons; default FILE.refused.csv");
  add_common(import, parsed, [&i](const Config& config) { return import_file(config, i); });
  auto& e = parsed.export_;
  auto& command = *app.add_subcommand("export", "Write all records of a collection");
  command.add_option("collection", e.collection, "Such as customers")->required();
  command.add_option("--tenant", e.tenant, "Slug or id")->required();
  command.add_option("--format", e.format)->check(CLI::IsMember({"csv", "jsonl"}))->capture_default_str();
  command.add_option("--out", e.out, "File; default: standard output");
  command.add_option("--contents", e.contents, "Of the collection files: a new directory for what is in them");
  add_common(command, parsed, [&e](const Config& config) { return export_collection(config, e); });
}

void add_upkeep(CLI::App& app, Parsed& parsed) {
  auto& save = *app.add_subcommand("backup", "Copy one tenant or all into a new directory, while a server runs or not");
  save.add_option("directory", parsed.directory, "Where to; must not exist")->required();
  save.add_option("--tenant", parsed.tenant_name, "Slug or id; default: all and the platform");
  add_common(save, parsed, [&parsed](const Config& c) { return backup(c, parsed.directory, parsed.tenant_name); });
  auto& r = parsed.restore;
  auto& load = *app.add_subcommand("restore", "Bring back one tenant or all from a backup");
  load.add_option("directory", r.directory, "A backup")->required()->check(CLI::ExistingDirectory);
  load.add_option("--tenant", r.tenant, "Slug or id; default: all, while no server runs");
  load.add_flag("--replace", r.replace, "What is there now is lost");
  add_common(load, parsed, [&r](const Config& config) { return restore(config, r); });
  auto& m = parsed.move;
  auto& relocate = *app.add_subcommand(
      "move", "Move all records and files into an empty PostgreSQL database, while no server runs; again, to go on");
  relocate.add_option("--from", m.from, "sqlite:DIRECTORY; default: the setting data");
  relocate.add_option("--to", m.to, "postgresql://USER@HOST/DATABASE; default: the setting store");
  add_common(relocate, parsed, [&m](const Config& config) { return move(config, m); });
  auto& examine = *app.add_subcommand("check", "Look for damage in the files of one tenant or all");
  examine.add_option("--tenant", parsed.tenant_name, "Slug or id; default: all and the platform");
  add_common(examine, parsed, [&parsed](const Config& config) { return check(config, parsed.tenant_name); });
  auto& upgrade = *app.add_subcommand("upgrade", "Data is upgraded when it is opened; see beforehand what that means");
  upgrade.add_flag("--check", parsed.only_check, "Compare the data's format with this program's")->required();
  add_common(upgrade, parsed, upgrade_check);
}

void add_facts(CLI::App& app, Parsed& parsed) {
  auto& about = *app.add_subcommand("version", "Print the version");
  about.callback([&parsed] {
    parsed.command = [](const Config&) {
      fmt::print("interlock {} ({})\n", version, version_commit);
      return ExitCode::ok;
    };
  });
  auto& reference = *app.add_subcommand("settings", "Print the reference page of all settings, as Markdown");
  reference.callback([&parsed] {
    parsed.command = [](const Config&) {
      fmt::print("{}", configuration_markdown());
      return ExitCode::ok;
    };
  });
}

Config configuration(Parsed& parsed, const char* const* environment) {
  const auto variables = settings_from_environment(environment);
  if (parsed.config_file.empty())
    if (const char* file = std::getenv("INTERLOCK_CONFIG")) parsed.config_file = file;
  return load_config(parsed.config_file, variables, parsed.flags);
}

int end_with(ExitCode code, const char* sentence) {
  std::fflush(stdout);
  fmt::print(stderr, "interlock: {}\n", sentence);
  return static_cast<int>(code);
}

}  // namespace

int run(int argument_count, const char* const* arguments, const char* const* environment) {
  Parsed parsed;
  CLI::App app("Interlock: many people, the same records, nothing lost.", "interlock");
  app.require_subcommand(1);
  add_serve(app, parsed);
  add_tenant(app, parsed);
  add_user(app, parsed);
  add_token(app, parsed);
  add_import_and_export(app, parsed);
  add_upkeep(app, parsed);
  add_facts(app, parsed);
  try {
    app.parse(argument_count, arguments);
    const auto config = configuration(parsed, environment);
    set_log_level(log_level_of(config));
    const auto code = parsed.command(config);
    return std::fflush(stdout) == 0 ? static_cast<int>(code) : end_with(ExitCode::failed, "cannot write the output");
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return end_with(ExitCode::usage, fmt::format("{} (see --help)", error.what()).c_str());
  } catch (const ConfigError& error) {
    return end_with(ExitCode::usage, error.what());
  } catch (const CommandError& error) {
    return end_with(error.code(), error.what());
  } catch (const std::exception& error) {
    return end_with(ExitCode::failed, error.what());
  }
}

}  // namespace interlock::server
