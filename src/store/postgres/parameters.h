// SPDX-License-Identifier: Apache-2.0
// Values on their way to a statement, in PostgreSQL's binary form (the types' send and receive functions; integers are
// big-endian, times are microseconds since 2000).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace interlock::store::postgres {

/// Object ids of built-in types: fixed for all servers (pg_type.dat).
enum class Type : unsigned {
  boolean = 16,
  bytea = 17,
  bigint = 20,
  text = 25,
  json = 114,
  text_array = 1009,
  bigint_array = 1016,
  timestamptz = 1184,
  timestamptz_array = 1185,
  uuid = 2950,
  uuid_array = 2951,
  jsonb = 3802,
};

/// The microseconds between 1970 and 2000.
inline constexpr std::int64_t postgres_epoch_us = 946'684'800'000'000;

/// $1, $2, … in order. Copies what it is given.
class Parameters {
 public:
  Parameters& integer(std::int64_t value);
  Parameters& boolean(bool value);
  Parameters& id(const Uuid& value);
  /// A digest or another 16 bytes as a uuid.
  Parameters& id(std::string_view sixteen_bytes);
  Parameters& time(Time value);
  Parameters& text(std::string_view value, Type type = Type::text);
  Parameters& bytes(std::string_view value);
  Parameters& jsonb(std::string_view value);
  Parameters& null(Type type);
  Parameters& integers(std::span<const std::int64_t> values);
  Parameters& times(std::span<const std::int64_t> microseconds);
  Parameters& ids(std::span<const Uuid> values);
  Parameters& texts(std::span<const std::string_view> values);

  /// Forgets the values and keeps the memory.
  void clear();

  std::size_t size() const { return types_.size(); }
  const std::vector<unsigned>& types() const { return types_; }
  const std::vector<int>& lengths() const { return lengths_; }
  /// Where each value lies; nullptr: null. Valid until the next change.
  std::vector<const char*> values() const;

 private:
  void begin(Type type);
  void end();
  void append_int(std::uint64_t value, int bytes);
  void begin_array(Type type, Type item, std::size_t items);

  std::string data_;
  std::vector<unsigned> types_;
  std::vector<std::size_t> offsets_;
  std::vector<int> lengths_;  ///< -1: null
};

/// A big-endian integer of 1 to 8 bytes.
std::int64_t integer_of(std::string_view bytes);

}  // namespace interlock::store::postgres
