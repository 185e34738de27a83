// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <cstring>
#include <span>

#include "base/check.h"
#include "base/random.h"

namespace interlock {

namespace {

__extension__ using Bits128 = unsigned __int128;

// 128 bits in 26 characters of 5 bits each: the first one carries only the top three.
constexpr std::size_t suffix_size = type_id_suffix_size - 1;
constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

constexpr auto base32_values = [] {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (std::int8_t i = 0; i < 32; ++i) values[static_cast<unsigned char>(alphabet[i])] = i;
  return values;
}();

constexpr auto hex_values = [] {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  constexpr char digits[] = "0123456789abcdef";
  for (std::int8_t i = 0; i < 16; ++i) values[static_cast<unsigned char>(digits[i])] = i;
  return values;
}();

Bits128 to_bits(const Uuid& id) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, id.bytes.data(), 8);
  std::memcpy(&low, id.bytes.data() + 8, 8);
  return Bits128{__builtin_bswap64(high)} << 64 | __builtin_bswap64(low);
}

Uuid from_bits(Bits128 bits) {
  const std::uint64_t high = __builtin_bswap64(static_cast<std::uint64_t>(bits >> 64));
  const std::uint64_t low = __builtin_bswap64(static_cast<std::uint64_t>(bits));
  Uuid id;
  std::memcpy(id.bytes.data(), &high, 8);
  std::memcpy(id.bytes.data() + 8, &low, 8);
  return id;
}
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

void write_suffix(char* to, const Uuid& id) {
  const Bits128 bits = to_bits(id);
  // Halves of 65 and 63 bits would need 128-bit shifts throughout; 13 characters hold exactly 65 bits each.
  auto low = static_cast<std::uint64_t>(bits);
  auto high = static_cast<std::uint64_t>(bits >> 65);
  const auto bit64 = static_cast<unsigned>(bits >> 64) & 1U;
  for (std::size_t i = suffix_size - 1; i > 13; --i, low >>= 5) to[i] = alphabet[low & 31];
  to[13] = alphabet[low | bit64 << 4];
  for (std::size_t i = 13; i-- > 0; high >>= 5) to[i] = alphabet[high & 31];
}

}  // namespace

Uuid uuid_from_bytes(std::string_view view) {
  Uuid id;
  INVARIANT(view.size() == id.bytes.size());
  std::memcpy(id.bytes.data(), view.data(), view.size());
  return id;
}

Uuid make_uuid(Time now, Random& random) {
  Uuid id;
  random.fill(std::span(id.bytes).subspan(6));
  const auto us = static_cast<std::uint64_t>(now.us < 0 ? 0 : now.us);
  const auto ms = us / 1'000;
  const auto fraction = us % 1'000 * 4'096 / 1'000;
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | fraction >> 8);
  id.bytes[7] = static_cast<std::uint8_t>(fraction);
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

std::string type_id_text(std::string_view prefix, const Uuid& id) {
  std::string text;
  text.reserve(prefix.size() + 1 + suffix_size);
  append_type_id(text, prefix, id);
  return text;
}

void append_type_id(std::string& out, std::string_view prefix, const Uuid& id) {
  const auto begin = out.size();
  out.resize(begin + prefix.size() + type_id_suffix_size);
  write_type_id(out.data() + begin, prefix, id);
}

void write_type_id(char* to, std::string_view prefix, const Uuid& id) {
  INVARIANT(!prefix.empty());
  prefix.copy(to, prefix.size());
  to[prefix.size()] = '_';
  write_suffix(to + prefix.size() + 1, id);
}

std::optional<Uuid> parse_type_id(std::string_view prefix, std::string_view text) {
  if (prefix.empty() || text.size() != prefix.size() + 1 + suffix_size) return std::nullopt;
  if (!text.starts_with(prefix) || text[prefix.size()] != '_') return std::nullopt;
  const std::string_view suffix = text.substr(prefix.size() + 1);
  if (suffix[0] > '7') return std::nullopt;
  // 13 characters hold 65 bits: the lower half's top one belongs to the upper 64.
  int any = 0;
  const auto half = [&](std::size_t from, std::size_t to) {
    std::uint64_t bits = 0;
    for (std::size_t i = from; i < to; ++i) {
      const int value = base32_values[static_cast<unsigned char>(suffix[i])];
      any |= value;
      bits = bits << 5 | static_cast<unsigned>(value & 31);
    }
    return bits;
  };
  const std::uint64_t first = half(0, 13);
  const std::uint64_t bit64 = half(13, 14);
  const std::uint64_t rest = half(14, suffix_size);
  const std::uint64_t high = first << 1 | bit64 >> 4;
  const std::uint64_t low = bit64 << 60 | rest;
  if (any < 0 || (high | low) == 0) return std::nullopt;
  return from_bits(Bits128{high} << 64 | low);
}

std::string_view type_id_prefix(std::string_view text) {
  const std::size_t at = text.rfind('_');
  return at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Bits128 bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_values[static_cast<unsigned char>(text[i])];
    if (value < 0) return std::nullopt;
    bits = bits << 4 | static_cast<unsigned>(value);
  }
  return from_bits(bits);
}

std::string uuid_text(const Uuid& id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[id.bytes[i] >> 4];
    text += digits[id.bytes[i] & 15];
  }
  return text;
}

}  // namespace interlock
