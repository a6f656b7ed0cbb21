# Generates FBS/*.h, one for each of the worker's schemas, with the options of its own fbs/FBS/meson.build.
find_program(FLATC flatc REQUIRED)

set(FBS_ROOT ${CMAKE_CURRENT_BINARY_DIR}/generated)
file(GLOB FBS_SCHEMAS CONFIGURE_DEPENDS ${WORKER_SOURCE}/fbs/*.fbs)

foreach(schema ${FBS_SCHEMAS})
  cmake_path(GET schema STEM name)
  list(APPEND FBS_HEADERS ${FBS_ROOT}/FBS/${name}.h)
endforeach()

add_custom_command(
  OUTPUT ${FBS_HEADERS}
  COMMAND ${FLATC} --cpp --cpp-field-case-style lower --reflect-names --scoped-enums --filename-suffix ""
    -o ${FBS_ROOT}/FBS ${FBS_SCHEMAS}
  DEPENDS ${FBS_SCHEMAS}
  VERBATIM)
