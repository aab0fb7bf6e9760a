# What every target of the project has in common: language level, warnings, sanitizers, launcher.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT UNIVRS_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wshadow=local) # Clang has no =local form
endif()
if(UNIVRS_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-O1 -g1)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
else()
  add_compile_options(-g1)
endif()
if(UNIVRS_SANITIZE)
  add_compile_options(-fsanitize=${UNIVRS_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${UNIVRS_SANITIZE})
  if(UNIVRS_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
if(UNIVRS_SANITIZE MATCHES "thread")
  # ThreadSanitizer knows no fences; Boost.Asio has another way that it understands.
  add_compile_options(-Wno-tsan)
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
if(UNIVRS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
add_compile_definitions(
  QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_NO_FOREACH QT_DISABLE_DEPRECATED_BEFORE=0x060400
  UNIVRS_VERSION="${PROJECT_VERSION}")

# univrs_library(NAME <sources…> DEPS <targets…>): one folder under engine/ = one namespace = one static library
# `univrs_<name>`. Includes are written from the repository root: "engine/model/workload.h".
function(univrs_library name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  add_library(univrs_${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(univrs_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(univrs_${name} PUBLIC ${ARG_DEPS})
endfunction()

# univrs_test(NAME LABEL <unit|integration|e2e|gui> <sources…> DEPS <targets…>): one GoogleTest executable.
function(univrs_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "DEPS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gtest GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0) # half the compile time; what is tested keeps its own level
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

# univrs_fuzzer(NAME <sources…> DEPS <targets…>): one libFuzzer executable; its corpus is tests/fuzz/corpus/NAME.
function(univrs_fuzzer name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
