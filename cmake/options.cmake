# SPDX-License-Identifier: Apache-2.0
# Compiler flags common to everything, ccache, and why no other linker.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
# Said here and not by CMake, which would give libraries and executables different flags: they share a precompiled header.
add_compile_options(-fPIE)
add_link_options(-pie)

# No NDEBUG anywhere: checks are never compiled out. Line tables (-g1) are enough for stack traces and profiles.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g")
set(CMAKE_C_FLAGS_DEBUG "-Og -g")
add_compile_definitions(_GLIBCXX_ASSERTIONS)

set(INTERLOCK_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
if(INTERLOCK_SANITIZE)
  # A third less time to compile than with -O2, and clearer reports.
  set(CMAKE_CXX_FLAGS_RELEASE "-O1 -g1")
  add_compile_options(-fsanitize=${INTERLOCK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${INTERLOCK_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-fstack-protector-strong)
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()

if(INTERLOCK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# For our own code only; what comes from elsewhere (SQLite, Asio) is compiled without. GCC warns, clang analyses and fuzzes.
set(INTERLOCK_WARNINGS "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND INTERLOCK_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow=local -Wnon-virtual-dtor
       -Woverloaded-virtual -Wno-restrict)  # restrict: false alarms on std::string in GCC 12 (PR 105651)
  if(INTERLOCK_SANITIZE)
    # Instrumented code defeats the analysis behind these.
    list(APPEND INTERLOCK_WARNINGS -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
  endif()
  if(INTERLOCK_WARNINGS_AS_ERRORS)
    list(APPEND INTERLOCK_WARNINGS -Werror)
  endif()
endif()

# The linker is binutils' own: Debian 12's mold 1.10 links programs in which an exception can abort in the unwinder
# (tests/fuzz/fuzz_json.cpp did so on its corpus), and linking takes less than a second anyway.

find_program(CCACHE ccache)
if(CCACHE)
  # Paths below the base directory are hashed relative, so that several build directories and clones share objects.
  cmake_path(IS_PREFIX CMAKE_SOURCE_DIR ${CMAKE_BINARY_DIR} NORMALIZE build_is_inside)
  if(build_is_inside)
    set(ccache_base ${CMAKE_SOURCE_DIR})
  else()
    set(ccache_base ${CMAKE_BINARY_DIR})
  endif()
  # The sloppiness is what ccache asks for with precompiled headers.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${ccache_base}
               CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
