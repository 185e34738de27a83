# SPDX-License-Identifier: Apache-2.0
# The Debian package: what is installed where, and what CPack says about it. tools/package makes it.
#
# The program, its unit, the timer of backups, one configuration file, alert rules, a dashboard and the pages
# for operators. What it needs of other packages is read from the program by dpkg-shlibdeps.

set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(package_doc share/doc/interlock)

# Debian wants both change logs, compressed, and the same bytes from the same source.
set(package_changelog ${CMAKE_BINARY_DIR}/generated/changelog.Debian)
set(package_maintainer "Interlock maintainers <maintainers@interlock.example>")
file(WRITE ${package_changelog} "interlock (${PROJECT_VERSION}-1) unstable; urgency=medium

  * ${PROJECT_VERSION}: changelog.gz tells what is new.

 -- ${package_maintainer}  Thu, 01 Jan 2026 00:00:00 +0000
")
# Compressed when the package is made, so that an entry in CHANGELOG.md configures nothing anew.
function(install_compressed file name)
  install(CODE "set(target \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${package_doc})
    file(MAKE_DIRECTORY \${target})
    execute_process(COMMAND gzip -9nc ${file} OUTPUT_FILE \${target}/${name} COMMAND_ERROR_IS_FATAL ANY)
    file(CHMOD \${target}/${name} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)")
endfunction()

install(TARGETS interlock RUNTIME DESTINATION bin)
install(PROGRAMS ${packaging}/systemd/backup ${packaging}/container/healthy DESTINATION lib/interlock)
install(FILES ${packaging}/systemd/interlock.service ${packaging}/systemd/interlock-backup.service
              ${packaging}/systemd/interlock-backup.timer DESTINATION /lib/systemd/system)
install(FILES ${packaging}/interlock.toml DESTINATION /etc/interlock)
install(FILES ${packaging}/prometheus/interlock.rules.yml ${packaging}/grafana/interlock.json DESTINATION share/interlock)
install(FILES ${packaging}/debian/copyright DESTINATION ${package_doc})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/operating ${CMAKE_SOURCE_DIR}/docs/reference DESTINATION ${package_doc})
install_compressed(${CMAKE_SOURCE_DIR}/CHANGELOG.md changelog.gz)
install_compressed(${package_changelog} changelog.Debian.gz)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME interlock)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${package_maintainer})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "server for records that many people change at once
Operations on shared records cannot race: nothing is lost, nothing happens
twice, everyone sees the result at once. One program with its own web console,
HTTP and JSON, live changes, and a history of every field; records lie in one
directory or in PostgreSQL.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${packaging}/debian/conffiles ${packaging}/debian/postinst
                                       ${packaging}/debian/prerm ${packaging}/debian/postrm)
include(CPack)
