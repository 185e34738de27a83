// SPDX-License-Identifier: Apache-2.0
// Lists, records, histories and the audit trail: read on a snapshot, never through the lane.
#include "base/limits.h"
#include "engine/queries.h"
#include "http/call.h"
#include "http/endpoints.h"
#include "http/text.h"

namespace interlock::http {
namespace {

const RecordType& collection_of(const Call& call) {
  const auto* type = call.api.schema.by_collection(call.param(0));
  bool readable = type && type->options.readable && call.api.schema.lane_of(*type) != LaneKind::platform;
  if (!readable) throw Refusal(ErrorCode::not_found, "There is no such collection");
  return *type;
}

std::optional<std::int64_t> read_limit(std::string_view text) {
  auto limit = parse_digits(text);
  if (!limit) {
    throw Refusal(ErrorCode::out_of_range, "limit must be from 1 to " + std::to_string(limits::list_items_max))
        .at_field("limit")
        .with_limit(limits::list_items_max);
  }
  return limit;
}

/// Takes a parameter that is no filter; false if it is none of them.
bool take_parameter(engine::ListRequest& list, std::string_view name, std::string_view value) {
  if (name == "q") {
    if (value.size() > limits::query_text_bytes_max) {
      throw Refusal(ErrorCode::too_long, "q is too long")
          .at_field("q")
          .with_limit(static_cast<std::int64_t>(limits::query_text_bytes_max));
    }
    list.q = value;
  } else if (name == "sort") {
    list.sort = value;
  } else if (name == "limit") {
    list.limit = read_limit(value);
  } else if (name == "cursor") {
    list.cursor = value;
  } else if (name == "deleted") {
    if (value != "true" && value != "false") {
      throw Refusal(ErrorCode::invalid_value, "deleted is true or false").at_field("deleted");
    }
    list.deleted = value == "true";
  } else {
    return false;
  }
  return true;
}

engine::ListRequest list_request(const Request& request) {
  engine::ListRequest list;
  for (std::size_t i = 0; i < request.param_count(); ++i) {
    auto [name, value] = request.param_at(i);
    if (!take_parameter(list, name, value)) list.filters.emplace_back(name, value);
  }
  return list;
}

/// Only limit and cursor are taken.
engine::ListRequest page_request(const Request& request) {
  auto page = list_request(request);
  bool more = !page.q.empty() || !page.sort.empty() || page.deleted || !page.filters.empty();
  if (more) throw Refusal(ErrorCode::unknown_field, "A history takes limit and cursor only");
  return page;
}

template <class Read>
void answer_from(const CallPtr& call, std::unique_ptr<engine::ReadView> view, const Read& read) {
  auto body = read(*view);
  auto seq = view->seq();
  view.reset();
  call->answer_json(200, std::move(body), seq);
}

using ReadWork = std::function<std::string(engine::ReadView&)>;

void read_now(const CallPtr& call, const ReadWork& read) {
  answer_from(call, call->api.engine.read(call->who().tenant, call->who().caller), read);
}

void read_on_pool(const CallPtr& call, ReadWork read) {
  run_on(call->api.reads, call, [call, read = std::move(read)] { read_now(call, read); });
}

/// Reads as soon as the tenant has reached `wanted`.
void read_at(const CallPtr& call, std::int64_t wanted, ReadWork read) {
  auto& engine = call->api.engine;
  const auto tenant = call->who().tenant;
  if (engine.seq(tenant) >= wanted) return read_now(call, read);
  engine.when_seq(tenant, wanted, limits::min_seq_wait_max, [call, read = std::move(read)](bool reached) {
    guarded(call, [&] {
      if (!reached) throw Refusal(ErrorCode::timed_out, "The tenant has not reached that sequence");
      read_on_pool(call, read);
    });
  });
}

/// Reads on the pool: at once, or as soon as the tenant has reached what Interlock-Min-Seq asks for.
void read_when_due(const CallPtr& call, ReadWork read) {
  auto header = call->request.header("interlock-min-seq");
  if (!header) return read_on_pool(call, std::move(read));
  auto wanted = parse_digits(*header);
  if (!wanted)
    throw Refusal(ErrorCode::malformed_request, "Interlock-Min-Seq is a sequence").at_field("Interlock-Min-Seq");
  run_on(call->api.reads, call, [call, wanted = *wanted, read = std::move(read)] { read_at(call, wanted, read); });
}

}  // namespace

void list_records(const CallPtr& call) {
  const auto& type = collection_of(*call);
  read_when_due(call, [&type, list = list_request(call->request)](engine::ReadView& view) {
    return engine::list_json(view, type, list);
  });
}

void get_record(const CallPtr& call) {
  const auto& type = collection_of(*call);
  auto read = [&type, &call = *call](engine::ReadView& view) { return engine::get_json(view, type, call.param(1)); };
  // One row by its id is read faster than another thread wakes up; opening a lane may take longer.
  if (!call->request.header("interlock-min-seq")) {
    auto view = call->api.engine.read_if_open(call->who().tenant, call->who().caller);
    if (view) return answer_from(call, std::move(view), read);
  }
  read_when_due(call, read);
}

void record_history(const CallPtr& call) {
  const auto& type = collection_of(*call);
  read_when_due(call, [&type, call, page = page_request(call->request)](engine::ReadView& view) {
    return engine::history_json(view, type, call->param(1), page.limit, page.cursor);
  });
}

void audit(const CallPtr& call) {
  read_when_due(
      call, [list = list_request(call->request)](engine::ReadView& view) { return engine::audit_json(view, list); });
}

}  // namespace interlock::http
