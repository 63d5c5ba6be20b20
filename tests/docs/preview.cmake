# Runs `PROGRAM preview` in FOLDER without a network, and compares what it prints with the file EXPECTED.
execute_process(COMMAND ${PROGRAM} preview --offline WORKING_DIRECTORY ${FOLDER} OUTPUT_VARIABLE shown ERROR_VARIABLE problems
                RESULT_VARIABLE code)
string(REGEX REPLACE "site-pages-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]\"" "site-pages-<8 hex digits>\"" shown "${shown}")
file(READ ${EXPECTED} expected)
if(NOT code EQUAL 0 OR NOT shown STREQUAL expected)
  message(FATAL_ERROR "exit code ${code}\n${problems}\n--- shown\n${shown}\n--- expected\n${expected}")
endif()
