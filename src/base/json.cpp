// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cstring>
#include <exception>

#include "base/check.h"
#include "base/limits.h"
#include "base/refusal.h"

namespace interlock {

namespace {

/// The values that are being read, of all depths one above the other: an object's or array's slot, then its members so
/// far. The buffer lives as long as the thread, so that small bodies allocate nothing but what the tree keeps.
using ValueStack = std::vector<JsonMember>;

constexpr std::size_t pairwise_names_max = 16;

/// Gives the thread's stack, and leaves it empty however parsing ends.
class BorrowedStack {
 public:
  BorrowedStack() { values().clear(); }
  BorrowedStack(const BorrowedStack&) = delete;
  BorrowedStack& operator=(const BorrowedStack&) = delete;
  ~BorrowedStack() {
    values().clear();
    if (values().capacity() > limits::json_values_kept_max) values().shrink_to_fit();
  }
  static ValueStack& values() {
    thread_local ValueStack stack;
    return stack;
  }
};

/// A name that occurs twice among the members, or nullptr.
const std::string* find_duplicate(const JsonMember* members, std::size_t count) {
  if (count <= pairwise_names_max) {
    for (std::size_t i = 1; i < count; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (members[i].first == members[j].first) return &members[i].first;
      }
    }
    return nullptr;
  }
  std::vector<const std::string*> names(count);
  for (std::size_t i = 0; i < count; ++i) names[i] = &members[i].first;
  std::sort(names.begin(), names.end(), [](const auto* a, const auto* b) { return *a < *b; });
  const auto twice =
      std::adjacent_find(names.begin(), names.end(), [](const auto* a, const auto* b) { return *a == *b; });
  return twice == names.end() ? nullptr : *twice;
}

/// Builds the tree from the parser's events. The whole text is given in one piece, so that numbers never come in parts;
/// strings with escapes do.
class TreeBuilder {
 public:
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit TreeBuilder(ValueStack& stack) : stack_(stack) {}

  const std::string* duplicate() const { return duplicate_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code&) { return open(); }
  bool on_object_end(std::size_t count, error_code& ec) {
    JsonMember* const first = stack_.data() + (stack_.size() - count);
    duplicate_ = find_duplicate(first, count);
    if (duplicate_ != nullptr) {
      ec = boost::json::error::syntax;
      return false;
    }
    JsonObject object;
    object.reserve(count);
    for (std::size_t i = 0; i < count; ++i) object.push_back(std::move(first[i]));
    stack_.resize(stack_.size() - count);
    stack_.back().second.emplace<JsonObject>(std::move(object));
    return true;
  }

  bool on_array_begin(error_code&) { return open(); }
  bool on_array_end(std::size_t count, error_code&) {
    JsonMember* const first = stack_.data() + (stack_.size() - count);
    JsonArray array;
    array.reserve(count);
    for (std::size_t i = 0; i < count; ++i) array.push_back(std::move(first[i].second));
    stack_.resize(stack_.size() - count);
    stack_.back().second.emplace<JsonArray>(std::move(array));
    return true;
  }

  bool on_key_part(string_view part, std::size_t, error_code&) { return append_part(part); }
  bool on_key(string_view rest, std::size_t, error_code&) {
    take_text(rest, stack_.emplace_back().first);
    named_ = true;
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return append_part(part); }
  bool on_string(string_view rest, std::size_t, error_code&) {
    take_text(rest, slot().emplace<std::string>());
    return true;
  }

  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code&) { return put(value); }
  bool on_uint64(std::uint64_t value, string_view text, error_code& ec) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return on_double(0, text, ec);
    return put(static_cast<std::int64_t>(value));
  }
  bool on_double(double, string_view text, error_code&) { return put(JsonNumber{{text.data(), text.size()}}); }
  bool on_bool(bool value, error_code&) { return put(value); }
  bool on_null(error_code&) { return open(); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  /// Where the next value goes: behind the name that waits for it, or on top.
  Json& slot() {
    if (!named_) stack_.emplace_back();
    named_ = false;
    return stack_.back().second;
  }
  template <class T>
  bool put(T&& value) {
    slot().emplace<std::decay_t<T>>(std::forward<T>(value));
    return true;
  }
  bool open() {
    slot();
    return true;
  }

  bool append_part(string_view part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  /// The whole text into an empty string.
  void take_text(string_view rest, std::string& to) {
    if (parts_.empty()) {
      to.assign(rest.data(), rest.size());
      return;
    }
    to.reserve(parts_.size() + rest.size());
    to.append(parts_).append(rest.data(), rest.size());
    parts_.clear();
  }

  ValueStack& stack_;
  std::string parts_;
  const std::string* duplicate_ = nullptr;
  bool named_ = false;  // the top of the stack has a name and waits for its value
};

[[noreturn]] void refuse_text(std::string what, std::size_t at) {
  throw Refusal(ErrorCode::malformed_json, std::move(what) + " at byte " + std::to_string(at));
}

[[noreturn]] void refuse(const TreeBuilder& builder, const boost::json::error_code& ec, std::size_t at) {
  if (const std::string* name = builder.duplicate()) {
    std::string text = "the member ";
    append_json_string(text, *name);
    refuse_text(text + " occurs twice in the object that ends", at);
  }
  if (ec == boost::json::error::too_deep) {
    throw Refusal(ErrorCode::malformed_json, "nested too deeply at byte " + std::to_string(at))
        .with_limit(static_cast<std::int64_t>(limits::json_depth_max));
  }
  refuse_text(ec.message(), at);
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  const JsonObject* object = if_object();
  if (object == nullptr) return nullptr;
  for (const JsonMember& member : *object) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

Json* Json::find(std::string_view name) { return const_cast<Json*>(std::as_const(*this).find(name)); }

Json parse_json(std::string_view text) {
  BorrowedStack borrowed;
  boost::json::parse_options options;
  options.max_depth = limits::json_depth_max;
  boost::json::basic_parser<TreeBuilder> parser(options, borrowed.values());
  boost::json::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) refuse(parser.handler(), ec, used);
  if (used != text.size()) refuse_text("text after the value", used);
  return std::move(borrowed.values().front().second);
}

namespace {

constexpr auto needs_escape = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

/// A high bit in each byte that must be escaped, and perhaps in bytes after one: exact only about whether there is one
/// (Sean Anderson, "Bit Twiddling Hacks": haszero and hasless).
std::uint64_t escapes_in(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high_bits = ones * 0x80;
  const std::uint64_t quote = word ^ (ones * '"');
  const std::uint64_t backslash = word ^ (ones * '\\');
  return (((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & high_bits;
}

/// Position of the first character from `at` on that must be escaped, else the size.
std::size_t run_end(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if (escapes_in(word) != 0) break;
  }
  while (at < text.size() && !needs_escape[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

void append_escape(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out.append("\\\"", 2);
      return;
    case '\\':
      out.append("\\\\", 2);
      return;
    case '\b':
      out.append("\\b", 2);
      return;
    case '\f':
      out.append("\\f", 2);
      return;
    case '\n':
      out.append("\\n", 2);
      return;
    case '\r':
      out.append("\\r", 2);
      return;
    case '\t':
      out.append("\\t", 2);
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  const char escape[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
  out.append(escape, sizeof escape);
}

void append_integer(std::string& out, std::int64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

enum class MemberOrder { as_given, by_name };

/// Writes a tree; recursion is as deep as the tree, which parse_json bounds.
class TreeWriter {
 public:
  TreeWriter(std::string& out, MemberOrder order) : out_(out), order_(order) {}

  void write(const Json& json) { std::visit(*this, json.value()); }

  void operator()(std::monostate) { out_.append("null", 4); }
  void operator()(bool value) { out_.append(value ? "true" : "false"); }
  void operator()(std::int64_t value) { append_integer(out_, value); }
  void operator()(const JsonNumber& number) { out_.append(number.text); }
  void operator()(const std::string& text) { append_json_string(out_, text); }
  void operator()(const JsonArray& array) {
    out_.push_back('[');
    bool first = true;
    for (const Json& item : array) {
      if (!std::exchange(first, false)) out_.push_back(',');
      write(item);
    }
    out_.push_back(']');
  }
  void operator()(const JsonObject& object) {
    out_.push_back('{');
    if (order_ == MemberOrder::as_given || is_sorted(object)) {
      for (const JsonMember& member : object) write_member(member, &member == object.data());
    } else {
      std::vector<const JsonMember*> sorted(object.size());
      std::transform(object.begin(), object.end(), sorted.begin(), [](const JsonMember& m) { return &m; });
      std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
      for (const JsonMember* const& member : sorted) write_member(*member, &member == sorted.data());
    }
    out_.push_back('}');
  }

 private:
  static bool is_sorted(const JsonObject& object) {
    return std::is_sorted(object.begin(), object.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  void write_member(const JsonMember& member, bool first) {
    if (!first) out_.push_back(',');
    append_json_string(out_, member.first);
    out_.push_back(':');
    write(member.second);
  }

  std::string& out_;
  MemberOrder order_;
};

std::string tree_text(const Json& json, MemberOrder order) {
  std::string out;
  TreeWriter(out, order).write(json);
  return out;
}

}  // namespace

std::string json_text(const Json& json) { return tree_text(json, MemberOrder::as_given); }

std::string canonical_json(const Json& json) { return tree_text(json, MemberOrder::by_name); }

namespace {

/// A text that needs no escape, with its quotes, between what stands before and behind it ("" or one character). Grows
/// `out` once.
void append_plain(std::string& out, std::string_view before, std::string_view text, std::string_view behind) {
  const auto begin = out.size();
  out.append(before.size() + text.size() + 2 + behind.size(), '"');
  char* at = out.data() + begin;
  at += before.copy(at, before.size());
  text.copy(at + 1, text.size());
  behind.copy(at + 2 + text.size(), behind.size());
}

/// The same for any text; nearly every one needs no escape.
void append_quoted(std::string& out, std::string_view before, std::string_view text, std::string_view behind) {
  std::size_t end = run_end(text, 0);
  if (end == text.size()) return append_plain(out, before, text, behind);
  out.append(before).push_back('"');
  for (std::size_t at = 0;; end = run_end(text, at)) {
    out.append(text.data() + at, end - at);
    if (end == text.size()) break;
    append_escape(out, text[end]);
    at = end + 1;
  }
  out.append("\"").append(behind);
}

std::string_view comma(bool first) { return {",", first ? 0U : 1U}; }

}  // namespace

bool needs_no_escape(std::string_view text) { return run_end(text, 0) == text.size(); }

void append_json_string(std::string& out, std::string_view text) { append_quoted(out, "", text, ""); }

JsonWriter::~JsonWriter() {
  // What a refusal leaves half-written is thrown away by whoever catches it.
  INVARIANT(depth_ == 0 || std::uncaught_exceptions() > 0);
}

void JsonWriter::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
}

void JsonWriter::begin(char bracket) {
  separate();
  out_.push_back(bracket);
  first_ = true;
  ++depth_;
}

void JsonWriter::end(char bracket) {
  out_.push_back(bracket);
  first_ = false;
  --depth_;
}

JsonWriter& JsonWriter::begin_object() {
  begin('{');
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  end('}');
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  begin('[');
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  end(']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  append_quoted(out_, comma(first_), name, ":");
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::ready_key(std::string_view comma_name_colon) {
  out_.append(comma_name_colon.substr(first_ ? 1 : 0));
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  append_quoted(out_, comma(first_), value, "");
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  append_integer(out_, value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  value ? out_.append("true", 4) : out_.append("false", 5);
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  out_.append("null", 4);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace interlock
