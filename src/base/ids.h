// SPDX-License-Identifier: Apache-2.0
// Identities. Inside the process and in the stores an id is 16 bytes (a UUIDv7: it begins with the millisecond of its
// making, so that inserts append); outside it is a TypeID, `customer_01jx0g…`: the type's prefix, an underscore and 26
// characters of lower-case Crockford base32 (TypeID specification 0.3).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace interlock {

class Random;

/// 128 bits. The nil UUID (all zero) means "no id" and is never given to a record.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

/// The 16 bytes of `view`; its size must be 16.
Uuid uuid_from_bytes(std::string_view view);

/// A new UUIDv7 of the given time (RFC 9562, section 5.7): 48 bits of milliseconds, 12 bits of their fraction
/// (section 6.2, method 3), so that ids sort by the microsecond, and 62 random bits.
Uuid make_uuid(Time now, Random& random);

/// `prefix_` and 26 base32 characters.
std::string type_id_text(std::string_view prefix, const Uuid& id);
/// As type_id_text, appended to `out` without an allocation of its own.
void append_type_id(std::string& out, std::string_view prefix, const Uuid& id);
/// As type_id_text, written to `to`, which has room for the prefix and type_id_suffix_size more.
void write_type_id(char* to, std::string_view prefix, const Uuid& id);
inline constexpr std::size_t type_id_suffix_size = 27;  ///< with the underscore

/// The UUID behind a TypeID of just this prefix; nothing if the prefix differs, a character is not in the alphabet, the
/// length is wrong, the value exceeds 128 bits or is nil. Only lower case is accepted: an id has one spelling.
std::optional<Uuid> parse_type_id(std::string_view prefix, std::string_view text);

/// The prefix of a TypeID (everything before the last underscore), empty if there is none.
std::string_view type_id_prefix(std::string_view text);

/// A UUID of the usual 36-character lower-case form; nothing for any other spelling.
std::optional<Uuid> parse_uuid(std::string_view text);
std::string uuid_text(const Uuid& id);

/// An id that knows whose it is: an Id<User> is not an Id<Customer>.
template <class T>
struct Id {
  Uuid uuid;

  auto operator<=>(const Id&) const = default;
  bool is_nil() const { return uuid.is_nil(); }
};

/// A lane's identity.
struct TenantTag;
using TenantId = Id<TenantTag>;

}  // namespace interlock

template <>
struct std::hash<interlock::Uuid> {
  std::size_t operator()(const interlock::Uuid& id) const noexcept {
    // The last eight bytes of a UUIDv7 are random: no further mixing is needed.
    std::uint64_t low = 0;
    for (int i = 8; i < 16; ++i) low = low << 8 | id.bytes[static_cast<std::size_t>(i)];
    return low;
  }
};

template <class T>
struct std::hash<interlock::Id<T>> {
  std::size_t operator()(const interlock::Id<T>& id) const noexcept { return std::hash<interlock::Uuid>{}(id.uuid); }
};
