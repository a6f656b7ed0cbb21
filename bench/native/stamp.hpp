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

/** Network order: magic, number of the packet in its stream, nanoseconds of the machine's monotonic clock. */
inline void writeStamp(uint8_t* at, uint32_t number, int64_t sentNs) {
  write32(at, STAMP_MAGIC);
  write32(at + 4, number);
  write64(at + 8, uint64_t(sentNs));
}
