// How often each delay was seen, in steps of 10 microseconds up to 4 seconds.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "bytes.hpp"

class DelayHistogram {
 public:
  void add(int64_t delayNs) {
    const int64_t step = std::clamp<int64_t>(delayNs / STEP_NS, 0, STEPS - 1);
    steps_[size_t(step)] += 1;
    used_ = std::max(used_, size_t(step) + 1);
    count_ += 1;
  }

  /** Of what was used only: packets wait meanwhile. */
  void reset() {
    std::fill_n(steps_.begin(), used_, 0);
    used_ = 0;
    count_ = 0;
  }

  uint64_t count() const { return count_; }

  /** The smallest delay, in milliseconds, that at least `share` of all do not exceed (nearest rank); 0 of none. */
  double quantileMs(double share) const {
    const auto rank = uint64_t(std::max(1.0, std::ceil(share * double(count_))));
    uint64_t seen = 0;
    for (size_t step = 0; step < STEPS && count_ > 0; step += 1) {
      seen += steps_[step];
      if (seen >= rank) return double(step + 1) * STEP_NS / NS_PER_MS;
    }
    return 0;
  }

 private:
  static constexpr int64_t STEP_NS = 10'000;
  static constexpr size_t STEPS = 400'000;

  std::vector<uint32_t> steps_ = std::vector<uint32_t>(STEPS);
  size_t used_ = 0;
  uint64_t count_ = 0;
};
