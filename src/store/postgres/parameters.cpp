// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/parameters.h"

#include "base/check.h"

namespace interlock::store::postgres {

void Parameters::begin(Type type) {
  types_.push_back(static_cast<unsigned>(type));
  offsets_.push_back(data_.size());
  lengths_.push_back(0);
}

void Parameters::end() { lengths_.back() = static_cast<int>(data_.size() - offsets_.back()); }

void Parameters::append_int(std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) data_ += static_cast<char>(value >> shift & 0xff);
}

Parameters& Parameters::integer(std::int64_t value) {
  begin(Type::bigint);
  append_int(static_cast<std::uint64_t>(value), 8);
  end();
  return *this;
}

Parameters& Parameters::boolean(bool value) {
  begin(Type::boolean);
  append_int(value ? 1 : 0, 1);
  end();
  return *this;
}

Parameters& Parameters::id(const Uuid& value) { return id(value.view()); }

Parameters& Parameters::id(std::string_view sixteen_bytes) {
  INVARIANT(sixteen_bytes.size() == 16);
  begin(Type::uuid);
  data_ += sixteen_bytes;
  end();
  return *this;
}

Parameters& Parameters::time(Time value) {
  begin(Type::timestamptz);
  append_int(static_cast<std::uint64_t>(value.us - postgres_epoch_us), 8);
  end();
  return *this;
}

Parameters& Parameters::text(std::string_view value, Type type) {
  begin(type);
  data_ += value;
  end();
  return *this;
}

Parameters& Parameters::bytes(std::string_view value) { return text(value, Type::bytea); }

Parameters& Parameters::jsonb(std::string_view value) {
  begin(Type::jsonb);
  data_ += '\1';  // version of the form
  data_ += value;
  end();
  return *this;
}

Parameters& Parameters::null(Type type) {
  begin(type);
  lengths_.back() = -1;
  return *this;
}

/// One dimension from 1 without nulls (array_recv).
void Parameters::begin_array(Type type, Type item, std::size_t items) {
  begin(type);
  append_int(items == 0 ? 0 : 1, 4);
  append_int(0, 4);
  append_int(static_cast<std::uint64_t>(item), 4);
  if (items == 0) return;
  append_int(items, 4);
  append_int(1, 4);
}

Parameters& Parameters::integers(std::span<const std::int64_t> values) {
  begin_array(Type::bigint_array, Type::bigint, values.size());
  for (const auto value : values) {
    append_int(8, 4);
    append_int(static_cast<std::uint64_t>(value), 8);
  }
  end();
  return *this;
}

Parameters& Parameters::times(std::span<const std::int64_t> microseconds) {
  begin_array(Type::timestamptz_array, Type::timestamptz, microseconds.size());
  for (const auto value : microseconds) {
    append_int(8, 4);
    append_int(static_cast<std::uint64_t>(value - postgres_epoch_us), 8);
  }
  end();
  return *this;
}

Parameters& Parameters::ids(std::span<const Uuid> values) {
  begin_array(Type::uuid_array, Type::uuid, values.size());
  for (const auto& value : values) {
    append_int(16, 4);
    data_ += value.view();
  }
  end();
  return *this;
}

Parameters& Parameters::texts(std::span<const std::string_view> values) {
  begin_array(Type::text_array, Type::text, values.size());
  for (const auto value : values) {
    append_int(value.size(), 4);
    data_ += value;
  }
  end();
  return *this;
}

void Parameters::clear() {
  data_.clear();
  types_.clear();
  offsets_.clear();
  lengths_.clear();
}

std::vector<const char*> Parameters::values() const {
  std::vector<const char*> values(types_.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = lengths_[i] < 0 ? nullptr : data_.data() + offsets_[i];
  return values;
}

std::int64_t integer_of(std::string_view bytes) {
  INVARIANT(!bytes.empty() && bytes.size() <= 8);
  auto value = static_cast<std::uint64_t>(static_cast<signed char>(bytes.front()) < 0 ? -1 : 0);
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

}  // namespace interlock::store::postgres
