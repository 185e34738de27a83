// SPDX-License-Identifier: Apache-2.0
#include "providers/file_provider.h"

#include <sys/stat.h>

#include <fstream>

#include "base/json.h"

namespace interlock::providers {
namespace {

class FileProviderTest : public ::testing::Test {
 protected:
  FileProviderTest() { std::filesystem::remove_all(directory_); }

  OutboxMessage message() const {
    OutboxMessage message;
    message.id.bytes[0] = 7;
    message.provider = "mail";
    message.destination = "ana@example.test";
    message.payload.text = R"({"template":"invitation","token":"abc","name":"Ana \"A\""})";
    return message;
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) names.push_back(entry.path());
    return names;
  }

  std::string directory_ =
      ::testing::TempDir() + "outbox-" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(FileProviderTest, a_message_is_one_file_with_its_link) {
  auto provider = make_file_provider(directory_, [] { return "https://desk.example"; });
  EXPECT_EQ(provider->deliver(message()).delivery, engine::Delivery::delivered);
  ASSERT_EQ(files().size(), 1U);
  std::ifstream file(files().front());
  const auto json = parse_json(std::string((std::istreambuf_iterator<char>(file)), {}));
  EXPECT_EQ(*json.find("destination")->if_text(), "ana@example.test");
  EXPECT_EQ(*json.find("link")->if_text(), "https://desk.example/invitation#token=abc");
  EXPECT_EQ(*json.find("payload")->find("name")->if_text(), "Ana \"A\"");
}

TEST_F(FileProviderTest, a_message_sent_again_stays_one_file) {
  auto provider = make_file_provider(directory_, [] { return ""; });
  EXPECT_TRUE(provider->deduplicates());
  provider->deliver(message());
  EXPECT_EQ(provider->deliver(message()).delivery, engine::Delivery::delivered);
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(FileProviderTest, only_the_owner_reads_mails) {
  make_file_provider(directory_, [] { return ""; })->deliver(message());
  struct stat status {};
  ASSERT_EQ(stat(files().front().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(stat(directory_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST_F(FileProviderTest, where_nothing_can_be_written_it_is_tried_again_later) {
  std::ofstream(directory_) << "a file, not a directory";
  const auto result = make_file_provider(directory_, [] { return ""; })->deliver(message());
  EXPECT_EQ(result.delivery, engine::Delivery::retry);
  EXPECT_THAT(result.error, ::testing::HasSubstr(directory_));
  std::filesystem::remove(directory_);
}

}  // namespace
}  // namespace interlock::providers
