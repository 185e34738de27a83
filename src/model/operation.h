// SPDX-License-Identifier: Apache-2.0
// An operation is a named mutation: typed request, permission, body, typed answer. A query is a named read on a
// snapshot.
//
//   Customer set_status(Tx& tx, const SetStatus& request);
//   operation<&set_status>("customers/set-status", "customers.write", target<Customer>(&SetStatus::id))
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/tx.h"

namespace interlock {

/// Whether a call needs an idempotency key.
enum class KeyRule : std::uint8_t { required, optional, none };
/// Who may call at all; `permission` decides further for members.
enum class Access : std::uint8_t {
  member,
  anonymous,
  vouched,  ///< a member, by a request that the server made for them (an upload): no call, no batch
  system
};
/// Which lanes offer it.
enum class LaneKind : std::uint8_t { tenant, platform, both };

/// Owns a request or answer struct of any described type.
class StructBox {
 public:
  explicit StructBox(const StructInfo& info);
  StructBox(StructBox&& other) noexcept : info_(other.info_), data_(std::exchange(other.data_, nullptr)) {}
  StructBox& operator=(StructBox&&) = delete;
  ~StructBox();
  const StructInfo& info() const { return *info_; }
  void* get() { return data_; }
  const void* get() const { return data_; }

 private:
  const StructInfo* info_;
  void* data_;
};

struct Operation {
  std::string_view name;        ///< `customers/set-status`: the path below /api/
  std::string_view permission;  ///< `customers.write`; empty: every member
  const StructInfo* request = nullptr;
  const StructInfo* answer = nullptr;
  const RecordType* answer_record = nullptr;  ///< set when the answer is a record
  const RecordType* target_type = nullptr;    ///< the record whose existence is told before the verdict on the request
  const FieldInfo* target_field = nullptr;    ///< Id<> field of the request that names it
  KeyRule key = KeyRule::required;
  Access access = Access::member;
  LaneKind lane = LaneKind::tenant;
  std::string_view module = "core";
  int status = 200;
  bool answer_has_secret = false;  ///< the answer's secret fields are shown once and never stored
  /// Runs the body; `answer` was constructed by the caller. Throws Refusal.
  void (*run)(Tx& tx, const void* request, void* answer) = nullptr;
};

namespace detail {
template <auto Body>
struct BodyOf;
template <class A, class R, A (*Body)(Tx&, const R&)>
struct BodyOf<Body> {
  using Answer = A;
  using Request = R;
};
}  // namespace detail

template <class T, class R>
auto target(Id<T> R::*member) {
  return [member](Operation& op) {
    op.target_type = &type_of<T>();
    static const R sample{};
    auto* object = const_cast<R*>(&sample);
    for (const auto& f : op.request->fields)
      if (f.in(static_cast<void*>(object)) == static_cast<void*>(&(object->*member))) op.target_field = &f;
  };
}
inline constexpr auto anonymous = [](Operation& op) { op.access = Access::anonymous; };
inline constexpr auto vouched_only = [](Operation& op) { op.access = Access::vouched; };
inline constexpr auto system_only = [](Operation& op) { op.access = Access::system; };
inline constexpr auto without_key = [](Operation& op) { op.key = KeyRule::none; };
inline constexpr auto on_platform = [](Operation& op) { op.lane = LaneKind::platform; };
inline constexpr auto on_both = [](Operation& op) { op.lane = LaneKind::both; };
inline constexpr auto answers_201 = [](Operation& op) { op.status = 201; };
inline constexpr auto shows_secret_once = [](Operation& op) { op.answer_has_secret = true; };
inline auto in_module(std::string_view name) {
  return [name](Operation& op) { op.module = name; };
}

template <auto Body, class... Attributes>
Operation operation(std::string_view name, std::string_view permission, Attributes... attributes) {
  using Request = typename detail::BodyOf<Body>::Request;
  using Answer = typename detail::BodyOf<Body>::Answer;
  Operation op;
  op.name = name;
  op.permission = permission;
  op.request = &detail::struct_info<Request>();
  op.answer = &detail::struct_info<Answer>();
  op.answer_record = detail::maybe_record_type<Answer>();
  op.run = [](Tx& tx, const void* request, void* answer) {
    *static_cast<Answer*>(answer) = Body(tx, *static_cast<const Request*>(request));
  };
  (attributes(op), ...);
  return op;
}

}  // namespace interlock
