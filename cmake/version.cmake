# SPDX-License-Identifier: Apache-2.0
# version.h: written at build time, only when its content changes. Included, it makes the target interlock_version; run as
# a script (cmake -P), it writes the header.

if(CMAKE_SCRIPT_MODE_FILE)
  execute_process(
    COMMAND git describe --tags --always --dirty
    WORKING_DIRECTORY ${SOURCE}
    OUTPUT_VARIABLE commit
    OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    set(commit "unknown")
  endif()
  configure_file(${SOURCE}/cmake/version.h.in ${OUTPUT} @ONLY)
  return()
endif()

set(version_header ${CMAKE_BINARY_DIR}/generated/version.h)
add_custom_target(
  interlock_version
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DOUTPUT=${version_header} -DVERSION=${PROJECT_VERSION} -P
          ${CMAKE_CURRENT_LIST_DIR}/version.cmake
  BYPRODUCTS ${version_header}
  COMMENT "")
