# Debian's OpenSSL is built with kernel TLS. libssl asks its BIO "does the kernel encrypt for you?", and the
# worker's BIO callback answers 1 to every control call, also to this one: libssl then never allocates its
# write buffer and the worker crashes at the first DTLS ClientHello. The callback must pass on the answer that
# it was given whenever the RETURN bit is set, not only when no other bit is.
set(DTLS_TRANSPORT ${WORKER_SOURCE}/src/RTC/DtlsTransport.cpp)
set(PATCHED_DTLS_TRANSPORT ${CMAKE_CURRENT_BINARY_DIR}/patched/DtlsTransport.cpp)

set(BEFORE "const long resultOfcallback = (operationType == BIO_CB_RETURN) ? static_cast<long>(ret) : 1;")
set(AFTER "const long resultOfcallback = (operationType & BIO_CB_RETURN) ? static_cast<long>(ret) : 1;")

file(READ ${DTLS_TRANSPORT} text)
string(REPLACE "${BEFORE}" "${AFTER}" patched "${text}")
string(REPLACE "${BEFORE}" "" without "${text}")
string(LENGTH "${text}" length_with)
string(LENGTH "${without}" length_without)
string(LENGTH "${BEFORE}" length_line)
math(EXPR removed "${length_with} - ${length_without}")

if(NOT removed EQUAL length_line)
  message(FATAL_ERROR
    "The line that the kernel TLS patch changes is not exactly once in ${DTLS_TRANSPORT}: "
    "read onSslBioOut() there and adapt native/cmake/ktls-patch.cmake.")
endif()

file(WRITE ${PATCHED_DTLS_TRANSPORT} "${patched}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${DTLS_TRANSPORT})
