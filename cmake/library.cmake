# SPDX-License-Identifier: Apache-2.0
# One folder of src/ makes a library, a test executable and a benchmark executable.

include(GoogleTest)

# One precompiled header for all our code, another one for all tests. clang (tidy, fuzzing) does without.
set(precompiled_std
    <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <cstring> <deque> <exception> <filesystem> <functional>
    <map> <memory> <mutex> <optional> <set> <span> <sstream> <stdexcept> <string> <string_view> <thread> <tuple>
    <type_traits> <unordered_map> <unordered_set> <utility> <variant> <vector>)
file(WRITE ${CMAKE_BINARY_DIR}/generated/precompiled.cpp "")
# What is under test is optimised; the tests are not, which halves the time that they take to compile.
set(test_options -O0 -U_FORTIFY_SOURCE)
set(test_timeout_s 120)
# One PostgreSQL for all tests that want it (tests/postgres.py); the folder's name is short, since it holds a socket.
string(SHA256 build_name ${CMAKE_BINARY_DIR})
string(SUBSTRING ${build_name} 0 12 build_name)
set(test_postgres_directory /tmp/interlock-postgres-${build_name})
set(test_postgres_url "postgresql://test@/postgres?host=${test_postgres_directory}")
if(INTERLOCK_SANITIZE)
  set(test_timeout_s 600)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Same warnings as the files that use it: some (-Wpedantic) change predefined macros.
  add_library(interlock_precompiled OBJECT ${CMAKE_BINARY_DIR}/generated/precompiled.cpp)
  target_precompile_headers(interlock_precompiled PRIVATE ${precompiled_std})
  target_link_libraries(interlock_precompiled PRIVATE Threads::Threads)
  target_compile_options(interlock_precompiled PRIVATE ${INTERLOCK_WARNINGS})
  add_library(interlock_precompiled_test OBJECT ${CMAKE_BINARY_DIR}/generated/precompiled.cpp)
  target_precompile_headers(interlock_precompiled_test PRIVATE ${precompiled_std} <gmock/gmock.h> <gtest/gtest.h>)
  target_link_libraries(interlock_precompiled_test PRIVATE Threads::Threads GTest::gtest GTest::gmock)
  target_compile_options(interlock_precompiled_test PRIVATE ${INTERLOCK_WARNINGS} ${test_options})
endif()

# interlock_target(target precompiled_header [USES library...] [LINKS target...]): what all our targets share.
function(interlock_target target precompiled)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "USES;LINKS")
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${INTERLOCK_WARNINGS}>)
  target_link_libraries(${target} PUBLIC Threads::Threads ${arg_LINKS})
  foreach(library IN LISTS arg_USES)
    target_link_libraries(${target} PUBLIC $<TARGET_NAME_IF_EXISTS:interlock_${library}>)
  endforeach()
  add_dependencies(${target} interlock_version)
  if(TARGET ${precompiled})
    target_precompile_headers(${target} REUSE_FROM ${precompiled})
  endif()
endfunction()

# interlock_executable(name SOURCES file... [USES library...] [LINKS target...])
function(interlock_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  interlock_target(${name} interlock_precompiled USES ${arg_USES} LINKS ${arg_LINKS})
endfunction()

# interlock_library(name [FOLDER folder] [RECURSE] [USES library...] [LINKS target...] [TEST_USES library...]
#                   [ON_POSTGRES filter] [NEEDS_POSTGRES])
#
# src/<folder>/*.cpp makes the library interlock_<name>; *_test.cpp make <name>_test, *_bench.cpp <name>_bench, and each
# <x>_main.cpp an executable interlock-<x>. RECURSE takes the folders below as well. The tests that ON_POSTGRES names run
# with PostgreSQL as well (those of *OnPostgres with it only), as <name>_on_postgres.*; with NEEDS_POSTGRES all tests
# run with it only.
function(interlock_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "RECURSE;NEEDS_POSTGRES" "FOLDER;ON_POSTGRES" "USES;LINKS;TEST_USES")
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${name})
  endif()
  set(glob GLOB)
  if(arg_RECURSE)
    set(glob GLOB_RECURSE)
  endif()
  file(${glob} sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${arg_FOLDER}/*.cpp)
  set(tests ${sources})
  set(benches ${sources})
  set(mains ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|_main|/main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER mains INCLUDE REGEX "_main\\.cpp$")

  if(sources)
    add_library(interlock_${name} STATIC ${sources})
    interlock_target(interlock_${name} interlock_precompiled USES ${arg_USES} LINKS ${arg_LINKS})
  endif()
  set(test_label unit)
  if(name STREQUAL "testing")
    set(test_label simulation)  # fibers, which AddressSanitizer cannot follow: see the script test
  endif()
  if(tests)
    add_executable(${name}_test ${tests})
    interlock_target(${name}_test interlock_precompiled_test USES ${name} ${arg_USES} ${arg_TEST_USES}
                     LINKS ${arg_LINKS} GTest::gtest_main GTest::gmock rapidcheck)
    target_compile_options(${name}_test PRIVATE ${test_options})
    set(with_postgres FIXTURES_REQUIRED postgres ENVIRONMENT INTERLOCK_TEST_POSTGRES=${test_postgres_url})
    if(arg_NEEDS_POSTGRES)
      set(always ${with_postgres})
    endif()
    set(everywhere "*")
    if(arg_ON_POSTGRES)
      set(everywhere "-*OnPostgres.*")
    endif()
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. TEST_FILTER ${everywhere} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                         PROPERTIES TIMEOUT ${test_timeout_s} LABELS ${test_label} ${always})
    if(arg_ON_POSTGRES)
      gtest_discover_tests(${name}_test TEST_PREFIX ${name}_on_postgres. TEST_FILTER ${arg_ON_POSTGRES}
                           TEST_LIST ${name}_on_postgres DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                           PROPERTIES TIMEOUT ${test_timeout_s} LABELS ${test_label} ${with_postgres})
    endif()
  endif()
  if(benches)
    add_executable(${name}_bench EXCLUDE_FROM_ALL ${benches})
    interlock_target(${name}_bench interlock_precompiled USES ${name} ${arg_USES} ${arg_TEST_USES}
                     LINKS ${arg_LINKS} benchmark::benchmark_main)
    set_property(GLOBAL APPEND PROPERTY interlock_benchmarks ${name}_bench)
  endif()
  foreach(main IN LISTS mains)
    cmake_path(GET main STEM stem)
    string(REGEX REPLACE "_main$" "" stem ${stem})
    interlock_executable(interlock-${stem} SOURCES ${main} USES ${name} ${arg_USES} LINKS ${arg_LINKS})
  endforeach()
endfunction()
