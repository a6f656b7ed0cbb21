// What is read of an RTP packet (RFC 3550, section 5.1), and the indices behind its sequence numbers.
#pragma once
#include <optional>

#include "bytes.hpp"

constexpr size_t RTP_HEADER_BYTES = 12;
/** The profile word of one-byte header extensions (RFC 8285, section 4.2), which is what browsers and servers write. */
constexpr uint16_t ONE_BYTE_EXTENSIONS = 0xbede;

struct RtpHeader {
  uint16_t sequence;
  uint32_t timestamp;
  uint32_t ssrc;
  /** With extensions. */
  size_t bytes;
};

inline std::optional<RtpHeader> readRtpHeader(const uint8_t* packet, size_t bytes) {
  if (bytes < RTP_HEADER_BYTES || packet[0] >> 6 != 2) return {};
  size_t end = RTP_HEADER_BYTES + 4u * (packet[0] & 0x0f);
  if (packet[0] & 0x10) {
    if (bytes < end + 4) return {};
    end += 4 + 4u * read16(packet + end + 2);
  }
  if (bytes < end) return {};
  return RtpHeader{read16(packet + 2), read32(packet + 4), read32(packet + 8), end};
}

/** Where the value of a header extension is; null when it is not there. */
inline const uint8_t* headerExtension(const uint8_t* packet, const RtpHeader& header, uint8_t wanted) {
  size_t at = RTP_HEADER_BYTES + 4u * (packet[0] & 0x0f);
  if (!(packet[0] & 0x10) || read16(packet + at) != ONE_BYTE_EXTENSIONS) return nullptr;
  for (at += 4; at < header.bytes;) {
    if (packet[at] == 0) {
      at += 1; // padding
      continue;
    }
    if (packet[at] >> 4 == wanted) return packet + at + 1;
    at += 2u + (packet[at] & 0x0f);
  }
  return nullptr;
}

/** Of RTP and RTCP on one port (RFC 5761, section 4). */
inline bool isRtcp(const uint8_t* packet) { return packet[1] >= 192 && packet[1] <= 223; }

/** Of all numbers that end in those 16 bits the one nearest to the highest so far (RFC 3711, appendix A). */
inline uint64_t nearestIndex(uint64_t highest, uint16_t sequence) {
  const auto step = int16_t(sequence - uint16_t(highest));
  if (step < 0 && highest < uint64_t(-step)) return highest + step + 0x1'0000;
  return highest + step;
}
