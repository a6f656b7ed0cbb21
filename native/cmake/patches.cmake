# The changes that we make to files of the worker. They are made in copies, and only where every line around them is what it was.
find_program(PATCH patch REQUIRED)

# Applies patches/<name of FILE>.patch to the worker's FILE. The result's path goes to the variable that OUTPUT names.
function(patch_worker FILE OUTPUT)
  cmake_path(GET FILE STEM LAST_ONLY name)
  set(patch_file ${CMAKE_CURRENT_SOURCE_DIR}/patches/${name}.patch)
  set(patched ${CMAKE_CURRENT_BINARY_DIR}/patched/${FILE})
  configure_file(${WORKER_SOURCE}/${FILE} ${patched} COPYONLY)
  execute_process(
    COMMAND ${PATCH} --forward --fuzz=0 --reject-file=- ${patched} ${patch_file}
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR
      "native/patches/${name}.patch does not fit ${FILE} of this mediasoup: read what has changed there and adapt it.\n${said}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${WORKER_SOURCE}/${FILE} ${patch_file})
  set(${OUTPUT} ${patched} PARENT_SCOPE)
endfunction()
