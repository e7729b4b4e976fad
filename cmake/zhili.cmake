# How every folder of zhili is built: one library a folder, warnings as errors, schemas compiled at build time.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

option(ZHILI_TESTS "Build tests and benchmarks" ON)
option(ZHILI_SANITIZE "Build with address and undefined-behaviour sanitizers" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

find_program(ZHILI_CCACHE ccache)
if(ZHILI_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ZHILI_CCACHE})
endif()

add_library(zhili_flags INTERFACE)
target_compile_options(zhili_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror)
get_filename_component(ZHILI_ROOT ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
target_include_directories(zhili_flags INTERFACE ${ZHILI_ROOT})
# Generated code is not held to our warnings.
target_include_directories(zhili_flags SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/generated)
if(ZHILI_SANITIZE)
  # CAF 0.17 binds a null reference in init_fun_factory.hpp: -fno-sanitize=null keeps that out.
  set(_san -fsanitize=address,undefined -fno-sanitize=null -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(zhili_flags INTERFACE ${_san})
  target_link_options(zhili_flags INTERFACE ${_san})
endif()

# zhili_library(NAME SOURCES ... NEEDS ...): the one target of a folder.
# NEEDS are public: what a folder's headers include.
function(zhili_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;NEEDS" ${ARGN})
  add_library(zhili_${name} STATIC ${arg_SOURCES})
  target_link_libraries(zhili_${name} PUBLIC zhili_flags ${arg_NEEDS})
endfunction()

# zhili_schemas(TARGET files...): compiles FlatBuffers schemas into
# build/generated/<folder>/<name>_generated.h and <name>_bfbs_generated.h (the schema itself, for JSON).
function(zhili_schemas target)
  set(out ${CMAKE_BINARY_DIR}/generated/protocols/schema)
  set(headers)
  foreach(schema ${ARGN})
    get_filename_component(name ${schema} NAME_WE)
    add_custom_command(
      OUTPUT ${out}/${name}_generated.h ${out}/${name}_bfbs_generated.h
      COMMAND flatbuffers::flatc --cpp --cpp-std c++17 --scoped-enums --gen-mutable --reflect-names
              --bfbs-gen-embed --bfbs-comments --bfbs-builtins
              --include-prefix protocols/schema --keep-prefix
              -I ${CMAKE_CURRENT_SOURCE_DIR}/schema -o ${out} ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${schema} ${ZHILI_SCHEMA_BASE} flatbuffers::flatc
      COMMENT "Schema ${name}" VERBATIM)
    list(APPEND headers ${out}/${name}_generated.h)
  endforeach()
  add_custom_target(${target} DEPENDS ${headers})
endfunction()
