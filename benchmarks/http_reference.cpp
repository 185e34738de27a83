// SPDX-License-Identifier: Apache-2.0
// What reads are measured against (P5): the server's own transport with handlers that do next to nothing.
//   GET /empty  answers {} without looking at the request
//   GET /list   runs the bare query of the list (50 rows by filter and sort, every column read) on a copy of a tenant's
//               file and sends as many bytes from memory as the server's answer has
// usage: interlock-http-reference --listen HOST:PORT --database FILE --list-bytes N [--threads N]
// Ends on SIGTERM or SIGINT.
#include <signal.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "http/server.h"

namespace interlock::bench {
namespace {

/// The bare query of `/api/customers?status=new&sort=-updated_at&limit=50` on a copy of a tenant's file, by one thread.
class BareQuery {
 public:
  explicit BareQuery(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr));
    check(sqlite3_prepare_v3(db_,
                             "select * from records_customers where deleted_at is null and +status = 'new' order by "
                             "updated_at desc, id desc limit 51",
                             -1, SQLITE_PREPARE_PERSISTENT, &list_, nullptr));
  }
  ~BareQuery() {
    sqlite3_finalize(list_);
    sqlite3_close(db_);
  }
  BareQuery(const BareQuery&) = delete;
  BareQuery& operator=(const BareQuery&) = delete;

  /// Reads every column of every row; answers how many rows there were.
  int run() {
    int rows = 0;
    for (; sqlite3_step(list_) == SQLITE_ROW; ++rows) {
      for (int column = 0; column < sqlite3_column_count(list_); ++column) {
        if (sqlite3_column_type(list_, column) == SQLITE_INTEGER) {
          sqlite3_column_int64(list_, column);
        } else {
          sqlite3_column_blob(list_, column);
        }
      }
    }
    check(sqlite3_reset(list_));
    return rows;
  }

 private:
  void check(int result) {
    if (result != SQLITE_OK && result != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* list_ = nullptr;
};

class Reference final : public http::Handler {
 public:
  Reference(std::string path, std::size_t list_bytes)
      : path_(std::move(path)), list_(std::make_shared<const std::string>(list_bytes, ' ')) {}

  void handle(http::Request&& request, http::Responder responder) override {
    http::Response response;
    if (request.path() == "/list") {
      thread_local BareQuery query(path_);
      if (query.run() == 0) throw std::runtime_error("the bare query found nothing");
      response.shared_body = list_;
    } else {
      response.body = "{}";
    }
    responder.send(std::move(response));
  }

 private:
  std::string path_;
  std::shared_ptr<const std::string> list_;
};

int serve(std::map<std::string, std::string> options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  Reference handler(options["--database"], static_cast<std::size_t>(std::atoll(options["--list-bytes"].c_str())));
  const auto& listen = options["--listen"];
  const auto colon = listen.rfind(':');
  http::ServerOptions server_options;
  server_options.host = listen.substr(0, colon);
  server_options.port = static_cast<std::uint16_t>(std::atoi(listen.c_str() + colon + 1));
  if (options.contains("--threads")) server_options.threads = std::atoi(options["--threads"].c_str());
  http::Server server(server_options, handler, system_clock(), system_random());
  server.start();
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

}  // namespace
}  // namespace interlock::bench

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  if (!options.contains("--listen") || !options.contains("--database")) {
    std::fputs("usage: interlock-http-reference --listen HOST:PORT --database FILE --list-bytes N [--threads N]\n",
               stderr);
    return 2;
  }
  try {
    return interlock::bench::serve(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "interlock-http-reference: %s\n", error.what());
    return 1;
  }
}
