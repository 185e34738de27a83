// SPDX-License-Identifier: Apache-2.0
#include "server/config.h"

#include <fstream>

namespace interlock::server {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  std::string file(const std::string& content) {
    const auto path =
        std::filesystem::path(::testing::TempDir()) /
        ("config-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".toml");
    std::ofstream(path) << content;
    return path;
  }

  static std::string error_of(const std::string& file, const SettingTexts& environment = {},
                              const SettingTexts& flags = {}) {
    try {
      load_config(file, environment, flags);
      return "accepted";
    } catch (const ConfigError& error) {
      return error.what();
    }
  }
};

TEST_F(ConfigTest, later_sources_win_default_file_environment_flag) {
  const auto path = file("lane_workers = 3\nio_threads = 3\nslow_operation_ms = 3\n");
  const auto config =
      load_config(path, {{"io_threads", "4"}, {"slow_operation_ms", "4"}}, {{"slow_operation_ms", "5"}});
  EXPECT_EQ(config.lane_workers, 3);
  EXPECT_EQ(config.io_threads, 4);
  EXPECT_EQ(config.slow_operation_ms, 5);
  EXPECT_EQ(config.body_bytes_max, Config{}.body_bytes_max);
}

TEST_F(ConfigTest, an_unknown_key_of_the_file_is_refused_with_its_line) {
  const auto path = file("\nlisten = \"127.0.0.1:0\"\nlissten = \"x\"\n");
  EXPECT_EQ(error_of(path), "there is no setting lissten, the nearest is listen (" + path + ", line 3)");
}

TEST_F(ConfigTest, a_value_out_of_bounds_is_refused_with_name_bound_and_place) {
  EXPECT_EQ(error_of("", {{"lane_workers", "17"}}),
            "lane_workers must be 1 to 16, not \"17\" (INTERLOCK_LANE_WORKERS)");
  EXPECT_EQ(error_of("", {}, {{"log_level", "loud"}}),
            "log_level must be debug, info, warning or error, not \"loud\" (--log-level)");
}

TEST_F(ConfigTest, every_integer_takes_its_bounds_and_nothing_beyond) {
  for (const auto& setting : settings()) {
    if (!std::holds_alternative<std::int64_t Config::*>(setting.member)) continue;
    const std::string name(setting.name);
    EXPECT_EQ(error_of("", {}, {{name, std::to_string(setting.min)}}), "accepted") << name;
    EXPECT_EQ(error_of("", {}, {{name, std::to_string(setting.max)}}), "accepted") << name;
    for (const auto& wrong : {std::to_string(setting.min - 1), std::to_string(setting.max + 1), std::string("1e3"),
                              std::string(""), std::string("99999999999999999999")})
      EXPECT_THAT(error_of("", {}, {{name, wrong}}), ::testing::HasSubstr(name + " must be " + bounds_text(setting)));
  }
}

TEST_F(ConfigTest, wrong_types_in_the_file_are_refused) {
  EXPECT_THAT(error_of(file("lane_workers = \"3\"")),
              ::testing::StartsWith("lane_workers must be an integer, 1 to 16"));
  EXPECT_THAT(error_of(file("demo = 1")), ::testing::StartsWith("demo must be true or false"));
  EXPECT_THAT(error_of(file("listen = 8080")), ::testing::StartsWith("listen must be a text"));
  EXPECT_THAT(error_of(file("listen = ")), ::testing::HasSubstr("line 1"));
  EXPECT_NE(error_of("/nonexistent/interlock.toml"), "accepted");
}

TEST_F(ConfigTest, demo_data_is_refused_off_loopback) {
  EXPECT_EQ(error_of("", {}, {{"demo", "true"}, {"listen", "127.0.0.1:0"}}), "accepted");
  EXPECT_EQ(error_of("", {}, {{"demo", "true"}, {"listen", "[::1]:0"}}), "accepted");
  EXPECT_THAT(error_of("", {}, {{"demo", "true"}, {"listen", "0.0.0.0:80"}}), ::testing::HasSubstr("loopback"));
  EXPECT_THAT(error_of("", {}, {{"demo", "true"}, {"listen", "192.0.2.1:80"}}), ::testing::HasSubstr("loopback"));
}

TEST_F(ConfigTest, loopback_is_this_machine_and_nothing_that_looks_like_it) {
  for (const auto* local : {"127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "localhost"})
    EXPECT_TRUE(is_loopback(local)) << local;
  for (const auto* other : {"", "127.", "127.0.0.1.example", "128.0.0.1", "0.0.0.0", "::", "::2", "local"})
    EXPECT_FALSE(is_loopback(other)) << other;
}

TEST_F(ConfigTest, listen_is_a_host_and_a_port) {
  for (const auto* wrong : {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[]:80"})
    EXPECT_THAT(error_of("", {}, {{"listen", wrong}}), ::testing::StartsWith("listen must be HOST:PORT")) << wrong;
  EXPECT_EQ(parse_host_port("[2001:db8::1]:443").host, "2001:db8::1");
}

TEST_F(ConfigTest, settings_that_belong_together) {
  EXPECT_THAT(error_of("", {{"tls_key", "k.pem"}}), ::testing::HasSubstr("belong together"));
  EXPECT_THAT(error_of("", {{"public_url", "desk.example"}}), ::testing::StartsWith("public_url"));
  EXPECT_THAT(error_of("", {{"trusted_proxies", "10.0.0.1, proxy"}}), ::testing::HasSubstr("\"proxy\""));
}

TEST_F(ConfigTest, cookies_are_secure_where_people_come_by_https) {
  Config config;
  EXPECT_FALSE(cookies_are_secure(config));
  config.public_url = "https://desk.example";
  EXPECT_TRUE(cookies_are_secure(config));
  config.secure_cookies = "off";
  EXPECT_FALSE(cookies_are_secure(config));
}

TEST_F(ConfigTest, the_environment_gives_settings_by_name) {
  const char* environment[] = {"PATH=/bin", "INTERLOCK_DATA=/srv/x=y", "INTERLOCK_CONFIG=c.toml", "INTERLOCKING=1",
                               nullptr};
  EXPECT_EQ(settings_from_environment(environment), (SettingTexts{{"data", "/srv/x=y"}}));
}

TEST_F(ConfigTest, an_unknown_variable_of_ours_is_refused_with_the_nearest_setting) {
  const auto refused = [](const std::string& entry) {
    const char* environment[] = {"PATH=/bin", entry.c_str(), nullptr};
    try {
      settings_from_environment(environment);
      return std::string("accepted");
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(refused("INTERLOCK_LISTN=127.0.0.1:1"),
            "there is no setting INTERLOCK_LISTN, the nearest is INTERLOCK_LISTEN (environment)");
  EXPECT_THAT(refused("INTERLOCK_METRIC_TOKENS=hidden"),
              ::testing::AllOf(::testing::HasSubstr("INTERLOCK_METRICS_TOKEN"),
                               ::testing::Not(::testing::HasSubstr("hidden"))));
  EXPECT_THAT(refused("INTERLOCK_=1"), ::testing::StartsWith("there is no setting INTERLOCK_, "));
  EXPECT_THAT(refused("INTERLOCK_" + std::string(50'000, 'X') + "=1"), ::testing::StartsWith("there is no setting"));
}

TEST_F(ConfigTest, a_secret_is_not_repeated_in_a_message) {
  EXPECT_THAT(error_of("", {{"metrics_token", "hidden\n"}}), ::testing::Not(::testing::HasSubstr("hidden")));
}

TEST_F(ConfigTest, the_reference_page_is_the_table) {
  std::ifstream page("docs/reference/configuration.md");
  const std::string text((std::istreambuf_iterator<char>(page)), {});
  EXPECT_EQ(text, configuration_markdown()) << "run: interlock settings > docs/reference/configuration.md";
}

TEST_F(ConfigTest, names_are_unique_and_documented) {
  std::set<std::string_view> names;
  for (const auto& setting : settings()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_TRUE(setting.doc.ends_with('.')) << setting.name;
  }
}

}  // namespace
}  // namespace interlock::server
