// The sending end of one stream: a camera's layer in VP8 or a microphone in Opus, as to timing, sizes and headers.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "rtp.hpp"
#include "stamp.hpp"

/** Ids of header extensions; 0 for one that is not sent. */
struct Extensions {
  unsigned mid;
  unsigned transportSequence;
  unsigned absSendTime;
  unsigned audioLevel;
};

struct StreamPlan {
  uint32_t ssrc;
  unsigned payloadType;
  Kind kind;
  unsigned clockRate;
  double framesPerSecond;
  unsigned packetsPerFrame;
  /** With the payload descriptor. */
  unsigned payloadBytes;
  /** 0: only when asked. */
  unsigned keyFrameEveryMs;
  /** RFC 6464: 0 is the loudest, 127 silence. */
  unsigned levelBelowDbov;
  std::string mid;
  Extensions extensions;
};

/** When a packet is due, behind the beginning of its script, how long its payload is, and whether it is the last of its frame. */
struct ScriptedPacket {
  int64_t afterNs;
  unsigned payloadBytes;
  bool ends;
};

/** What a stream sends, again and again: in the order of time, the first at once. */
struct Script {
  int64_t periodNs;
  std::vector<ScriptedPacket> packets;
};

/** A packet in the making, with room for SRTP behind. */
struct Packet {
  std::array<uint8_t, 2048> bytes;
  size_t headerBytes;
  size_t size;
  uint64_t index;
};

/** Whoever asks for a key frame so soon after one was sent gets that one, as with browsers. */
constexpr int64_t KEY_FRAME_GAP_NS = 300 * NS_PER_MS;

/** Seconds from NTP's beginning, 1900, to Unix's. */
constexpr uint64_t NTP_EPOCH_S = 2'208'988'800;

class OutgoingStream {
 public:
  /** `phase` from 0 to 1: streams begin at different moments, as people do. All packets of a frame are due at once. */
  OutgoingStream(StreamPlan plan, double phase)
      : plan_(std::move(plan)),
        phaseNs_(int64_t(phase * double(NS_PER_S) / plan_.framesPerSecond)) {
    writeTemplate();
    Script frame{int64_t(NS_PER_S / plan_.framesPerSecond), {}};
    for (unsigned left = plan_.packetsPerFrame; left > 0; left -= 1)
      frame.packets.push_back({0, plan_.payloadBytes, left == 1});
    play(std::move(frame));
  }

  const StreamPlan& plan() const { return plan_; }
  uint32_t packets() const { return packets_; }
  int64_t dueNs() const { return dueNs_; }

  /** In place of what it sends, from when its next packet is due. */
  void play(Script script) {
    for (const ScriptedPacket& packet : script.packets)
      if (packet.payloadBytes > MAX_PAYLOAD_BYTES) throw std::runtime_error("no datagram has room for such a payload");
    if (script.packets.empty() || !script.packets.back().ends || script.periodNs <= script.packets.back().afterNs)
      throw std::runtime_error("a script has whole frames, and all within its period");
    script_ = std::move(script);
    scriptBeganNs_ = dueNs_;
    next_ = 0;
    begins_ = true;
  }

  /** The script goes on with its next frame, within a frame's time from now; what was due while nothing was sent is left out. */
  void start(int64_t now) {
    while (!begins_) {
      begins_ = script_.packets[next_].ends;
      next_ = (next_ + 1) % script_.packets.size();
    }
    dueNs_ = now + phaseNs_;
    scriptBeganNs_ = dueNs_ - script_.packets[next_].afterNs;
    wantsKeyFrame_ = plan_.kind == Kind::video;
  }

  void wantKeyFrame(int64_t now) {
    if (now - keyFrameNs_ >= KEY_FRAME_GAP_NS) wantsKeyFrame_ = true;
  }

  /** Writes what is due at one moment, a frame or a part of one, and gives each packet to `send`. True when a key frame began. */
  template <typename Send>
  bool sendBurst(int64_t now, uint16_t& transportSequence, Send send) {
    bool hasKeyFrame = false;
    for (const int64_t dueNs = dueNs_; dueNs_ == dueNs;) {
      if (begins_) beginFrame();
      hasKeyFrame = hasKeyFrame || (begins_ && isKeyFrame_);
      const ScriptedPacket& scripted = script_.packets[next_];
      Packet packet = template_;
      packet.size = packet.headerBytes + std::max(scripted.payloadBytes, unsigned(stampEnd(plan_.kind)));
      packet.index = FIRST_INDEX + packets_;
      if (plan_.kind == Kind::video && scripted.ends) packet.bytes[1] |= 0x80;
      write16(&packet.bytes[2], uint32_t(packet.index));
      if (transportSequenceAt_) write16(&packet.bytes[transportSequenceAt_], transportSequence++);
      if (absSendTimeAt_) write24(&packet.bytes[absSendTimeAt_], absSendTime(now));
      uint8_t* payload = &packet.bytes[packet.headerBytes];
      if (plan_.kind == Kind::video) writeVp8(payload, begins_, isKeyFrame_);
      writeStamp(payload + stampBlock(plan_.kind) * BLOCK_BYTES, {now, begins_, scripted.ends});
      packets_ += 1;
      payloadBytes_ += uint32_t(packet.size - packet.headerBytes);
      begins_ = scripted.ends;
      advance();
      send(packet);
    }
    return hasKeyFrame;
  }

  /** Ties the stream's clock to the wall's (RFC 3550, section 6.4.1); the answer is its length. */
  size_t writeSenderReport(uint8_t* at, int64_t now) const {
    const int64_t wallNs = clockNs(CLOCK_REALTIME);
    write16(at, 0x80c8);
    write16(at + 2, 6);
    write32(at + 4, plan_.ssrc);
    write32(at + 8, uint32_t(wallNs / NS_PER_S + int64_t(NTP_EPOCH_S)));
    write32(at + 12, uint32_t((uint64_t(wallNs % NS_PER_S) << 32) / NS_PER_S));
    write32(at + 16, timestampAt(now));
    write32(at + 20, packets_);
    write32(at + 24, payloadBytes_);
    return 28;
  }

 private:
  /** Ethernet's, without the headers of IP and UDP, RTP with extensions and the tag of SRTP. */
  static constexpr unsigned MAX_PAYLOAD_BYTES = 1'400;

  /** Below 2^15, so that no receiver takes the first packets for some from before a rollover. */
  static constexpr uint64_t FIRST_INDEX = 1'000;

  /** Seconds in fixed point, 6.18 bits, that is (http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time). */
  static uint32_t absSendTime(int64_t ns) { return uint32_t((uint64_t(ns % (64 * NS_PER_S)) << 18) / NS_PER_S); }

  uint32_t timestampAt(int64_t ns) const {
    return uint32_t(uint64_t(ns / NS_PER_MS) * (plan_.clockRate / 1'000));
  }

  void beginFrame() {
    const int64_t everyNs = int64_t(plan_.keyFrameEveryMs) * NS_PER_MS;
    const bool isPeriodic = everyNs > 0 && dueNs_ - keyFrameNs_ >= everyNs;
    isKeyFrame_ = plan_.kind == Kind::video && (wantsKeyFrame_ || isPeriodic);
    if (isKeyFrame_) keyFrameNs_ = dueNs_;
    wantsKeyFrame_ = wantsKeyFrame_ && !isKeyFrame_;
    pictureId_ = (pictureId_ + 1) & 0x7fff;
    write32(&template_.bytes[4], timestampAt(dueNs_));
  }

  /** To the next packet of the script, which begins again behind its last. */
  void advance() {
    next_ += 1;
    if (next_ == script_.packets.size()) {
      next_ = 0;
      scriptBeganNs_ += script_.periodNs;
    }
    dueNs_ = scriptBeganNs_ + script_.packets[next_].afterNs;
  }

  void writeTemplate() {
    uint8_t* bytes = template_.bytes.data();
    bytes[0] = 0x80;
    bytes[1] = uint8_t(plan_.payloadType);
    write32(bytes + 8, plan_.ssrc);
    template_.headerBytes = RTP_HEADER_BYTES;
    const auto& [mid, transportSequence, absSendTime, audioLevel] = plan_.extensions;
    if (mid) std::copy(plan_.mid.begin(), plan_.mid.end(), bytes + extend(mid, plan_.mid.size()));
    if (transportSequence) transportSequenceAt_ = extend(transportSequence, 2);
    if (absSendTime) absSendTimeAt_ = extend(absSendTime, 3);
    if (audioLevel) bytes[extend(audioLevel, 1)] = uint8_t(0x80 | plan_.levelBelowDbov); // with the mark of speech
    if (template_.headerBytes > RTP_HEADER_BYTES) {
      template_.headerBytes = (template_.headerBytes + 3) & ~size_t(3);
      write16(bytes + RTP_HEADER_BYTES, ONE_BYTE_EXTENSIONS);
      write16(bytes + RTP_HEADER_BYTES + 2, uint32_t((template_.headerBytes - RTP_HEADER_BYTES - 4) / 4));
      bytes[0] |= 0x10;
    }
  }

  /** Adds a header extension; the answer is where its value goes. */
  size_t extend(unsigned id, size_t valueBytes) {
    if (template_.headerBytes == RTP_HEADER_BYTES) template_.headerBytes += 4; // the profile word and the length
    template_.bytes[template_.headerBytes] = uint8_t(id << 4 | (valueBytes - 1));
    const size_t at = template_.headerBytes + 1;
    template_.headerBytes = at + valueBytes;
    return at;
  }

  /** Descriptor with a picture id of 15 bits and a base layer (RFC 7741, 4.2), and how a frame begins (RFC 6386, 9.1). */
  void writeVp8(uint8_t* payload, bool begins, bool isKeyFrame) const {
    const std::array<uint8_t, 6> descriptor{uint8_t(begins ? 0x90 : 0x80), 0xe0, uint8_t(0x80 | pictureId_ >> 8),
                                            uint8_t(pictureId_), uint8_t(pictureId_), 0};
    std::copy(descriptor.begin(), descriptor.end(), payload);
    if (!begins) return;
    constexpr std::array<uint8_t, 10> KEY{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02}; // 1280x720
    constexpr std::array<uint8_t, 10> DELTA{0x11};
    const auto& frame = isKeyFrame ? KEY : DELTA;
    std::copy(frame.begin(), frame.end(), payload + descriptor.size());
  }

  StreamPlan plan_;
  int64_t phaseNs_;
  Script script_;
  int64_t scriptBeganNs_ = 0;
  /** The packet of the script that is due next, when, and whether a frame begins with it. */
  size_t next_ = 0;
  int64_t dueNs_ = 0;
  bool begins_ = true;
  int64_t keyFrameNs_ = 0;
  bool wantsKeyFrame_ = false;
  bool isKeyFrame_ = false;
  uint32_t packets_ = 0;
  uint32_t payloadBytes_ = 0;
  uint16_t pictureId_ = 0;
  size_t transportSequenceAt_ = 0;
  size_t absSendTimeAt_ = 0;
  Packet template_{};
};
