# SPDX-License-Identifier: Apache-2.0
# The one SQLite of this build: the amalgamation that npm's better-sqlite3 ships, pinned by version and integrity hash in
# packaging/sqlite, compiled with our own options. It is fetched once per clone, into build/deps, for all build
# directories together; no script of the package is run.

set(sqlite_pin ${CMAKE_SOURCE_DIR}/packaging/sqlite)
set(sqlite_home ${CMAKE_SOURCE_DIR}/build/deps/sqlite)
set(sqlite_source ${sqlite_home}/node_modules/better-sqlite3/deps/sqlite3)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sqlite_pin}/package-lock.json)

function(interlock_fetch_sqlite)
  file(MAKE_DIRECTORY ${sqlite_home})
  file(LOCK ${sqlite_home}.lock GUARD FUNCTION TIMEOUT 300)
  file(SHA256 ${sqlite_pin}/package-lock.json wanted)
  set(present "")
  if(EXISTS ${sqlite_home}/fetched.txt)
    file(READ ${sqlite_home}/fetched.txt present)
  endif()
  if(wanted STREQUAL present)
    return()
  endif()
  find_program(NPM npm REQUIRED)
  message(STATUS "Fetching the pinned SQLite by npm (11 MB, some seconds)")
  file(REMOVE ${sqlite_home}/fetched.txt)
  file(COPY ${sqlite_pin}/package.json ${sqlite_pin}/package-lock.json DESTINATION ${sqlite_home})
  execute_process(
    COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    WORKING_DIRECTORY ${sqlite_home}
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "npm ci failed in ${sqlite_home}: ${result}")
  endif()
  file(WRITE ${sqlite_home}/fetched.txt ${wanted})
endfunction()
interlock_fetch_sqlite()

add_library(sqlite3_amalgamation STATIC ${sqlite_source}/sqlite3.c)
target_include_directories(sqlite3_amalgamation SYSTEM PUBLIC ${sqlite_source})
target_compile_options(sqlite3_amalgamation PRIVATE -w)
if(INTERLOCK_SANITIZE MATCHES undefined)
  # Not our code, and it would take many minutes to compile; its addresses are checked all the same.
  target_compile_options(sqlite3_amalgamation PRIVATE -fno-sanitize=undefined)
endif()
target_link_libraries(sqlite3_amalgamation PUBLIC Threads::Threads m)
target_compile_definitions(
  sqlite3_amalgamation
  PRIVATE SQLITE_THREADSAFE=2            # a connection is used by one thread at a time
          SQLITE_DQS=0                   # "x" is an identifier, never a text
          SQLITE_DEFAULT_MEMSTATUS=0     # no global lock around memory counters
          SQLITE_DEFAULT_SYNCHRONOUS=2   # FULL, also where a connection forgets to say so
          SQLITE_DEFAULT_WAL_SYNCHRONOUS=2
          SQLITE_TEMP_STORE=2            # no temporary files beside the data
          SQLITE_LIKE_DOESNT_MATCH_BLOBS
          SQLITE_MAX_EXPR_DEPTH=0        # all SQL is ours
          SQLITE_USE_ALLOCA
          SQLITE_ENABLE_FTS5
          SQLITE_ENABLE_NULL_TRIM
          SQLITE_OMIT_DEPRECATED
          SQLITE_OMIT_SHARED_CACHE
          SQLITE_OMIT_DECLTYPE
          SQLITE_OMIT_LOAD_EXTENSION
          HAVE_FDATASYNC=1               # a sync need not write the file's times
          HAVE_PREAD=1                   # one system call for a page, not two
          HAVE_PWRITE=1
          HAVE_LOCALTIME_R=1
          HAVE_USLEEP=1)
