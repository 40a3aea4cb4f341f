# Run at the installation: the unit of a user's own systemd, and that of one user for the system's.
# Both look into lib/ below /usr and /usr/local, whatever the directory of libraries is called.
#
# There systemd finds the program by its name alone, which is right for a package as well, whose
# prefix is a directory of cpack just now.
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr(/local)?/?$|/_CPack_Packages/")
  set(SCHED_EXEC sched)
else()
  set(SCHED_EXEC "\"${CMAKE_INSTALL_PREFIX}/${SCHED_BINDIR}/sched\"")
endif()
set(units "${SCHED_UNITS}")
configure_file("${SCHED_SYSTEMD}/service.in" "${units}/service" @ONLY)
file(READ "${units}/service" SCHED_SERVICE)
string(STRIP "${SCHED_SERVICE}" SCHED_SERVICE)
foreach(unit user/sched.service system/sched@.service)
  get_filename_component(name ${unit} NAME)
  get_filename_component(manager ${unit} DIRECTORY)
  configure_file("${SCHED_SYSTEMD}/${name}.in" "${units}/${name}" @ONLY)
  file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/${manager}" TYPE FILE
       FILES "${units}/${name}")
endforeach()
