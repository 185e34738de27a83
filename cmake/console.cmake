# SPDX-License-Identifier: Apache-2.0
# web/console in the program: npm and vite run when web sources have changed, tools/build-console packs what they made into
# one file and a table of its parts. What is built is shared by all build directories (build/deps/console).

set(console_out ${CMAKE_BINARY_DIR}/generated/console)
set(web ${CMAKE_SOURCE_DIR}/web)
file(GLOB_RECURSE console_sources CONFIGURE_DEPENDS ${web}/client/src/* ${web}/react/src/* ${web}/console/src/*
     ${web}/console/public/*)
file(GLOB console_settings CONFIGURE_DEPENDS ${web}/*.json ${web}/*/*.json ${web}/console/*.ts ${web}/console/*.html)
list(FILTER console_sources EXCLUDE REGEX "\\.test\\.tsx?$")

add_custom_command(
  OUTPUT ${console_out}/console_files.cpp ${console_out}/console_files.S ${console_out}/console_files.bin
  COMMAND ${CMAKE_SOURCE_DIR}/tools/build-console ${console_out}
  DEPENDS ${console_sources} ${console_settings} ${CMAKE_SOURCE_DIR}/tools/build-console
          ${CMAKE_SOURCE_DIR}/tools/fetch-web ${CMAKE_SOURCE_DIR}/cmake/pack_console.mjs
  COMMENT "The console: npm and vite, where anything has changed"
  VERBATIM)
set_source_files_properties(${console_out}/console_files.S PROPERTIES OBJECT_DEPENDS ${console_out}/console_files.bin)

enable_language(ASM)
add_library(interlock_console STATIC ${console_out}/console_files.cpp ${console_out}/console_files.S)
target_include_directories(interlock_console PRIVATE ${CMAKE_SOURCE_DIR}/src)
