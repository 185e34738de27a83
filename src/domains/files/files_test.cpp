// SPDX-License-Identifier: Apache-2.0
#include "domains/files/files.h"

#include "domains/crm/customer.h"
#include "domains/test_lane.h"

namespace interlock::domains {
namespace {

class FilesTest : public ::testing::Test {
 protected:
  FilesTest() {
    Customer record;
    record.name = "Clara";
    record.assigned_to = tenant.people.at("staff");
    customer = tenant.as("owner").save(record);
  }
  File upload(const std::string& name = "offer.pdf", const std::string& sha256 = std::string(64, 'a')) {
    return tenant.tx.attempt([&] {
      return create_file(tenant.tx, {name, "application/pdf", 3, sha256, std::nullopt});
    });
  }
  File attach(const File& file, const Subject& subject) {
    return tenant.tx.attempt([&] { return attach_file(tenant.tx, AttachFile{id_of(file), subject}); });
  }
  bool seen(const std::string& who, const File& file) {
    tenant.as(who);
    const auto now = *tenant.tx.find(id_of(file));
    return is_visible(tenant.tx, tenant.tx.actor(), type_of<File>(), &now);
  }
  Subject to_customer() const { return subject_of(customer); }

  TestTenant tenant;
  Customer customer;
};

TEST_F(FilesTest, UntilItIsAttachedItsUploaderAloneSeesIt) {
  const auto file = [&] {
    tenant.as("staff");
    return upload();
  }();
  EXPECT_FALSE(file.subject);
  EXPECT_TRUE(seen("staff", file));
  EXPECT_FALSE(seen("owner", file));
  EXPECT_FALSE(seen("viewer", file));
  tenant.as("staff");
  attach(file, to_customer());
  EXPECT_TRUE(seen("owner", file));
  EXPECT_TRUE(seen("staff", file));
  EXPECT_FALSE(seen("viewer", file)) << "the customer is assigned to somebody else";
}

TEST_F(FilesTest, AFileBelongsToOneRecordForGood) {
  tenant.as("staff");
  const auto file = attach(upload(), to_customer());
  EXPECT_EQ(attach(file, to_customer()).version, file.version) << "the same again changes nothing";
  Customer other;
  other.name = "Other";
  other.assigned_to = tenant.people.at("staff");
  const auto second = tenant.as("owner").save(other);
  tenant.as("staff");
  EXPECT_EQ(refusal_of([&] { attach(file, subject_of(second)); }), ErrorCode::file_attached);
}

TEST_F(FilesTest, NobodyAttachesToWhatTheyDoNotSee) {
  tenant.as("viewer");
  const auto file = upload();
  EXPECT_EQ(refusal_of([&] { attach(file, to_customer()); }), ErrorCode::not_found);
  tenant.as("owner");
  EXPECT_EQ(refusal_of([&] { attach(file, to_customer()); }), ErrorCode::not_found) << "somebody else's upload";
  const auto own = upload();
  EXPECT_EQ(refusal_of([&] { attach(own, subject_of(own)); }), ErrorCode::not_found);
  EXPECT_EQ(refusal_of([&] { attach(own, Subject{type_of<Customer>().number, own.id}); }), ErrorCode::not_found);
  tenant.tx.attempt([&] { tenant.tx.remove(customer); });
  EXPECT_EQ(refusal_of([&] { attach(own, to_customer()); }), ErrorCode::not_found);
}

TEST_F(FilesTest, ARecordThatIsBeingMadeTakesItsFile) {
  tenant.as("staff");
  const auto file = upload();
  Customer made;
  made.id = tenant.tx.new_id<Customer>().uuid;
  tenant.tx.attempt([&] { attach_file(tenant.tx, id_of(file), subject_of(made), "file"); });
  EXPECT_EQ(tenant.tx.find(id_of(file))->subject, subject_of(made));
  tenant.as("owner");
  EXPECT_EQ(refusal_of([&] { attach_file(tenant.tx, id_of(file), to_customer(), "file"); }), ErrorCode::not_found);
}

TEST_F(FilesTest, NamesAreMadeHarmless) {
  tenant.as("staff");
  EXPECT_EQ(upload("../../CON").name, "_CON.pdf");
  auto file = upload("a\nb.pdf");
  EXPECT_EQ(file.name, "ab.pdf");
  file.name = "x/y.pdf";
  EXPECT_EQ(tenant.save(file).name, "y.pdf");
}

TEST_F(FilesTest, WhatNobodyAttachesIsSweptAfterADay) {
  tenant.as("staff");
  const auto left = upload(), kept = attach(upload(), to_customer());
  const auto sweep = [&] { tenant.as_system().tx.attempt([&] { EXPECT_FALSE(sweep_files(tenant.tx)); }); };
  tenant.tx.advance(limits::unreferenced_file_life - seconds(1));
  sweep();
  EXPECT_TRUE(tenant.tx.find(id_of(left)));
  tenant.tx.advance(seconds(2));
  sweep();
  EXPECT_FALSE(tenant.tx.find(id_of(left)));
  EXPECT_TRUE(tenant.tx.find(id_of(kept)));
}

TEST_F(FilesTest, BlobsAreKeptAsLongAsAFileCanComeBack) {
  const std::string a(64, 'a'), b(64, 'b');
  tenant.as("staff");
  auto left = upload("left", a), attached = attach(upload("attached", b), to_customer());
  EXPECT_TRUE(keeps_blob(tenant.tx, a));
  EXPECT_FALSE(keeps_blob(tenant.tx, std::string(64, 'c')));
  tenant.as("owner").tx.attempt([&] {
    tenant.tx.remove(left);
    tenant.tx.remove(attached);
  });
  EXPECT_FALSE(keeps_blob(tenant.tx, a)) << "what was never attached does not come back";
  EXPECT_TRUE(keeps_blob(tenant.tx, b));
  EXPECT_EQ(refusal_of([&] { tenant.tx.attempt([&] { tenant.tx.restore(type_of<File>(), &left); }); }),
            ErrorCode::too_old);
  tenant.tx.attempt([&] { tenant.tx.restore(type_of<File>(), &attached); });
  EXPECT_TRUE(tenant.tx.find(id_of(attached)));
}

TEST_F(FilesTest, AContentIsKeptForTheLastOfVeryManyThatShareIt) {
  const std::string a(64, 'a'), b(64, 'b');
  tenant.as("staff");
  for (std::int64_t i = 0; i < limits::list_items_max; ++i) {
    for (const auto& content : {a, b}) {
      auto left = upload("left", content);
      tenant.tx.attempt([&] { tenant.tx.remove(left); });
    }
  }
  tenant.tx.advance(seconds(1));
  upload("the last", a);
  auto attached = attach(upload("the last", b), to_customer());
  EXPECT_TRUE(keeps_blob(tenant.tx, a));
  EXPECT_TRUE(keeps_blob(tenant.tx, b));
  tenant.as("owner").tx.attempt([&] { tenant.tx.remove(attached); });
  EXPECT_TRUE(keeps_blob(tenant.tx, b)) << "it can come back with its customer";
}

TEST_F(FilesTest, RedactingACustomerTakesTheFilesToo) {
  tenant.as("staff");
  const auto file = attach(upload("Clara's passport.pdf"), to_customer());
  tenant.as("owner").run("customers/redact", {{"id", json_id(id_of(customer))}, {"version", 1}});
  const auto now = *tenant.tx.find(id_of(file));
  EXPECT_EQ(now.name, "file");
  EXPECT_EQ(now.sha256, "");
  EXPECT_EQ(now.size, 0);
  EXPECT_FALSE(keeps_blob(tenant.tx, file.sha256));
}

TEST_F(FilesTest, OnlyTheServerMakesThem) {
  const auto& op = *test_schema().operation("files/create");
  EXPECT_EQ(op.access, Access::vouched);
  EXPECT_FALSE(type_of<File>().options.creatable);
}

}  // namespace
}  // namespace interlock::domains
