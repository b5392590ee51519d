# SnarlConfig.cmake - snarl's runs as tests of ctest.
#
#   find_package(Snarl REQUIRED)
#   snarl_add_test(NAME name FILE races/queue.c [SOURCES src/queue.c ...]
#                  [FLAGS -Iinclude ...] [LIBS -lm ...] [BUDGET 2s])
#
# Paths start at the current source folder. A test fails if a bug was found, and is skipped if no
# engine can run it here.

get_filename_component(SNARL_PROGRAM "${CMAKE_CURRENT_LIST_DIR}/../../../bin/snarl" ABSOLUTE)

function(snarl_add_test)
	cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME;FILE;BUDGET" "SOURCES;FLAGS;LIBS")
	if(NOT test_NAME OR NOT test_FILE)
		message(FATAL_ERROR "snarl_add_test: give it a NAME and a FILE")
	endif()
	if(test_UNPARSED_ARGUMENTS)
		message(FATAL_ERROR "snarl_add_test: unknown: ${test_UNPARSED_ARGUMENTS}")
	endif()
	set(budget)
	if(test_BUDGET)
		set(budget --budget ${test_BUDGET})
	endif()
	add_test(NAME ${test_NAME}
		COMMAND ${SNARL_PROGRAM} run ${test_FILE} ${budget} -- ${test_FLAGS} ${test_SOURCES} ${test_LIBS}
		WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	# One at a time, because actors want the cores.
	set_tests_properties(${test_NAME} PROPERTIES SKIP_RETURN_CODE 77 RESOURCE_LOCK snarl)
endfunction()
