// What is measured, of all endpoints together.
#pragma once
#include "delay-histogram.hpp"
#include "stamp.hpp"

struct Counts {
  /** Of the machine's monotonic clock. */
  int64_t beganNs = 0;
  std::array<uint64_t, KINDS> sent{};
  /** Each packet once, of those that were sent since it began. */
  std::array<uint64_t, KINDS> received{};
  uint64_t keyFrames = 0;
  uint64_t keyFrameRequests = 0;
  uint64_t nacks = 0;
  uint64_t duplicates = 0;
  /** On RTX streams. */
  uint64_t retransmitted = 0;
  /** Of no stream that is expected: an SFU's probes for bandwidth. */
  uint64_t others = 0;
  /** Without a stamp where one should be. */
  uint64_t unreadable = 0;
  /** Opened whole, and how many of those were not authentic. */
  uint64_t opened = 0;
  uint64_t refused = 0;
  uint64_t refusedRtcp = 0;
  uint64_t feedbacks = 0;
  uint64_t reports = 0;
  /** Datagrams that the kernel did not take. */
  uint64_t unsent = 0;
  /** From the sender's clock before it sealed the packet to the reader's behind recvmmsg. */
  DelayHistogram delays;
  /** Of these the first and the last packets of the frames of videos, and those of voices. */
  DelayHistogram firsts;
  DelayHistogram lasts;
  DelayHistogram voices;
  /** How much later than planned frames were sent. */
  DelayHistogram lateness;
};
