// One WebRTC end: a UDP socket, the streams that it sends and receives, and what it answers.
#pragma once
#include <map>
#include <optional>
#include <unordered_map>

#include "counts.hpp"
#include "incoming-stream.hpp"
#include "outgoing-stream.hpp"
#include "transport-feedback.hpp"
#include "udp-socket.hpp"

/** Of so many packets one is opened whole, tag and all: enough to see that receivers can, too few to cost. */
constexpr uint64_t OPEN_ONE_OF = 64;

/** Transport-wide feedback: about as often as browsers send it. */
constexpr int64_t FEEDBACK_EVERY_NS = 100 * NS_PER_MS;
/** Receiver and sender reports. */
constexpr int64_t REPORT_EVERY_NS = 1'000 * NS_PER_MS;

/** What is neither RTP nor RTCP on the port (RFC 7983). */
inline bool isMedia(const uint8_t* datagram, size_t bytes) {
  return bytes >= 8 && datagram[0] >= 128 && datagram[0] <= 191;
}

class Endpoint {
 public:
  /** At an address of this machine. One that is secured drops media until it has keys. */
  Endpoint(unsigned id, bool isSecured, const std::string& address, Counts& counts)
      : id_(id), isSecured_(isSecured), counts_(counts), socket_(address) {}

  unsigned id() const { return id_; }
  UdpSocket& socket() { return socket_; }

  void send(const uint8_t* datagram, size_t bytes) {
    if (!socket_.send(datagram, bytes)) counts_.unsent += 1;
  }

  void secure(const MasterKey& own, const MasterKey& server) {
    sealer_.emplace(own);
    opener_.emplace(server);
  }

  /** From now on tells the server what came. The id of the header extension is 0 where feedback is not wanted. */
  void answer(unsigned transportSequence, int64_t now) {
    transportSequence_ = uint8_t(transportSequence);
    // Not all endpoints at once, as receivers do not.
    feedbackNs_ = now + int64_t(id_ % 97) * FEEDBACK_EVERY_NS / 97;
    reportNs_ = now + int64_t(id_ % 97) * REPORT_EVERY_NS / 97;
  }

  /** 0 for a stream without RTX. */
  void expect(uint32_t ssrc, Kind kind, unsigned clockRate, uint32_t rtxSsrc) {
    incoming_.insert_or_assign(ssrc, IncomingStream(ssrc, kind, clockRate));
    if (rtxSsrc) rtx_[rtxSsrc] = ssrc;
  }

  void forget(uint32_t ssrc) {
    incoming_.erase(ssrc);
    std::erase_if(rtx_, [ssrc](const auto& each) { return each.second == ssrc; });
  }

  void addStream(StreamPlan plan, double phase, bool isSending, int64_t now) {
    const uint32_t ssrc = plan.ssrc;
    OutgoingStream& stream = outgoing_.insert_or_assign(ssrc, OutgoingStream(std::move(plan), phase)).first->second;
    if (isSending) stream.start(now);
  }

  void play(uint32_t ssrc, Script script) { outgoing_.at(ssrc).play(std::move(script)); }

  void removeStream(uint32_t ssrc) { outgoing_.erase(ssrc); }

  void startSending(int64_t now) {
    for (auto& [ssrc, stream] : outgoing_) stream.start(now);
  }

  /** Sends what is due. */
  void sendDue(int64_t now) {
    for (auto& [ssrc, stream] : outgoing_) {
      while (stream.dueNs() <= now) {
        counts_.lateness.add(now - stream.dueNs());
        const auto send = [&](Packet& packet) { sendPacket(packet, stream); };
        if (stream.sendBurst(nowNs(), outgoingSequence_, send)) counts_.keyFrames += 1;
      }
    }
  }

  /** RTP or RTCP, in place. */
  void received(uint8_t* packet, size_t bytes, int64_t now) {
    if (isSecured_ && !opener_) return;
    if (isRtcp(packet)) {
      const size_t opened = opener_ ? opener_->openRtcp(packet, bytes) : bytes;
      if (opened) receivedRtcp(packet, opened, now);
      else counts_.refusedRtcp += 1;
    } else {
      receivedRtp(packet, bytes, now);
    }
  }

  /** Feedback and reports that are due. */
  void answerDue(int64_t now) {
    if (now >= feedbackNs_) {
      feedbackNs_ += FEEDBACK_EVERY_NS;
      if (feedbackNs_ < now) feedbackNs_ = now + FEEDBACK_EVERY_NS;
      if (!feedback_.empty()) {
        const uint32_t mediaSsrc = incoming_.empty() ? 0 : incoming_.begin()->first;
        sendRtcp(feedback_.write(rtcp_.data(), OWN_SSRC, mediaSsrc));
        counts_.feedbacks += 1;
      }
    }
    if (now >= reportNs_) {
      reportNs_ += REPORT_EVERY_NS;
      if (reportNs_ < now) reportNs_ = now + REPORT_EVERY_NS;
      sendReceiverReports(now);
      for (const auto& [ssrc, stream] : outgoing_)
        if (stream.packets() > 0) sendRtcp(stream.writeSenderReport(rtcp_.data(), now));
    }
  }

  void measure() {
    for (auto& [ssrc, stream] : incoming_) stream.measure();
  }

  StreamCounts counts() const {
    StreamCounts sum;
    for (const auto& [ssrc, stream] : incoming_) {
      const StreamCounts each = stream.counts();
      sum.unique += each.unique;
      sum.duplicates += each.duplicates;
      sum.lost += each.lost;
    }
    return sum;
  }

  /** Packets of the streams that it expects now, each once, whatever was measured. */
  uint64_t total() const {
    uint64_t sum = 0;
    for (const auto& [ssrc, stream] : incoming_) sum += stream.total();
    return sum;
  }

  size_t expected(Kind kind) const {
    return count(incoming_, [kind](const IncomingStream& stream) { return stream.kind() == kind; });
  }
  /** Of those the ones that have brought something since `measure`. */
  size_t flowing(Kind kind) const {
    return count(incoming_, [kind](const IncomingStream& stream) {
      return stream.kind() == kind && stream.counts().unique > 0;
    });
  }
  size_t outgoing(Kind kind) const {
    return count(outgoing_, [kind](const OutgoingStream& stream) { return stream.plan().kind == kind; });
  }

 private:
  static constexpr uint32_t OWN_SSRC = 1;
  static constexpr size_t MAX_REPORTS = 31;
  static constexpr uint8_t SENDER_REPORT = 200;
  static constexpr uint8_t TRANSPORT_FEEDBACK = 205;
  static constexpr uint8_t PAYLOAD_FEEDBACK = 206;
  static constexpr uint8_t NACK = 1;
  static constexpr uint8_t PICTURE_LOSS = 1;
  static constexpr uint8_t FULL_INTRA_REQUEST = 4;

  template <typename Streams, typename Fits>
  static size_t count(const Streams& streams, Fits fits) {
    return size_t(std::count_if(streams.begin(), streams.end(), [&](const auto& each) { return fits(each.second); }));
  }

  void sendPacket(Packet& packet, const OutgoingStream& stream) {
    size_t bytes = packet.size;
    if (sealer_) bytes = sealer_->sealRtp(packet.bytes.data(), packet.headerBytes, bytes, packet.index);
    if (isSecured_ && !sealer_) return;
    send(packet.bytes.data(), bytes);
    counts_.sent[size_t(stream.plan().kind)] += 1;
  }

  void sendRtcp(size_t bytes) {
    if (isSecured_ && !sealer_) return;
    send(rtcp_.data(), sealer_ ? sealer_->sealRtcp(rtcp_.data(), bytes) : bytes);
  }

  void receivedRtp(uint8_t* packet, size_t bytes, int64_t now) {
    const auto header = readRtpHeader(packet, bytes);
    if (!header) return;
    if (transportSequence_) {
      const uint8_t* number = headerExtension(packet, *header, transportSequence_);
      if (number) feedback_.received(read16(number), now);
    }
    const auto found = incoming_.find(header->ssrc);
    if (found == incoming_.end()) {
      (rtx_.contains(header->ssrc) ? counts_.retransmitted : counts_.others) += 1;
      return;
    }
    IncomingStream& stream = found->second;
    const uint64_t index = stream.indexOf(header->sequence);
    const bool isNew = stream.received(index, header->timestamp, now);
    if (!isNew) {
      counts_.duplicates += 1;
      return;
    }
    const auto stamp = stampOf(packet, *header, bytes, stream.kind(), index);
    if (!stamp) counts_.unreadable += 1;
    else if (stamp->sentNs >= counts_.beganNs) addDelay(*stamp, stream.kind(), now);
    else return; // was on its way already when the measurement began
    counts_.received[size_t(stream.kind())] += 1;
    if (opener_ && (toOpen_ += 1) % OPEN_ONE_OF == 0) {
      counts_.opened += 1;
      if (!opener_->openRtp(packet, header->bytes, bytes, index)) counts_.refused += 1;
    }
  }

  void addDelay(const Stamp& stamp, Kind kind, int64_t now) {
    const int64_t delayNs = now - stamp.sentNs;
    counts_.delays.add(delayNs);
    if (kind == Kind::audio) return counts_.voices.add(delayNs);
    if (stamp.begins) counts_.firsts.add(delayNs);
    if (stamp.ends) counts_.lasts.add(delayNs);
  }

  /** Nothing when there is none. */
  std::optional<Stamp> stampOf(const uint8_t* packet, const RtpHeader& header, size_t bytes, Kind kind,
                               uint64_t index) {
    if (bytes < header.bytes + stampEnd(kind)) return {};
    const uint8_t* payload = packet + header.bytes;
    const uint8_t* stamp = payload + stampBlock(kind) * BLOCK_BYTES;
    std::array<uint8_t, BLOCK_BYTES> block;
    if (opener_) {
      block = opener_->peek(payload, stampBlock(kind), header.ssrc, index);
      stamp = block.data();
    }
    if (read32(stamp) != STAMP_MAGIC) return {};
    return readStamp(stamp);
  }

  void receivedRtcp(const uint8_t* compound, size_t bytes, int64_t now) {
    for (size_t at = 0; at + 8 <= bytes;) {
      const size_t end = at + 4 + 4u * read16(compound + at + 2);
      if (end > bytes) return;
      receivedRtcpPacket(compound + at, end - at, now);
      at = end;
    }
  }

  void receivedRtcpPacket(const uint8_t* packet, size_t bytes, int64_t now) {
    const uint8_t type = packet[1];
    const uint8_t format = packet[0] & 0x1f;
    if (type == SENDER_REPORT && bytes >= 28) {
      const auto found = incoming_.find(read32(packet + 4));
      if (found != incoming_.end()) found->second.senderReported(read32(packet + 10), now);
    } else if (type == PAYLOAD_FEEDBACK && format == PICTURE_LOSS && bytes >= 12) {
      wantKeyFrame(read32(packet + 8), now);
    } else if (type == PAYLOAD_FEEDBACK && format == FULL_INTRA_REQUEST) {
      for (size_t at = 12; at + 8 <= bytes; at += 8) wantKeyFrame(read32(packet + at), now);
    } else if (type == TRANSPORT_FEEDBACK && format == NACK) {
      counts_.nacks += 1;
    }
  }

  void wantKeyFrame(uint32_t ssrc, int64_t now) {
    counts_.keyFrameRequests += 1;
    const auto found = outgoing_.find(ssrc);
    if (found != outgoing_.end()) found->second.wantKeyFrame(now);
  }

  void sendReceiverReports(int64_t now) {
    size_t blocks = 0;
    const auto flush = [&] {
      if (blocks == 0) return;
      rtcp_[0] = uint8_t(0x80 | blocks);
      rtcp_[1] = 201;
      write16(&rtcp_[2], uint32_t(1 + blocks * IncomingStream::REPORT_BYTES / 4));
      write32(&rtcp_[4], OWN_SSRC);
      sendRtcp(RTCP_HEADER_BYTES + blocks * IncomingStream::REPORT_BYTES);
      counts_.reports += 1;
      blocks = 0;
    };
    for (auto& [ssrc, stream] : incoming_) {
      if (!stream.started()) continue;
      stream.writeReport(&rtcp_[RTCP_HEADER_BYTES + blocks * IncomingStream::REPORT_BYTES], now);
      blocks += 1;
      if (blocks == MAX_REPORTS) flush();
    }
    flush();
  }

  unsigned id_;
  bool isSecured_;
  Counts& counts_;
  UdpSocket socket_;
  std::optional<SrtpSealer> sealer_;
  std::optional<SrtpOpener> opener_;
  std::map<uint32_t, OutgoingStream> outgoing_;
  std::unordered_map<uint32_t, IncomingStream> incoming_;
  std::unordered_map<uint32_t, uint32_t> rtx_;
  TransportFeedback feedback_;
  std::array<uint8_t, TransportFeedback::MAX_BYTES + 64> rtcp_;
  uint8_t transportSequence_ = 0;
  uint16_t outgoingSequence_ = 0;
  uint64_t toOpen_ = 0;
  int64_t feedbackNs_ = INT64_MAX;
  int64_t reportNs_ = INT64_MAX;
};
