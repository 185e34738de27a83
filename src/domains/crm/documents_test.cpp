// SPDX-License-Identifier: Apache-2.0
#include "domains/crm/documents.h"

#include "domains/crm/checklist_item.h"
#include "domains/crm/customer.h"
#include "domains/files/files.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class Documents : public ::testing::Test {
 protected:
  void SetUp() override {
    customer.name = "Ada";
    customer.assigned_to = lane.people["staff"];
    customer = lane.as_system().save(customer);
    lane.as("staff");
  }
  Id<File> upload(const std::string& name = "passport.pdf") {
    return lane.tx.attempt([&] {
      return id_of(create_file(lane.tx, {name, "application/pdf", 9, std::string(64, 'a'), std::nullopt}));
    });
  }
  Document document(Id<File> file, const Subject& subject, const std::string& name = "") {
    Document made;
    made.subject = subject;
    made.file = file;
    made.name = name;
    return lane.save(made);
  }
  bool is_there(Id<File> file) { return lane.tx.find(file).has_value(); }

  TestTenant lane;
  Customer customer;
};

TEST_F(Documents, TakeTheirFileAndItsName) {
  const auto file = upload();
  const auto made = document(file, subject_of(customer));
  EXPECT_EQ(made.name, "passport.pdf");
  EXPECT_EQ(lane.tx.find(file)->subject, subject_of(made));
  EXPECT_EQ(document(upload(), subject_of(customer), "Her passport").name, "Her passport");
}

TEST_F(Documents, HaveAFileOfTheirOwnThatTheCallerUploaded) {
  const auto file = upload();
  document(file, subject_of(customer));
  EXPECT_EQ(refusal_of([&] { document(file, subject_of(customer)); }), ErrorCode::file_attached);
  EXPECT_EQ(refusal_of([&] { document(lane.tx.new_id<File>(), subject_of(customer)); }), ErrorCode::not_found);
  const auto others = upload();
  lane.as("admin");
  EXPECT_EQ(refusal_of([&] { document(others, subject_of(customer)); }), ErrorCode::not_found);
  const auto hidden = [&] {
    Customer other;
    other.name = "Eda";
    return lane.as_system().save(other);
  }();
  lane.as("staff");
  EXPECT_EQ(refusal_of([&] { document(upload(), subject_of(hidden)); }), ErrorCode::not_found);
}

TEST_F(Documents, GoAndComeBackWithTheirFile) {
  const auto file = upload();
  auto made = document(file, subject_of(customer));
  const auto direct = refusal_of([&] {
    lane.tx.attempt([&] {
      auto held = *lane.tx.find(file);
      lane.tx.remove(held);
    });
  });
  EXPECT_EQ(direct, ErrorCode::referenced);
  lane.tx.attempt([&] { lane.tx.remove(made); });
  EXPECT_FALSE(is_there(file));
  lane.tx.attempt([&] { lane.tx.restore(type_of<Document>(), &made); });
  EXPECT_TRUE(is_there(file));
}

TEST_F(Documents, OfARedactedCustomerKeepNeitherNameNorContent) {
  const auto file = upload();
  const auto made = document(file, subject_of(customer), "Passport of Ada");
  lane.as("admin").run("customers/redact", {{"id", json_id(id_of(customer))}});
  EXPECT_EQ(lane.tx.find(id_of(made))->name, "");
  EXPECT_EQ(lane.tx.find(file)->name, "file");
  EXPECT_EQ(lane.tx.find(file)->sha256, "");
}

TEST_F(Documents, ThatAChecklistNamesHaveBeenReceived) {
  ChecklistItem item;
  item.subject = subject_of(customer);
  item.name = "Passport";
  item = lane.save(item);
  item.document = lane.tx.new_id<Document>();
  EXPECT_EQ(refusal_of([&] { lane.save(item); }), ErrorCode::unknown_reference);
  auto made = document(upload(), subject_of(customer));
  item.document = id_of(made);
  item = lane.save(item);
  EXPECT_TRUE(item.received);
  EXPECT_EQ(item.received_at, lane.tx.now());
  lane.tx.attempt([&] { lane.tx.remove(made); });
  const auto now = *lane.tx.find(id_of(item));
  EXPECT_FALSE(now.document);
  EXPECT_FALSE(now.received) << "it has to be sent again";
}

}  // namespace
}  // namespace interlock::domains
