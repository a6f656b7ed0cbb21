# One compiler run for many files and one precompiled header: 2 minutes on two cores instead of 12.
set_target_properties(worker PROPERTIES
  UNITY_BUILD ON
  UNITY_BUILD_BATCH_SIZE 8
  UNITY_BUILD_CODE_AFTER_INCLUDE "#undef MS_CLASS")
target_precompile_headers(worker PRIVATE precompiled.hpp)

# These declare a file-local name that another file declares too. The list is the one for all files in a single
# compiler run, so it does not depend on which files meet in a batch. A clash always stops the compiler.
set(ALONE
  deps/libwebrtc/libwebrtc/modules/congestion_controller/goog_cc/trendline_estimator.cc
  deps/libwebrtc/libwebrtc/modules/remote_bitrate_estimator/overuse_detector.cc
  deps/libwebrtc/libwebrtc/modules/remote_bitrate_estimator/overuse_estimator.cc
  deps/libwebrtc/libwebrtc/modules/remote_bitrate_estimator/remote_bitrate_estimator_abs_send_time.cc
  src/DepOpenSSL.cpp
  src/RTC/BWE/LossBasedController.cpp
  src/RTC/BWE/TargetRateController.cpp
  src/RTC/PlainTransport.cpp
  src/RTC/RTP/RtxStream.cpp
  src/RTC/SCTP/association/TransmissionControlBlock.cpp
  src/RTC/SvcProducerStreamManager.cpp
  src/RTC/TransportCongestionControlServer.cpp
  src/RTC/WebRtcTransport.cpp
  src/Settings.cpp
  src/handles/TcpConnectionHandle.cpp
  src/handles/TcpServerHandle.cpp
  src/handles/UnixStreamSocketHandle.cpp)
list(TRANSFORM ALONE PREPEND ${WORKER_SOURCE}/)
set_source_files_properties(${ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
