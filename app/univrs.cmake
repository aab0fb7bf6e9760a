# The one binary.
add_executable(univrs main.cpp launch_headless.cpp launch_restore.cpp launch_window.cpp self_restart.cpp termination.cpp)
target_link_libraries(univrs PRIVATE univrs_cli univrs_remote univrs_node)
set_target_properties(univrs PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/app)
install(TARGETS univrs DESTINATION bin)
