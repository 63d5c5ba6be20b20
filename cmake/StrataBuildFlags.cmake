# What every target of the project is compiled with. `strata_build_flags` is private to our own targets;
# `strata_include` carries the include root, which users of the library need too.

option(STRATA_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

add_library(strata_include INTERFACE)
target_include_directories(strata_include INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>
                                                    $<BUILD_INTERFACE:${CMAKE_BINARY_DIR}/generated>)

add_library(strata_build_flags INTERFACE)
target_compile_options(
  strata_build_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
            # Designated initialisers leave out most members on purpose: an argument that is not named is not set.
            -Wno-missing-field-initializers
            # Source locations in findings and errors are shown relative to the project's root.
            -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)

# Local builds want short links and few bytes of debug information; lines in a backtrace are enough.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

if(STRATA_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  add_link_options(-fsanitize=address,undefined)
endif()

option(STRATA_FUZZ "Build the fuzz targets of tests/fuzz (clang)" OFF)
if(STRATA_FUZZ)
  # clang tells of what libstdc++'s stable_sort uses inside itself.
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1
                      -Wno-deprecated-declarations)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(STRATA_CCACHE ccache)
if(STRATA_CCACHE)
  # What it has to pass over where headers are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${STRATA_CCACHE})
endif()

find_program(STRATA_MOLD mold)
if(STRATA_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Sources of the calling folder that use std::regex: under AddressSanitizer g++ 12 takes libstdc++'s own code for the use of
# an uninitialised value (GCC bug 105562).
function(strata_uses_regex)
  if(STRATA_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -Wno-maybe-uninitialized)
  endif()
endfunction()
