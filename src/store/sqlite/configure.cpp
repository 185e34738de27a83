// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/configure.h"

#include <sqlite3.h>

#include <mutex>

#include "base/log.h"
#include "store/sqlite/page_cache.h"
#include "store/sqlite/page_memory.h"

namespace interlock::store::sqlite {
namespace {

void on_message(void*, int code, const char* text) {
  switch (code & 0xff) {
    case SQLITE_SCHEMA:      // a statement is prepared again
    case SQLITE_CONSTRAINT:  // told to the caller
    case SQLITE_INTERRUPT:   // a deadline
      return;
    case SQLITE_NOTICE:
      return log(LogLevel::info, "sqlite", {{"code", code}, {"text", text}});
    default:
      return log(LogLevel::warning, "sqlite", {{"code", code}, {"text", text}});
  }
}

}  // namespace

void configure_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] {
    install_page_cache();
    install_page_memory();
    sqlite3_config(SQLITE_CONFIG_LOG, on_message, nullptr);
  });
}

}  // namespace interlock::store::sqlite
