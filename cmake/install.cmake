# Where a distribution expects them: the binary, its manual pages, completions and documents.
include(GNUInstallDirs)
install(TARGETS sched RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section 1 5 7)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
install(FILES completions/sched.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME sched)
install(FILES completions/_sched DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES completions/sched.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# The program's place is known at the installation only: cmake --install has a --prefix of its own.
install(CODE "set(SCHED_SYSTEMD \"${PROJECT_SOURCE_DIR}/systemd\")
set(SCHED_UNITS \"${PROJECT_BINARY_DIR}/systemd\")
set(SCHED_BINDIR \"${CMAKE_INSTALL_BINDIR}\")")
install(SCRIPT cmake/install_units.cmake)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

# cpack -G DEB makes a package that dpkg installs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sched)
set(CPACK_PACKAGE_VENDOR "the sched maintainers")
set(CPACK_PACKAGE_CONTACT "the sched maintainers <maintainers@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# libical3 is loaded, not linked, so it is not found by what looks at libraries.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, libical3")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "job scheduler and coordinator\n sched runs commands when they are due, in order, within limits, and keeps what\n became of each in a store that survives crashes.")
include(CPack)
