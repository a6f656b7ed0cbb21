// Which packets of a transport came and when, as the sender's bandwidth estimate wants it
// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
#pragma once
#include <algorithm>
#include <vector>

#include "rtp.hpp"

class TransportFeedback {
 public:
  void received(uint16_t transportSequence, int64_t now) {
    const uint64_t index = started_ ? nearestIndex(highest_, transportSequence) : transportSequence;
    started_ = true;
    highest_ = std::max(highest_, index);
    arrivals_.push_back({index, now / TICK_NS});
  }

  bool empty() const { return arrivals_.empty(); }

  /** What one packet takes at most. */
  static constexpr size_t MAX_BYTES = 20 + 2 * (500 / 7 + 1) + 2 * 500 + 3;

  /** Writes the packet about all that came since the last one, and returns its length. */
  size_t write(uint8_t* at, uint32_t ownSsrc, uint32_t mediaSsrc) {
    std::sort(arrivals_.begin(), arrivals_.end(), [](const Arrival& a, const Arrival& b) { return a.index < b.index; });
    const uint64_t last = arrivals_.back().index;
    auto first = arrivals_.begin();
    while (last - first->index >= MAX_STATUSES) ++first;
    // Behind the last packet of feedback, so that what was lost in between is told; before it for those that came late.
    const bool goesOn = hasTold_ && told_ < first->index && last - told_ <= MAX_STATUSES;
    const uint64_t base = goesOn ? told_ + 1 : first->index;
    int64_t earliest = first->ticks;
    for (auto each = first; each != arrivals_.end(); ++each) earliest = std::min(earliest, each->ticks);
    const int64_t reference = earliest / REFERENCE_TICKS;
    std::array<uint8_t, MAX_STATUSES + 7> statuses{};
    std::array<uint8_t, 2 * MAX_STATUSES> deltas;
    size_t deltaBytes = 0;
    int64_t clock = reference * REFERENCE_TICKS;
    uint64_t next = base;
    for (auto each = first; each != arrivals_.end(); ++each) {
      if (each->index < next) continue; // came twice
      next = each->index + 1;
      const int64_t delta = std::clamp<int64_t>(each->ticks - clock, -LARGEST_DELTA, LARGEST_DELTA);
      clock += delta;
      const bool isSmall = delta >= 0 && delta < SMALL_DELTAS;
      statuses[each->index - base] = isSmall ? SMALL : LARGE;
      if (!isSmall) deltas[deltaBytes++] = uint8_t(delta >> 8);
      deltas[deltaBytes++] = uint8_t(delta);
    }
    const size_t count = next - base;
    hasTold_ = true;
    told_ = last;
    write32(at + 4, ownSsrc);
    write32(at + 8, mediaSsrc);
    write16(at + 12, uint32_t(base));
    write16(at + 14, uint32_t(count));
    write24(at + 16, uint32_t(reference));
    at[19] = count_++;
    uint8_t* end = at + 20;
    for (size_t chunk = 0; chunk < count; chunk += CHUNK_STATUSES, end += 2) {
      uint32_t bits = 0b11; // a vector of seven statuses of two bits
      for (size_t status = 0; status < CHUNK_STATUSES; status += 1) bits = bits << 2 | statuses[chunk + status];
      write16(end, bits);
    }
    end = std::copy_n(deltas.begin(), deltaBytes, end);
    while ((end - at) % 4) *end++ = 0;
    write16(at, 0x8fcd); // transport feedback, format 15
    write16(at + 2, uint32_t((end - at) / 4 - 1));
    arrivals_.clear();
    return size_t(end - at);
  }

 private:
  struct Arrival {
    uint64_t index;
    /** Of a quarter of a millisecond, the unit of deltas. */
    int64_t ticks;
  };

  static constexpr int64_t TICK_NS = 250'000;
  /** 64 ms. */
  static constexpr int64_t REFERENCE_TICKS = 256;
  static constexpr int64_t SMALL_DELTAS = 0x100;
  static constexpr int64_t LARGEST_DELTA = 0x7fff;
  static constexpr size_t CHUNK_STATUSES = 7;
  /** A gap so long is a pause of the sender's: telling every packet in it would make packets without end. */
  static constexpr size_t MAX_STATUSES = 500;
  static constexpr uint8_t SMALL = 1;
  static constexpr uint8_t LARGE = 2;

  bool started_ = false;
  uint64_t highest_ = 0;
  bool hasTold_ = false;
  uint64_t told_ = 0;
  uint8_t count_ = 0;
  std::vector<Arrival> arrivals_;
};
