// SPDX-License-Identifier: Apache-2.0
#include "engine/queries.h"

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/limits.h"
#include "engine/conditions.h"
#include "model/record_json.h"

namespace interlock::engine {

namespace {

constexpr std::size_t record_json_bytes_usual = 1'024;
void require_permission(const ReadView& view, const RecordType& type) {
  if (view.actor().may_read(type)) return;
  throw Refusal(ErrorCode::forbidden, "this needs the permission " + std::string(type.permission()) + ".read");
}

std::int64_t checked_limit(std::optional<std::int64_t> limit) {
  const auto wanted = limit.value_or(limits::list_items_default);
  if (wanted < 1 || wanted > limits::list_items_max)
    throw Refusal(ErrorCode::out_of_range, "limit must be from 1 to " + std::to_string(limits::list_items_max))
        .at_field("limit")
        .with_limit(limits::list_items_max);
  return wanted;
}

Refusal bad_cursor() {
  return Refusal(ErrorCode::invalid_value, "this cursor does not belong to this list; start without one")
      .at_field("cursor");
}

std::string unhex(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    throw bad_cursor();
  };
  if (text.size() % 2 != 0) throw bad_cursor();
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1])));
  return bytes;
}

/// A cursor is the sort order, the last row's sort value and its id: opaque to clients, checked here. Texts are
/// hexadecimal, so that it has two bytes for each byte whatever they hold, and fits into a path.
std::string make_cursor(const std::string& sort, const Query& query, const RecordType& type, const RecordBox& last) {
  std::string value = "n";
  if (query.sort != nullptr) {
    const auto v = value_of(*query.sort, last.get());
    if (const auto* integer = std::get_if<std::int64_t>(&v)) value = "i" + std::to_string(*integer);
    if (const auto* flag = std::get_if<bool>(&v)) value = *flag ? "b1" : "b0";
    if (const auto* text = std::get_if<std::string>(&v)) value = "t" + hex(*text);
    if (const auto* id = std::get_if<Uuid>(&v)) value = "r" + uuid_text(*id);
  }
  return hex(sort) + "." + value + "." + type_id_text(type.name, last.header().id);
}

Value parse_sort_value(const FieldInfo& field, std::string_view text) {
  const auto value = text.substr(1);
  if (text == "n") return {};
  if (text.starts_with('i') && (field.kind == FieldKind::integer || field.kind == FieldKind::time)) {
    std::int64_t integer = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), integer);
    if (error == std::errc{} && end == value.data() + value.size()) return integer;
  }
  if ((text == "b0" || text == "b1") && field.kind == FieldKind::boolean) return text == "b1";
  if (text.starts_with('t') && field.kind == FieldKind::text) return unhex(value);
  if (const auto id = parse_uuid(value); id && text.starts_with('r') && field.kind == FieldKind::reference) return *id;
  throw bad_cursor();
}

PageStart parse_cursor(const std::string& sort, const Query& query, const RecordType& type, std::string_view cursor) {
  const auto first = cursor.find('.'), second = cursor.find('.', first + 1);
  if (cursor.size() > limits::cursor_bytes_max || first == std::string_view::npos || second <= first + 1 ||
      second == std::string_view::npos || unhex(cursor.substr(0, first)) != sort)
    throw bad_cursor();
  const auto id = parse_type_id(type.name, cursor.substr(second + 1));
  const auto value = cursor.substr(first + 1, second - first - 1);
  if (!id || (query.sort == nullptr && value != "n")) throw bad_cursor();
  return {query.sort == nullptr ? Value{} : parse_sort_value(*query.sort, value), *id};
}

void set_sort(Query& query, const RecordType& type, std::string_view sort) {
  query.descending = sort.starts_with('-');
  const auto name = query.descending ? sort.substr(1) : sort;
  if (name == "id") return;
  const auto* f = type.find_field(name);
  // Long texts make long cursors, and nobody reads a list in their order.
  const bool short_text = f != nullptr && f->kind == FieldKind::text && f->bytes_max <= limits::text_bytes_max_default;
  const bool sortable = f != nullptr && !f->secret &&
                        (short_text || f->kind == FieldKind::integer || f->kind == FieldKind::time ||
                         f->kind == FieldKind::boolean || f->kind == FieldKind::reference);
  if (!sortable) throw Refusal(ErrorCode::invalid_value, "one cannot sort by " + std::string(name)).at_field("sort");
  query.sort = f;
}

void require_visible_subject(ReadView& view, const Subject& subject) {
  if (!may_see(view.reader(), view.actor(), subject)) throw Refusal(ErrorCode::not_found, "there is no such record");
}

/// Whether every row of the query is visible because its one subject is. Throws not_found if that is not.
bool bound_to_subject(ReadView& view, const RecordType& type, const Query& query) {
  const auto* through = type.find_field(type.options.visible_through);
  for (const auto& condition : query.conditions) {
    if (condition.field != through || condition.comparison != Comparison::equal) continue;
    if (through->kind == FieldKind::subject)
      require_visible_subject(view, subject_from_bytes(std::get<std::string>(condition.values.front())));
    else
      require_visible_subject(view, {through->refers_to().number, std::get<Uuid>(condition.values.front())});
    return true;
  }
  return false;
}

struct Page {
  std::vector<RecordBox> rows;
  std::optional<RecordBox> last;  ///< set if there is more
};

Page read_page(ReadView& view, const RecordType& type, Query query, bool check_each) {
  Page page;
  const auto wanted = query.limit;
  std::int64_t scanned = 0;
  query.limit = wanted + 1;
  while (true) {
    auto rows = view.reader().select(type, query);
    const bool more = static_cast<std::int64_t>(rows.size()) == query.limit;
    for (auto& row : rows) {
      if (static_cast<std::int64_t>(page.rows.size()) == wanted) return page;
      ++scanned;
      page.last = row;
      if (!check_each || is_visible(view.reader(), view.actor(), type, row.get())) page.rows.push_back(std::move(row));
    }
    if (!more) {
      page.last.reset();
      return page;
    }
    if (scanned >= limits::scanned_rows_max) return page;
    query.after =
        PageStart{query.sort == nullptr ? Value{} : value_of(*query.sort, page.last->get()), page.last->header().id};
  }
}

void append_change_item(JsonWriter& json, ReadView& view, const RecordType& type, const store::Change& change,
                        const std::optional<store::Change>& previous) {
  const auto after = parse_json(change.state);
  std::optional<Json> before;
  if (previous) before = parse_json(previous->state);
  json.begin_object().member("seq", change.seq).member("version", change.version).member("at", rfc3339(change.at));
  json.key("actor");
  json.raw(actor_json(view.schema(), view.reader(), change.actor));
  json.member("operation", change.operation);
  json.key("changes").raw(changes_json(type, before ? &*before : nullptr, after));
}

}  // namespace

std::string actor_json(const Schema& schema, Reader& reader, const Uuid& actor) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("id");
  actor.is_nil() ? json.null() : json.text(type_id_text("user", actor));
  if (actor.is_nil())
    json.member("name", "system");
  else
    json.member("name", schema.hooks.user_name == nullptr ? std::string() : schema.hooks.user_name(reader, actor));
  json.end_object();
  return out;
}

std::string list_json(ReadView& view, const RecordType& type, const ListRequest& request) {
  require_permission(view, type);
  Query query;
  query.conditions = parse_conditions(type, request.filters, view.actor().id);
  query.limit = checked_limit(request.limit);
  if (request.q.size() > limits::query_text_bytes_max)
    throw Refusal(ErrorCode::too_long, "q is too long").at_field("q").with_limit(limits::query_text_bytes_max);
  query.search = request.q;
  query.only_deleted = request.deleted;
  const std::string sort = request.sort.empty() ? std::string(type.options.default_sort) : request.sort;
  set_sort(query, type, sort);
  if (!request.cursor.empty()) query.after = parse_cursor(sort, query, type, request.cursor);
  const bool through = !type.options.visible_through.empty();
  const bool check_each = through && !bound_to_subject(view, type, query);
  if (!through) query.scope = scope_filter(type, view.actor());
  const auto page = read_page(view, type, query, check_each);

  std::string out;
  JsonWriter json(out);
  json.begin_object().key("items").begin_array();
  for (const auto& row : page.rows) {
    json.raw("");
    append_record_json(out, type, row.get());
  }
  json.end_array().key("next_cursor");
  page.last ? json.text(make_cursor(sort, query, type, *page.last)) : json.null();
  json.member("seq", view.seq()).end_object();
  return out;
}

std::string get_json(ReadView& view, const RecordType& type, std::string_view id_text) {
  require_permission(view, type);
  const auto id = parse_type_id(type.name, id_text);
  RecordBox record(type);
  if (!id || !view.reader().load(type, *id, record.get()) || record.header().deleted_at ||
      !is_visible(view.reader(), view.actor(), type, record.get()))
    throw Refusal(ErrorCode::not_found, "there is no such " + std::string(type.name));
  std::string out;
  out.reserve(record_json_bytes_usual);
  append_record_json(out, type, record.get());
  return out;
}

std::string history_json(ReadView& view, const RecordType& type, std::string_view id_text,
                         std::optional<std::int64_t> limit, std::string_view cursor) {
  require_permission(view, type);
  const auto wanted = checked_limit(limit);
  const auto id = parse_type_id(type.name, id_text);
  RecordBox record(type);
  if (!id || !view.reader().load(type, *id, record.get()) ||
      !is_visible(view.reader(), view.actor(), type, record.get()))
    throw Refusal(ErrorCode::not_found, "there is no such " + std::string(type.name));
  std::int64_t seq = record.header().last_seq;
  if (!cursor.empty()) {
    if (cursor.size() > 19 || cursor.find_first_not_of("0123456789") != std::string_view::npos) throw bad_cursor();
    seq = std::stoll(std::string(cursor));
    const auto start = view.snapshot().change(seq);
    if (!start || start->type != type.number || start->id != *id) throw bad_cursor();
  }
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("items").begin_array();
  auto change = view.snapshot().change(seq);
  for (std::int64_t n = 0; change && n < wanted; ++n) {
    auto previous = view.snapshot().change(change->prev_seq);
    append_change_item(json, view, type, *change, previous);
    json.end_object();
    change = std::move(previous);
  }
  json.end_array().key("next_cursor");
  change ? json.text(std::to_string(change->seq)) : json.null();
  json.member("seq", view.seq()).end_object();
  return out;
}

namespace {

struct AuditFilter {
  std::string collection, operation;
  std::optional<Uuid> actor;

  explicit AuditFilter(const ListRequest& request) {
    for (const auto& [name, value] : request.filters) {
      if (name == "collection")
        collection = value;
      else if (name == "operation")
        operation = value;
      else if (name == "actor")
        actor = parse_type_id("user", value).value_or(Uuid{});
      else
        throw Refusal(ErrorCode::unknown_field, "there is no field " + name).at_field(name);
    }
  }
  bool passes(const RecordType& type, const store::Change& change) const {
    return (collection.empty() || collection == type.collection) &&
           (operation.empty() || operation == change.operation) && (!actor || *actor == change.actor);
  }
};

}  // namespace

std::string audit_json(ReadView& view, const ListRequest& request) {
  if (!view.actor().allows("audit.read")) throw Refusal(ErrorCode::forbidden, "this needs the permission audit.read");
  const auto wanted = checked_limit(request.limit);
  const AuditFilter filter(request);
  if (request.cursor.size() > 18 || request.cursor.find_first_not_of("0123456789") != std::string::npos)
    throw bad_cursor();
  std::int64_t below = request.cursor.empty() ? view.snapshot().last_seq() + 1 : std::stoll(request.cursor);
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("items").begin_array();
  std::int64_t found = 0;
  for (std::int64_t window = 0; window < limits::audit_windows_max && below > 1 && found < wanted; ++window) {
    const auto from = std::max<std::int64_t>(0, below - 1 - limits::audit_window_changes);
    auto changes = view.snapshot().changes_after(from, below - 1 - from);
    for (auto at = changes.rbegin(); at != changes.rend() && found < wanted; ++at) {
      below = at->seq;
      const auto* type = record_type_by_number(at->type);
      if (type == nullptr || !filter.passes(*type, *at)) continue;
      append_change_item(json, view, *type, *at, view.snapshot().change(at->prev_seq));
      json.member("collection", type->collection).member("id", type_id_text(type->name, at->id)).end_object();
      ++found;
    }
    if (found < wanted) below = from + 1;
  }
  json.end_array().key("next_cursor");
  below > 1 ? json.text(std::to_string(below)) : json.null();
  json.member("seq", view.seq()).end_object();
  return out;
}

}  // namespace interlock::engine
