// SPDX-License-Identifier: Apache-2.0
// Texts for this folder's tests: the awkward ones people know, and random well-formed UTF-8. Random tests print the
// seed that repeats them ("Using configuration: seed=…", given back in RC_PARAMS).
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.h"

namespace interlock {

inline void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

/// Code points of every class that parsers and writers treat differently, `first` being the lowest one.
inline rc::Gen<std::string> utf8_texts(std::uint32_t first = 0) {
  const auto code_point = rc::gen::weightedOneOf<std::uint32_t>(
      {{4, rc::gen::inRange<std::uint32_t>(0x20, 0x7f)},
       {3, rc::gen::inRange<std::uint32_t>(first, 0x20)},
       {2, rc::gen::element<std::uint32_t>('"', '\\', ',', ';', '\'', '=', '+', '-', '@', '/', '\r', '\n', 0x7f)},
       {1, rc::gen::inRange<std::uint32_t>(0x80, 0x800)},
       {1, rc::gen::inRange<std::uint32_t>(0x800, 0xd800)},
       {1, rc::gen::inRange<std::uint32_t>(0xe000, 0x10000)},
       {1, rc::gen::inRange<std::uint32_t>(0x10000, 0x110000)}});
  return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(code_point), [](const auto& points) {
    std::string text;
    for (const std::uint32_t c : points) append_utf8(text, c);
    return text;
  });
}

/// tests/data/naughty-strings.json; tests run in the repository's root.
inline std::string naughty_file() {
  std::ifstream file("tests/data/naughty-strings.json");
  EXPECT_TRUE(file.good()) << "run the tests in the repository's root";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> naughty_strings() {
  const Json json = parse_json(naughty_file());
  std::vector<std::string> strings;
  for (const Json& item : *json.if_array()) strings.push_back(*item.if_text());
  EXPECT_GE(strings.size(), 500U);
  return strings;
}

}  // namespace interlock
