// SPDX-License-Identifier: Apache-2.0
#include "server/control_socket.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "base/limits.h"

namespace interlock::server {
namespace {

class ControlSocketTest : public ::testing::Test {
 protected:
  ControlSocketTest() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~ControlSocketTest() override { std::filesystem::remove_all(directory_); }

  static Json echo(const Json& request) { return Json(JsonObject{{"result", request}}); }

  // Longer than an address of a Unix socket may be.
  std::string directory_ =
      ::testing::TempDir() + std::string(120, 'd') + ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ControlSocketTest, a_line_is_answered_by_a_line) {
  const ControlSocket server(directory_, echo);
  LineConnection client(connect_control(directory_));
  for (const char* line : {R"({"verb":"a"})", R"([1,"\n"])"}) {
    ASSERT_TRUE(client.write_line(line));
    EXPECT_EQ(client.read_line(), std::string(R"({"result":)") + line + "}");
  }
}

TEST_F(ControlSocketTest, only_the_owner_may_connect) {
  const ControlSocket server(directory_, echo);
  struct stat status {};
  ASSERT_EQ(stat((directory_ + "/control.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(ControlSocketTest, nobody_listening_is_no_error) {
  EXPECT_FALSE(connect_control(directory_));
  EXPECT_FALSE(connect_control(directory_ + "/absent"));
  std::ofstream(directory_ + "/control.sock") << "left behind";
  const ControlSocket server(directory_, echo);
  EXPECT_TRUE(connect_control(directory_));
}

TEST_F(ControlSocketTest, what_is_no_json_is_told_and_ends_the_connection) {
  const ControlSocket server(directory_, echo);
  LineConnection client(connect_control(directory_));
  client.write_line("no json");
  EXPECT_THAT(client.read_line().value_or(""), ::testing::HasSubstr("error"));
  EXPECT_EQ(client.read_line(), std::nullopt);
}

TEST_F(ControlSocketTest, too_many_connections_are_told_so) {
  const ControlSocket server(directory_, echo);
  std::list<LineConnection> clients;
  for (std::size_t i = 0; i < limits::control_connections_max; ++i) {
    clients.emplace_back(connect_control(directory_));
    clients.back().write_line("1");
    ASSERT_TRUE(clients.back().read_line());
  }
  LineConnection one_more(connect_control(directory_));
  EXPECT_THAT(one_more.read_line().value_or(""), ::testing::HasSubstr("overloaded"));
}

TEST_F(ControlSocketTest, ending_lets_a_request_be_answered) {
  std::promise<void> begun, go_on;
  auto server = std::make_unique<ControlSocket>(directory_, [&](const Json& request) {
    begun.set_value();
    go_on.get_future().wait();
    return request;
  });
  LineConnection client(connect_control(directory_));
  client.write_line("7");
  begun.get_future().wait();
  std::thread ending([&] { server.reset(); });
  go_on.set_value();
  EXPECT_EQ(client.read_line(), "7");
  ending.join();
  EXPECT_FALSE(connect_control(directory_));
}

}  // namespace
}  // namespace interlock::server
