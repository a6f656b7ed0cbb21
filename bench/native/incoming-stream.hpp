// The receiving end of one stream: what came, what came twice, what is missing, and its receiver report.
#pragma once
#include <bitset>

#include "rtp.hpp"
#include "stamp.hpp"

struct StreamCounts {
  uint64_t unique = 0;
  uint64_t duplicates = 0;
  /** Gaps in the sequence numbers. */
  uint64_t lost = 0;
};

class IncomingStream {
 public:
  IncomingStream(uint32_t ssrc, Kind kind, unsigned clockRate) : ssrc_(ssrc), kind_(kind), clockRate_(clockRate) {}

  Kind kind() const { return kind_; }

  /** The packet index that this sequence number means now: SRTP needs it before the packet is believed. */
  uint64_t indexOf(uint16_t sequence) const { return started_ ? nearestIndex(highest_, sequence) : sequence; }

  /** False for one that came before, or so late that it cannot be told. */
  bool received(uint64_t index, uint32_t timestamp, int64_t now) {
    if (!started_) {
      started_ = true;
      first_ = measuredFrom_ = highest_ = index;
      seen_.set(index % WINDOW);
    } else if (index > highest_) {
      for (uint64_t gap = highest_ + 1; gap < index && gap - highest_ <= WINDOW; gap += 1) seen_.reset(gap % WINDOW);
      highest_ = index;
      seen_.set(index % WINDOW);
    } else if (highest_ - index >= WINDOW || seen_.test(index % WINDOW)) {
      counts_.duplicates += 1;
      return false;
    } else {
      seen_.set(index % WINDOW);
    }
    total_ += 1;
    if (index >= measuredFrom_) counts_.unique += 1;
    measureJitter(timestamp, now);
    return true;
  }

  void senderReported(uint32_t ntpMiddle, int64_t now) {
    lastReport_ = ntpMiddle;
    lastReportNs_ = now;
  }

  void measure() {
    counts_ = {};
    measuredFrom_ = highest_ + 1;
  }

  /** Since `measure`. Packets from before it that came late count as nothing. */
  StreamCounts counts() const {
    StreamCounts counts = counts_;
    const uint64_t expected = started_ ? highest_ + 1 - measuredFrom_ : 0;
    counts.lost = expected > counts.unique ? expected - counts.unique : 0;
    return counts;
  }

  bool started() const { return started_; }
  /** Packets, each once, since it is expected. */
  uint64_t total() const { return total_; }

  static constexpr size_t REPORT_BYTES = 24;

  /** RFC 3550, section 6.4.1. */
  void writeReport(uint8_t* at, int64_t now) {
    const uint64_t expected = highest_ + 1 - first_;
    const uint64_t lost = expected > total_ ? expected - total_ : 0;
    const uint64_t expectedSince = expected - reportedExpected_;
    const uint64_t lostSince = lost > reportedLost_ ? lost - reportedLost_ : 0;
    reportedExpected_ = expected;
    reportedLost_ = lost;
    write32(at, ssrc_);
    at[4] = uint8_t(expectedSince ? std::min<uint64_t>(255, (lostSince << 8) / expectedSince) : 0);
    write24(at + 5, uint32_t(std::min<uint64_t>(lost, 0x7f'ffff)));
    write32(at + 8, uint32_t(highest_));
    write32(at + 12, uint32_t(jitter_));
    write32(at + 16, lastReport_);
    write32(at + 20, lastReport_ ? uint32_t(((now - lastReportNs_) << 16) / NS_PER_S) : 0);
  }

 private:
  /** RFC 3550, appendix A.8. */
  void measureJitter(uint32_t timestamp, int64_t now) {
    const auto transit = int32_t(uint32_t(now / 1'000 * clockRate_ / 1'000'000) - timestamp);
    const int32_t step = transit - transit_;
    if (total_ > 1) jitter_ += (double(step < 0 ? -step : step) - jitter_) / 16;
    transit_ = transit;
  }

  /** Packets in which one is told from its duplicate: 2 s of a large camera. */
  static constexpr size_t WINDOW = 512;

  uint32_t ssrc_;
  Kind kind_;
  unsigned clockRate_;
  bool started_ = false;
  uint64_t first_ = 0;
  uint64_t highest_ = 0;
  uint64_t measuredFrom_ = 0;
  uint64_t total_ = 0;
  std::bitset<WINDOW> seen_;
  StreamCounts counts_;
  uint64_t reportedExpected_ = 0;
  uint64_t reportedLost_ = 0;
  double jitter_ = 0;
  int32_t transit_ = 0;
  uint32_t lastReport_ = 0;
  int64_t lastReportNs_ = 0;
};
