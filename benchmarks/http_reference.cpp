// SPDX-License-Identifier: Apache-2.0
// What reads are measured against (P5): the server's own transport with handlers that do next to nothing.
//   GET /empty  answers {} without looking at the request
//   GET /list   runs the bare query of the list (50 rows by filter and sort, every column read) and sends as many bytes
//               from memory as the server's answer has
// usage: interlock-http-reference --listen HOST:PORT --data DIR --records N --list-bytes N [--threads N]
// Ends on SIGTERM or SIGINT.
#include <signal.h>
#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/random.h"
#include "base/time.h"
#include "http/server.h"

namespace interlock::bench {
namespace {

constexpr std::array statuses = {"new", "contacted", "qualified", "active", "inactive"};

/// A table of customers with an index that fits the list, on a connection of one thread.
class BareQuery {
 public:
  explicit BareQuery(const std::string& path) {
    check(sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr));
    make_table();
    check(sqlite3_prepare_v3(
        db_,
        "select id, version, created_at, updated_at, created_by, name, email, phone, status, "
        "assigned_to, tags, address from customers where status = 'new' order by updated_at desc, id "
        "desc limit 51",
        -1, SQLITE_PREPARE_PERSISTENT, &list_, nullptr));
  }
  ~BareQuery() {
    sqlite3_finalize(list_);
    sqlite3_close(db_);
  }
  BareQuery(const BareQuery&) = delete;
  BareQuery& operator=(const BareQuery&) = delete;

  void fill(int records) {
    execute("begin");
    sqlite3_stmt* insert = nullptr;
    check(sqlite3_prepare_v2(
        db_,
        "insert into customers values (randomblob(16), 1, ?1, ?1, randomblob(16), 'Customer ' || ?1, "
        "'customer' || ?1 || '@bench.test', '555 ' || ?1, ?2, null, '[]', ?1 || ' Long Street')",
        -1, &insert, nullptr));
    for (int record = 0; record < records; ++record) {
      sqlite3_bind_int(insert, 1, record);
      sqlite3_bind_text(insert, 2, statuses[static_cast<std::size_t>(record) % statuses.size()], -1, SQLITE_STATIC);
      sqlite3_step(insert);
      check(sqlite3_reset(insert));
    }
    sqlite3_finalize(insert);
    execute("commit; pragma wal_checkpoint(truncate)");
  }

  /// Reads every column of every row; answers how many bytes they held.
  std::size_t run() {
    std::size_t bytes = 0;
    while (sqlite3_step(list_) == SQLITE_ROW) {
      for (int column = 0; column < sqlite3_column_count(list_); ++column) {
        if (sqlite3_column_type(list_, column) == SQLITE_INTEGER) {
          bytes += sqlite3_column_int64(list_, column) == 0 ? 0 : 1;
        } else {
          sqlite3_column_blob(list_, column);
          bytes += static_cast<std::size_t>(sqlite3_column_bytes(list_, column));
        }
      }
    }
    check(sqlite3_reset(list_));
    return bytes;
  }

 private:
  void check(int result) {
    if (result != SQLITE_OK && result != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  void execute(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }

  void make_table() {
    execute(
        "pragma journal_mode=wal; create table if not exists customers (id blob primary key, version int, created_at "
        "int, "
        "updated_at int, created_by blob, name text, email text, phone text, status text, assigned_to blob, tags text, "
        "address text) strict; create index if not exists by_status on customers (status, updated_at, id)");
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* list_ = nullptr;
};

class Reference final : public http::Handler {
 public:
  Reference(std::string path, int records, std::size_t list_bytes)
      : path_(std::move(path)), list_(std::make_shared<const std::string>(list_bytes, ' ')) {
    BareQuery(path_).fill(records);
  }

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

  Reference handler(options["--data"] + "/reference.db", std::atoi(options["--records"].c_str()),
                    static_cast<std::size_t>(std::atoll(options["--list-bytes"].c_str())));
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
  if (!options.contains("--listen") || !options.contains("--data")) {
    std::fputs(
        "usage: interlock-http-reference --listen HOST:PORT --data DIR --records N --list-bytes N [--threads N]\n",
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
