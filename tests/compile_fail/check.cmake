# Compiles SOURCE with COMPILER, OPTIONS and FOLDERS, without its mistake and with it; what is expected stands in
# CMakeLists.txt beside this file.
list(TRANSFORM FOLDERS PREPEND "-I")
set(command ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} ${OPTIONS} ${FOLDERS} -fsyntax-only)

execute_process(COMMAND ${command} ${SOURCE} RESULT_VARIABLE failed ERROR_VARIABLE said)
if(failed)
  message(FATAL_ERROR "Without its mistake it must compile, and does not:\n${said}")
endif()

execute_process(COMMAND ${command} -DMISTAKE ${SOURCE} RESULT_VARIABLE failed ERROR_VARIABLE said)
if(NOT failed)
  message(FATAL_ERROR "With its mistake it must not compile, and does.")
endif()

# The first error, with the line of the source that the compiler shows below it.
string(REPLACE ";" "," said "${said}")
string(REGEX MATCH "error:[^\n]*\n[^\n]*" first "${said}")
file(STRINGS ${SOURCE} expectations REGEX "^// expect: ")
if(NOT expectations)
  message(FATAL_ERROR "It says nowhere what the compiler's error must show: // expect: TEXT")
endif()
foreach(expectation IN LISTS expectations)
  string(REPLACE "// expect: " "" text "${expectation}")
  string(FIND "${first}" "${text}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "The first error does not show \"${text}\":\n${said}")
  endif()
endforeach()
