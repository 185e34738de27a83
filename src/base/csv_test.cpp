// SPDX-License-Identifier: Apache-2.0
#include "base/csv.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/refusal.h"
#include "base/test_texts.h"

namespace interlock {
namespace {

constexpr std::size_t field_bytes = 1'000'000;

std::vector<CsvRow> rows_of(std::string_view text, char separator = ',') {
  CsvReader reader(text, separator, field_bytes);
  std::vector<CsvRow> rows;
  while (auto row = reader.next()) rows.push_back(std::move(*row));
  return rows;
}

std::string refusal_of(std::string_view text, std::size_t field_bytes_max = field_bytes) {
  try {
    CsvReader reader(text, ',', field_bytes_max);
    while (reader.next()) {
    }
    return {};
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, ErrorCode::invalid_value);
    return refusal.detail;
  }
}

/// What a spreadsheet gets to see instead of a formula.
std::string neutralised(const std::string& cell) {
  return !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos ? "'" + cell : cell;
}

TEST(CsvReader, ReadsRowsOfEveryLineEnd) {
  const std::vector<CsvRow> expected = {{"name", "mail"}, {"Ada", ""}, {"", "x@y"}};
  EXPECT_EQ(rows_of("name,mail\nAda,\n,x@y"), expected);
  EXPECT_EQ(rows_of("name,mail\r\nAda,\r\n,x@y\r\n"), expected);
  EXPECT_EQ(rows_of("\xef\xbb\xbfname,mail\r\n\r\n\nAda,\r\n,x@y\n\n"), expected);
  EXPECT_EQ(rows_of("name;mail\nAda;\n;x@y", ';'), expected);
  EXPECT_EQ(rows_of("name\tmail\nAda\t\n\tx@y", '\t'), expected);
  EXPECT_TRUE(rows_of("").empty());
  EXPECT_TRUE(rows_of("\xef\xbb\xbf").empty());
}

TEST(CsvReader, ReadsQuotedFields) {
  const std::vector<CsvRow> expected = {{"a,b", "say \"hi\"", "two\r\nlines", ""}};
  EXPECT_EQ(rows_of("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\"\"\r\n"), expected);
  EXPECT_EQ(rows_of("6\" pipe,x"), (std::vector<CsvRow>{{"6\" pipe", "x"}}));
  EXPECT_EQ(rows_of("\"\""), (std::vector<CsvRow>{{""}}));
}

TEST(CsvReader, CountsLinesAlsoWithinQuotes) {
  CsvReader reader("a\n\n\"b\nc\",d\ne\n", ',', field_bytes);
  const std::size_t expected[] = {1, 3, 5};
  for (const std::size_t line : expected) {
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.line(), line);
  }
  EXPECT_FALSE(reader.next());
}

TEST(CsvReader, RefusesByLine) {
  EXPECT_EQ(refusal_of("a\n\"open\nb"), "line 2: a quote is never closed");
  EXPECT_EQ(refusal_of("a\n\"b\"c\n"), "line 2: text after a closing quote");
  EXPECT_EQ(refusal_of(std::string_view("a\nb\0c\n", 6)), "line 2: a NUL character");
  EXPECT_EQ(refusal_of("a\nb\n\xff\n"), "line 3: the text is not UTF-8");
  EXPECT_EQ(refusal_of("abc\nabcd\n", 3), "line 2: a field is longer than 3 bytes");
  EXPECT_EQ(refusal_of("abc\n\"a\"\"bc\"\n", 3), "line 2: a field is longer than 3 bytes");
}

TEST(CsvReader, GoesOnAfterARefusedLine) {
  CsvReader reader("a\n\xff,b\nc\n\"d\"e,f\ng", ',', field_bytes);
  EXPECT_EQ(reader.next(), CsvRow{"a"});
  EXPECT_THROW(reader.next(), Refusal);
  EXPECT_EQ(reader.line(), 2U);
  EXPECT_EQ(reader.next(), CsvRow{"c"});
  EXPECT_EQ(reader.line(), 3U);
  EXPECT_THROW(reader.next(), Refusal);
  EXPECT_EQ(reader.line(), 4U);
  EXPECT_EQ(reader.next(), CsvRow{"g"});
  EXPECT_EQ(reader.line(), 5U);
  EXPECT_EQ(reader.next(), std::nullopt);
}

TEST(Csv, GuessesTheSeparator) {
  EXPECT_EQ(guess_csv_separator("a,b,c\n1;2;3;4;5"), ',');
  EXPECT_EQ(guess_csv_separator("\xef\xbb\xbf"
                                "a;b;c,d\n"),
            ';');
  EXPECT_EQ(guess_csv_separator("a\tb"), '\t');
  EXPECT_EQ(guess_csv_separator("\"a,b,c,d\";e\n"), ';');
  EXPECT_EQ(guess_csv_separator("name"), ',');
  EXPECT_EQ(guess_csv_separator(""), ',');
}

TEST(Csv, NeutralisesFormulas) {
  std::string out;
  append_csv_row(out, {"=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=b", "'quoted"});
  EXPECT_EQ(out, "'=1+1,'+1,'-1,'@x,\"'\tx\",\"'\rx\",a=b,'quoted\r\n");
}

TEST(Csv, WritesNothingThatReadersSkip) {
  std::string out;
  append_csv_row(out, {""});
  append_csv_row(out, {"", ""});
  EXPECT_EQ(out, "\"\"\r\n,\r\n");
  EXPECT_EQ(rows_of(out), (std::vector<CsvRow>{{""}, {"", ""}}));
}

TEST(CsvNaughtyStrings, ComeBackUnchangedOrNeutralised) {
  for (const std::string& text : naughty_strings()) {
    std::string out;
    append_csv_row(out, {text, "between", text});
    EXPECT_EQ(rows_of(out), (std::vector<CsvRow>{{neutralised(text), "between", neutralised(text)}}));
  }
}

TEST(CsvProperty, EveryTableComesBack) {
  EXPECT_TRUE(rc::check("read(write(rows)) == rows", [] {
    const auto cells = rc::gen::nonEmpty(rc::gen::container<CsvRow>(utf8_texts(1)));
    const auto rows = *rc::gen::container<std::vector<CsvRow>>(cells);
    std::string text;
    std::vector<CsvRow> expected = rows;
    for (CsvRow& row : expected) {
      append_csv_row(text, row);
      for (std::string& cell : row) cell = neutralised(cell);
    }
    RC_ASSERT(rows_of(text) == expected);
  }));
}

}  // namespace
}  // namespace interlock
