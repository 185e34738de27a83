// SPDX-License-Identifier: Apache-2.0
#include "server/csv_records.h"

#include "base/refusal.h"
#include "domains/crm/customer.h"
#include "server/errors.h"

namespace interlock::server {
namespace {

const RecordType& customers() { return type_of<domains::Customer>(); }

std::string refusal_of(const ColumnMap& map, const CsvRow& row) {
  try {
    map.request_of(row);
    return "accepted";
  } catch (const Refusal& refusal) {
    return refusal.field.empty() ? std::string(error_info(refusal.code).name) : refusal.field;
  }
}

std::string error_of(const CsvRow& heading, const std::vector<std::string>& map) {
  try {
    const ColumnMap made(customers(), heading, map);
    return "accepted";
  } catch (const CommandError& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
}

TEST(ColumnMap, columns_find_their_fields_by_name_whatever_the_case) {
  const ColumnMap map(customers(), {"Name", "ASSIGNED TO", "e-mail", "import_line"}, {"e-mail=email"});
  const auto request = map.request_of({"Ana", "", "ana@example.test", "7"});
  EXPECT_EQ(json_text(Json(request)), R"({"name":"Ana","email":"ana@example.test"})");
}

TEST(ColumnMap, what_does_not_fit_is_named) {
  EXPECT_THAT(error_of({"Name", "Shoe size"}, {}), ::testing::HasSubstr("\"Shoe size\" fits no field"));
  EXPECT_EQ(error_of({"Name", "Shoe size"}, {"Shoe size="}), "accepted");
  EXPECT_THAT(error_of({"Email"}, {}), ::testing::HasSubstr("no column fills name"));
  EXPECT_THAT(error_of({"Name", "Full"}, {"Full=name"}), ::testing::HasSubstr("two columns fill name"));
  EXPECT_THAT(error_of({"Name"}, {"Absent=email"}), ::testing::HasSubstr("no column \"Absent\""));
  EXPECT_THAT(error_of({"Name"}, {"Name"}), ::testing::StartsWith("--map takes"));
  EXPECT_THAT(error_of({"Name", "id"}, {}), ::testing::HasSubstr("\"id\" fits no field"));
}

TEST(ColumnMap, a_row_is_refused_by_its_field) {
  const ColumnMap map(customers(), {"name", "phone"}, {});
  EXPECT_EQ(refusal_of(map, {"Ana", "1"}), "accepted");
  EXPECT_EQ(refusal_of(map, {"", "1"}), "name");
  EXPECT_EQ(refusal_of(map, {"Ana", std::string(65, '1')}), "phone");
  EXPECT_EQ(refusal_of(map, {"Ana"}), "malformed_request");
}

TEST(Cells, lists_go_in_and_out) {
  const auto& tags = *customers().find_field("tags");
  EXPECT_EQ(json_text(cell_json(tags, "vip; north ;;")), R"(["vip","north"])");
  EXPECT_EQ(cell_text(Json(JsonArray{Json("vip"), Json("north")})), "vip;north");
  EXPECT_EQ(cell_text(Json()), "");
  EXPECT_EQ(cell_text(Json(7)), "7");
}

TEST(Cells, what_an_export_guards_an_import_frees) {
  for (const std::string text : {"=1+1", "+34 1", "-x", "@a", "plain", "'quoted'", "'"}) {
    std::string row;
    append_csv_row(row, {text});
    EXPECT_EQ(without_formula_guard(CsvReader(row, ',', 100).next()->front()), text);
  }
}

}  // namespace
}  // namespace interlock::server
