// SPDX-License-Identifier: Apache-2.0
#include "http/static_files.h"

#include <gtest/gtest.h>

#include <vector>

namespace interlock::http {
namespace {

const std::vector<StaticFile> files = {
    {"/index.html", "text/html; charset=utf-8", "<p>page", "z-page", "11"},
    {"/assets/app-1.js", "text/javascript; charset=utf-8", "run()", "z-run", "22"},
    {"/favicon.svg", "image/svg+xml", "<svg/>", "", "33"},
};

std::string_view path_for(std::string_view target, Method method = Method::get) {
  const auto* file = find_page(files, make_request(method, target));
  return file == nullptr ? "none" : file->path;
}

bool has_line(const Response& response, std::string_view line) {
  return response.header_lines.find(std::string(line) + "\r\n") != std::string::npos;
}

TEST(StaticFilesTest, PagesOfTheApplicationAreItsIndex) {
  for (const auto* path :
       {"/", "/customers", "/customers/customer_01jx", "/set-up?token=1", "/api-tokens", "/documents"})
    EXPECT_EQ(path_for(path), "/index.html") << path;
  EXPECT_EQ(path_for("/customers", Method::head), "/index.html");
}

TEST(StaticFilesTest, WhatIsNoPageStaysAbsent) {
  for (const auto* path : {"/api", "/api/none", "/api/a/b/c/d", "/docs/none", "/assets", "/assets/old-1.js",
                           "/metrics/x", "/healthz/x", "/robots.txt", "/a/b.php", "/assets/../index.html"})
    EXPECT_EQ(path_for(path), "none") << path;
  EXPECT_EQ(path_for("/customers", Method::post), "none");
}

TEST(StaticFilesTest, AnAddressThatCannotBeDecodedIsAPageForBrowsersOnly) {
  const auto path_for_unreadable = [](std::string target, const char* accepted) -> std::string_view {
    const std::string head = target + '\n' + accepted;
    Request request;
    request.method = Method::get;
    request.set_head("Accept" + head);
    const auto size = static_cast<std::uint32_t>(target.size());
    EXPECT_FALSE(request.set_target({6, size})) << target;
    request.add_header({0, 6}, {7 + size, static_cast<std::uint32_t>(std::string_view(accepted).size())});
    const auto* file = find_page_for_unreadable(files, request);
    return file == nullptr ? "none" : file->path;
  };
  constexpr auto* browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";
  for (const auto* target : {"/%", "/customers/%zz", "/customers/%ff", "/customers?q=%zz", "/1/2/3/4/5/6/7/8/9"}) {
    EXPECT_EQ(path_for_unreadable(target, browser), "/index.html") << target;
    for (const auto* program : {"", "*/*", "application/json", "text/html;q=0"})
      EXPECT_EQ(path_for_unreadable(target, program), "none") << target << ' ' << program;
  }
  for (const auto* target : {"/api/%zz", "/docs/%zz", "/assets/%zz", "/%zz.php", "nothing", "*"})
    EXPECT_EQ(path_for_unreadable(target, browser), "none") << target;
}

TEST(StaticFilesTest, HashedFilesAreKeptForAYearAndThePageIsAskedForAnew) {
  const auto script = page_response(files[1], make_request(Method::get, "/assets/app-1.js"));
  EXPECT_EQ(script.cache_control, "public, max-age=31536000, immutable");
  EXPECT_EQ(script.content(), "run()");
  const auto page = page_response(files[0], make_request(Method::get, "/"));
  EXPECT_EQ(page.cache_control, "no-cache");
  EXPECT_NE(page.content_security_policy.find("script-src 'self';"), std::string_view::npos);
  EXPECT_EQ(page.content_security_policy.find("eval"), std::string_view::npos);
}

TEST(StaticFilesTest, CompressedForWhoeverAcceptsIt) {
  const auto with = [](const char* accepted) {
    return page_response(files[0], make_request(Method::get, "/", {{"Accept-Encoding", accepted}}));
  };
  for (const auto* accepted : {"gzip", "br, GZip;q=0.5", "deflate, gzip"}) {
    const auto response = with(accepted);
    EXPECT_EQ(response.content(), "z-page") << accepted;
    EXPECT_TRUE(has_line(response, "Content-Encoding: gzip")) << accepted;
    EXPECT_TRUE(has_line(response, "Vary: Accept-Encoding")) << accepted;
  }
  for (const auto* refused : {"", "br", "gzip;q=0", "gzip; q=0.0", "x-gzip"}) {
    EXPECT_EQ(with(refused).content(), "<p>page") << refused;
    EXPECT_FALSE(has_line(with(refused), "Content-Encoding: gzip")) << refused;
  }
  const auto small = page_response(files[2], make_request(Method::get, "/favicon.svg", {{"Accept-Encoding", "gzip"}}));
  EXPECT_EQ(small.content(), "<svg/>");
}

TEST(StaticFilesTest, TheSameContentIsNotSentAgain) {
  const auto status = [](const char* tags, const char* accepted) {
    return page_response(files[0],
                         make_request(Method::get, "/", {{"If-None-Match", tags}, {"Accept-Encoding", accepted}}))
        .status;
  };
  EXPECT_EQ(status("\"11\"", ""), 304);
  EXPECT_EQ(status("\"00\", W/\"11\"", ""), 304);
  EXPECT_EQ(status("*", ""), 304);
  EXPECT_EQ(status("\"00\"", ""), 200);
  EXPECT_EQ(status("\"11\"", "gzip"), 200);
  EXPECT_EQ(status("\"11-gzip\"", "gzip"), 304);
}

}  // namespace
}  // namespace interlock::http
