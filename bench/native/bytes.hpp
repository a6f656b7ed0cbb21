// Numbers in network byte order, and times.
#pragma once
#include <cstdint>
#include <ctime>

inline uint16_t read16(const uint8_t* at) { return uint16_t(at[0] << 8 | at[1]); }
inline uint32_t read32(const uint8_t* at) { return uint32_t(read16(at)) << 16 | read16(at + 2); }
inline uint64_t read64(const uint8_t* at) { return uint64_t(read32(at)) << 32 | read32(at + 4); }

inline void write16(uint8_t* at, uint32_t value) {
  at[0] = uint8_t(value >> 8);
  at[1] = uint8_t(value);
}
inline void write24(uint8_t* at, uint32_t value) {
  at[0] = uint8_t(value >> 16);
  write16(at + 1, value);
}
inline void write32(uint8_t* at, uint32_t value) {
  write16(at, value >> 16);
  write16(at + 2, value);
}
inline void write64(uint8_t* at, uint64_t value) {
  write32(at, uint32_t(value >> 32));
  write32(at + 4, uint32_t(value));
}

constexpr int64_t NS_PER_MS = 1'000'000;
constexpr int64_t NS_PER_S = 1'000'000'000;

inline int64_t clockNs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/** The same for all processes of a machine. */
inline int64_t nowNs() { return clockNs(CLOCK_MONOTONIC); }
