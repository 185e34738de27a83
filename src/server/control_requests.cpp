// SPDX-License-Identifier: Apache-2.0
// What a control request does: the same code for the socket's requests and for commands that opened the data
// themselves.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>
#include <version.h>

#include <algorithm>
#include <array>
#include <future>

#include "domains/platform/accounts.h"
#include "engine/queries.h"
#include "server/blob_copies.h"
#include "server/control.h"
#include "server/outbox_numbers.h"
#include "server/runtime.h"

namespace interlock::server {
namespace {

std::string required_text(const Json& request, std::string_view member) {
  const auto* value = request.find(member);
  if (value == nullptr || value->if_text() == nullptr)
    throw Refusal(ErrorCode::malformed_request, fmt::format("the request needs the text \"{}\"", member));
  return *value->if_text();
}

std::string optional_text(const Json& request, std::string_view member) {
  const auto* value = request.find(member);
  return value != nullptr && value->if_text() != nullptr ? *value->if_text() : std::string();
}

engine::Step step_of(const Json& json) {
  const auto* request = json.find("request");
  return {required_text(json, "operation"),
          request != nullptr ? *request : Json(JsonObject{}),
          optional_text(json, "key"),
          {}};
}

Json answer_json(const engine::Answer& answer) {
  return Json(JsonObject{{"status", Json(answer.status)},
                         {"body", parse_json(answer.body)},
                         {"seq", Json(answer.seq)},
                         {"replayed", Json(answer.replayed)}});
}

Json run_operation(Runtime& runtime, const Json& request) {
  engine::Submission submission;
  submission.tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  submission.caller = engine::system_caller();
  submission.steps.push_back(step_of(request));
  submission.key = std::exchange(submission.steps.front().key, {});
  return answer_json(engine::submit_and_wait(runtime.engine(), std::move(submission)));
}

Json run_batch(Runtime& runtime, const Json& request) {
  engine::Submission submission;
  submission.tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  submission.caller = engine::system_caller();
  submission.mode = engine::Mode::each;
  if (const auto* trial = request.find("trial"); trial != nullptr && trial->if_bool() != nullptr)
    submission.trial = *trial->if_bool();
  for (const auto& item : array_of(request, "operations")) submission.steps.push_back(step_of(item));
  return answer_json(engine::submit_and_wait(runtime.engine(), std::move(submission)));
}

/// A list as text for callers and as JSON here: lists are made for the wire.
Json run_list(Runtime& runtime, const Json& request) {
  const auto tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  const auto collection = required_text(request, "collection");
  const auto* type = runtime.schema().by_collection(collection);
  if (type == nullptr || !type->options.readable)
    throw Refusal(ErrorCode::not_found, fmt::format("there is no collection {}", collection));
  engine::ListRequest list;
  list.sort = optional_text(request, "sort");
  list.cursor = optional_text(request, "cursor");
  if (const auto* limit = request.find("limit"); limit != nullptr && limit->if_integer() != nullptr)
    list.limit = *limit->if_integer();
  if (const auto* filters = request.find("filters"); filters != nullptr && filters->if_object() != nullptr)
    for (const auto& [name, value] : *filters->if_object())
      if (value.if_text() != nullptr) list.filters.emplace_back(name, *value.if_text());
  const auto view = runtime.engine().read(tenant, engine::system_caller());
  return parse_json(engine::list_json(*view, *type, list));
}

Json tenant_row(Runtime& runtime, TenantId id, const domains::Tenant* tenant) {
  return Json(JsonObject{{"id", Json(type_id_text("tenant", id.uuid))},
                         {"slug", Json(tenant != nullptr ? tenant->slug : "platform")},
                         {"name", Json(tenant != nullptr ? tenant->name : "the platform's own lane")},
                         {"status", Json(tenant != nullptr ? tenant->status : "active")},
                         {"lane", Json(runtime.store().exists(id))}});
}

/// The platform's own lane first, then the tenants by slug.
Json run_tenants(Runtime& runtime, const Json&) {
  JsonArray rows;
  rows.push_back(tenant_row(runtime, store::platform_tenant(), nullptr));
  const auto view = runtime.engine().read(store::platform_tenant(), engine::system_caller());
  Query query;
  query.sort = &field_of(&domains::Tenant::slug);
  while (true) {
    const auto page = view->reader().all<domains::Tenant>(query);
    for (const auto& tenant : page) rows.push_back(tenant_row(runtime, TenantId{tenant.id}, &tenant));
    if (std::cmp_less(page.size(), query.limit)) return Json(std::move(rows));
    query.after = PageStart{page.back().slug, page.back().id};
  }
}

/// Whether a tenant is past provisioning, at most limits::min_seq_wait_max later: whoever needs it longer asks again.
Json run_await_active(Runtime& runtime, const Json& request) {
  auto& engine = runtime.engine();
  const auto name = required_text(request, "tenant");
  const auto until = engine.clock().monotonic() + limits::min_seq_wait_max;
  while (true) {
    std::int64_t seen = 0;
    {  // nothing is read while waiting
      const auto view = engine.read(store::platform_tenant(), engine::system_caller());
      const auto tenant = domains::find_tenant(view->reader(), name);
      if (!tenant) throw Refusal(ErrorCode::not_found, fmt::format("there is no tenant {}", name));
      if (tenant->status != "provisioning") return Json(true);
      seen = view->seq();
    }
    const auto left = until - engine.clock().monotonic();
    const auto changed = std::make_shared<std::promise<bool>>();
    engine.when_seq(store::platform_tenant(), seen + 1, left, [changed](bool reached) { changed->set_value(reached); });
    if (!changed->get_future().get()) return Json(false);
  }
}

Json run_backup(Runtime& runtime, const Json& request) {
  const auto tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  const auto path = required_text(request, "path");
  std::int64_t seq = 0;
  // What the copied records name is there before they are, and stays until it is copied as well.
  const auto held = runtime.blobs().hold();
  runtime.engine().with_lane(tenant, [&](store::LaneStore& lane) {
    seq = lane.writer().last_seq();
    runtime.store().backup(tenant, &lane, path, [] {});
  });
  const auto totals = copy_blobs(runtime.blobs(), tenant, files_directory_of(path));
  return Json(JsonObject{{"seq", Json(seq)}, {"files", Json(totals.files)}, {"file_bytes", Json(totals.bytes)}});
}

/// Writes the content of a file to a new file.
Json run_copy_blob(Runtime& runtime, const Json& request) {
  const auto tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  const auto name = required_text(request, "blob");
  const auto blob = runtime.blobs().open(tenant, name);
  if (!blob) throw Refusal(ErrorCode::not_found, fmt::format("the content {} is missing", name));
  write_blob(*blob, required_text(request, "path"));
  return Json(blob->size());
}

Json run_restore(Runtime& runtime, const Json& request) {
  const auto tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  if (tenant == store::platform_tenant())
    throw Refusal(ErrorCode::invalid_value,
                  "the platform's own lane is restored with all tenants only, while no server runs");
  const auto path = required_text(request, "path");
  const auto seen =
      highest_number_seen(runtime.engine().read(store::platform_tenant(), engine::system_caller())->snapshot(), tenant);
  restore_blobs(runtime.blobs(), tenant, files_directory_of(path));
  runtime.engine().with_closed_lane(tenant, [&] {
    runtime.store().restore(tenant, path);
    raise_outbox_number(runtime.store(), tenant, seen);
  });
  return Json(JsonObject{{"seq", Json(runtime.engine().seq(tenant))}});
}

/// Of a lane out of service: what is wrong shows in the files, once no reader holds them.
store::CheckReport check_closed(Runtime& runtime, TenantId tenant) {
  store::CheckReport report;
  const auto add_problem = [&report](const char* problem) {
    report.ok = false;
    report.problems.emplace_back(problem);
  };
  try {
    runtime.engine().with_closed_lane(tenant, [&] { report = runtime.store().check(tenant, nullptr); });
  } catch (const store::StoreError& error) {
    add_problem(error.what());
  } catch (const Refusal& refusal) {  // it opens no better than before
    if (refusal.code != ErrorCode::out_of_service) add_problem(refusal.what());
  }
  return report;
}

/// The contents of files, by the records of a tenant whose own file is sound.
void check_files(Runtime& runtime, TenantId tenant, store::CheckReport& report, std::int64_t& files) {
  try {
    const auto held = runtime.blobs().hold();
    const auto view = runtime.engine().read(tenant, engine::system_caller());
    report.problems = check_blobs(view->reader(), runtime.blobs(), tenant, files);
  } catch (const std::exception& error) {
    report.problems.emplace_back(error.what());
  }
  report.ok = report.problems.empty();
}

Json run_check(Runtime& runtime, const Json& request) {
  const auto tenant = find_tenant_id(runtime, required_text(request, "tenant"));
  store::CheckReport report;
  try {
    runtime.engine().with_lane(tenant, [&](store::LaneStore& lane) { report = runtime.store().check(tenant, &lane); });
  } catch (const store::StoreError& error) {
    report.ok = false;
    report.problems.emplace_back(error.what());
  } catch (const Refusal& refusal) {
    if (refusal.code == ErrorCode::out_of_service) report = check_closed(runtime, tenant);
    report.ok = false;
    report.problems.emplace_back(refusal.what());
  }
  std::int64_t files = 0;
  if (report.ok && tenant != store::platform_tenant()) check_files(runtime, tenant, report, files);
  JsonArray problems;
  for (const auto& problem : report.problems) problems.emplace_back(problem);
  return Json(JsonObject{{"ok", Json(report.ok)},
                         {"problems", Json(std::move(problems))},
                         {"records", Json(report.records)},
                         {"changes", Json(report.changes)},
                         {"files", Json(files)}});
}

Json run_status(Runtime& runtime, const Json&) {
  return Json(JsonObject{{"version", Json(version)},
                         {"pid", Json(std::int64_t{getpid()})},
                         {"public_url", Json(runtime.public_url())},
                         {"demo", Json(runtime.demo() != Runtime::Demo::none)}});
}

Json run_drain(Runtime&, const Json&) {
  kill(getpid(), SIGTERM);
  return Json(true);
}

struct Verb {
  std::string_view name;
  Json (*run)(Runtime&, const Json&);
};
constexpr std::array verbs{
    Verb{"operation", run_operation},
    Verb{"batch", run_batch},
    Verb{"list", run_list},
    Verb{"tenants", run_tenants},
    Verb{"backup", run_backup},
    Verb{"restore", run_restore},
    Verb{"check", run_check},
    Verb{"status", run_status},
    Verb{"copy_blob", run_copy_blob},
    Verb{"drain", run_drain},
    Verb{"await_active", run_await_active},
};

Json dispatch(Runtime& runtime, const Json& request) {
  const auto name = request.find("verb") == nullptr ? std::string("operation") : required_text(request, "verb");
  const auto verb = std::ranges::find(verbs, name, &Verb::name);
  if (verb == verbs.end()) throw Refusal(ErrorCode::malformed_request, fmt::format("there is no verb {}", name));
  return verb->run(runtime, request);
}

Json error_json(std::string_view sentence, ErrorCode code) {
  return Json(JsonObject{{"error", Json(sentence)}, {"code", Json(error_info(code).name)}});
}

}  // namespace

Json answer_control(Runtime& runtime, const Json& request) {
  try {
    return Json(JsonObject{{"result", dispatch(runtime, request)}});
  } catch (const Refusal& refusal) {
    return error_json(refusal.what(), refusal.code);
  } catch (const CommandError& error) {
    return error_json(error.what(), ErrorCode::malformed_request);
  } catch (const std::exception& error) {
    log(LogLevel::error, "control_request_failed", {{"error", error.what()}});
    return error_json(error.what(), ErrorCode::internal);
  }
}

TenantId find_tenant_id(Runtime& runtime, const std::string& name) {
  if (name == "platform" || name == type_id_text("tenant", store::platform_tenant().uuid))
    return store::platform_tenant();
  const auto view = runtime.engine().read(store::platform_tenant(), engine::system_caller());
  const auto tenant = domains::find_tenant(view->reader(), name);
  if (!tenant) throw Refusal(ErrorCode::not_found, fmt::format("there is no tenant {}", name));
  return TenantId{tenant->id};
}

}  // namespace interlock::server
