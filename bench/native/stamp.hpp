// What the sender writes into every payload, so that a receiver knows how long the packet took: one AES block of it.
#pragma once
#include "srtp.hpp"

enum class Kind : uint8_t { video, audio };
constexpr size_t KINDS = 2;

/** Which block of 16 bytes: behind VP8's descriptor of 6 bytes and the 10 bytes with which a key frame begins. */
constexpr uint32_t stampBlock(Kind kind) { return kind == Kind::video ? 1 : 0; }
constexpr size_t stampEnd(Kind kind) { return (stampBlock(kind) + 1) * BLOCK_BYTES; }

/** Tells a stamp from what was decrypted with a wrong key or was never one. */
constexpr uint32_t STAMP_MAGIC = 0x5ead'50d5;

struct Stamp {
  /** Of the machine's monotonic clock, before the packet was sealed. */
  int64_t sentNs;
  /** Whether it is the first packet of its frame, and the last; one that is alone is both. */
  bool begins;
  bool ends;
};

/** Network order: magic, the place in the frame in a word of its own, nanoseconds. */
inline void writeStamp(uint8_t* at, const Stamp& stamp) {
  write32(at, STAMP_MAGIC);
  write32(at + 4, (stamp.begins ? 1u << 31 : 0) | (stamp.ends ? 1u << 30 : 0));
  write64(at + 8, uint64_t(stamp.sentNs));
}

inline Stamp readStamp(const uint8_t* at) {
  const uint32_t place = read32(at + 4);
  return {int64_t(read64(at + 8)), (place & 1u << 31) != 0, (place & 1u << 30) != 0};
}
