// Many WebRTC ends in one process, as fast as one core goes. It obeys lines on stdin and answers with lines on stdout:
//
//   open E secured|clear ADDRESS  -> opened E PORT   a UDP socket there; a secured one drops media until it has keys
//   connect E ADDRESS PORT
//   send E HEX                                       sends what is no media (RFC 7983): STUN, DTLS
//                                 -> datagram E HEX  what came of that kind
//   keys E OWN SERVER             hex of 28 bytes each: key and salt for AEAD_AES_128_GCM
//   answer E TRANSPORT_SEQUENCE   receiver reports, and transport-wide feedback unless the extension's id is 0
//   expect E SSRC KIND CLOCK RTX_SSRC, forget E SSRC
//   stream E SSRC PAYLOAD_TYPE KIND CLOCK FPS PACKETS_PER_FRAME PAYLOAD_BYTES KEY_FRAME_EVERY_MS LEVEL
//          MID_ID MID TRANSPORT_SEQUENCE_ID ABS_SEND_TIME_ID AUDIO_LEVEL_ID, unstream E SSRC
//   play E SSRC PERIOD_US (AFTER_US PAYLOAD_BYTES ENDS_FRAME)...
//                                 in place of frames that are all the same; again and again, from its next frame when sending is turned on again
//   close E
//   sending on|off                all streams
//   measure                       counts begin at zero
//   report                        -> report JSON
//   settle                        -> settled         all that was said before is done
//
// KIND is video or audio. It asks for nothing again (no NACK): a packet that is lost counts as lost. It ends with its
// stdin.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <set>
#include <sstream>

#include "endpoint.hpp"

namespace {

constexpr size_t MAX_DATAGRAM_BYTES = 2'048;
/** Read from one socket before others have their turn. */
constexpr unsigned BATCH = 64;
constexpr int MAX_EVENTS = 256;
/**
 * How often sockets are read and senders looked at. Nobody is woken by a packet: behind a network, sending does not wake
 * receivers either. Delays are longer by half of this on average. Shorter costs more.
 */
constexpr int64_t TICK_NS = 250'000;
/** How precisely answers are: seldom enough that looking at a thousand endpoints costs little. */
constexpr int64_t ANSWERS_EVERY_NS = 5 * NS_PER_MS;
/** Spreads the phases of any number of streams evenly. */
constexpr double GOLDEN_RATIO = 0.618033988749895;

constexpr std::array HISTOGRAMS{&Counts::delays, &Counts::firsts, &Counts::lasts, &Counts::voices, &Counts::lateness};

std::vector<uint8_t> fromHex(const std::string& hex) {
  std::vector<uint8_t> bytes(hex.size() / 2);
  for (size_t at = 0; at < bytes.size(); at += 1) bytes[at] = uint8_t(std::stoul(hex.substr(2 * at, 2), nullptr, 16));
  return bytes;
}

MasterKey masterKey(const std::string& hex) {
  const std::vector<uint8_t> bytes = fromHex(hex);
  if (bytes.size() != KEY_BYTES + SALT_BYTES) throw std::runtime_error("a key has 28 bytes");
  MasterKey master;
  std::copy_n(bytes.begin(), KEY_BYTES, master.key.begin());
  std::copy_n(bytes.begin() + KEY_BYTES, SALT_BYTES, master.salt.begin());
  return master;
}

Kind kindOf(const std::string& name) {
  if (name == "video") return Kind::video;
  if (name == "audio") return Kind::audio;
  throw std::runtime_error("no kind: " + name);
}

class Program {
 public:
  Program() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    watch(STDIN_FILENO, nullptr);
    for (unsigned at = 0; at < BATCH; at += 1) {
      parts_[at] = {buffers_[at].data(), buffers_[at].size()};
      messages_[at].msg_hdr.msg_iov = &parts_[at];
      messages_[at].msg_hdr.msg_iovlen = 1;
    }
    measure();
  }

  void run() {
    prctl(PR_SET_TIMERSLACK, 1);
    std::array<epoll_event, MAX_EVENTS> events;
    for (int64_t tickNs = nowNs(); isOpen_; tickNs = std::max(tickNs + TICK_NS, nowNs())) {
      sleepUntil(tickNs);
      send();
      int count = MAX_EVENTS;
      while (count == MAX_EVENTS) {
        count = epoll_wait(epoll_, events.data(), MAX_EVENTS, 0);
        for (int at = 0; at < count; at += 1)
          if (events[size_t(at)].data.ptr) read(*static_cast<Endpoint*>(events[size_t(at)].data.ptr));
        // Last: a command may close an endpoint that the events name.
        for (int at = 0; at < count; at += 1)
          if (!events[size_t(at)].data.ptr) readCommands();
        send(); // reading must not make senders late
      }
    }
  }

 private:
  void watch(int fd, Endpoint* endpoint) {
    epoll_event event{EPOLLIN, {.ptr = endpoint}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  static void sleepUntil(int64_t ns) {
    const timespec until{ns / NS_PER_S, ns % NS_PER_S};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
  }

  /** What is due. */
  void send() {
    const int64_t now = nowNs();
    if (isSending_)
      for (Endpoint* sender : senders_) sender->sendDue(now);
    if (now < answersNs_) return;
    answersNs_ = now + ANSWERS_EVERY_NS;
    for (auto& [id, endpoint] : endpoints_) endpoint.answerDue(now);
  }

  void read(Endpoint& endpoint) {
    const int count = recvmmsg(endpoint.socket().fd(), messages_.data(), BATCH, 0, nullptr);
    const int64_t now = nowNs();
    for (int at = 0; at < count; at += 1) {
      uint8_t* datagram = buffers_[size_t(at)].data();
      const size_t bytes = messages_[size_t(at)].msg_len;
      if (isMedia(datagram, bytes)) endpoint.received(datagram, bytes, now);
      else passOn(endpoint, {datagram, bytes});
    }
  }

  void passOn(const Endpoint& endpoint, std::span<const uint8_t> datagram) {
    std::string hex;
    for (const uint8_t byte : datagram) {
      constexpr char DIGITS[] = "0123456789abcdef";
      hex += DIGITS[byte >> 4];
      hex += DIGITS[byte & 15];
    }
    std::printf("datagram %u %s\n", endpoint.id(), hex.c_str());
    std::fflush(stdout);
  }

  void readCommands() {
    std::array<char, 65'536> bytes;
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count == 0) isOpen_ = false;
    if (count <= 0) return;
    unread_.append(bytes.data(), size_t(count));
    size_t start = 0;
    for (size_t end; (end = unread_.find('\n', start)) != std::string::npos; start = end + 1)
      obey(unread_.substr(start, end - start));
    unread_.erase(0, start);
  }

  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "sending") return setSending(next<std::string>(words) == "on");
    if (command == "measure") return measure();
    if (command == "report") return report();
    if (command == "settle") {
      std::puts("settled");
      std::fflush(stdout);
      return;
    }
    const auto id = next<unsigned>(words);
    if (command == "open") {
      const bool isSecured = next<std::string>(words) == "secured";
      return open(id, isSecured, next<std::string>(words));
    }
    const auto found = endpoints_.find(id);
    if (found == endpoints_.end()) throw std::runtime_error("no such endpoint: " + line);
    Endpoint& endpoint = found->second;
    if (command == "connect") {
      const auto address = next<std::string>(words);
      endpoint.socket().connectTo(address, next<unsigned>(words));
    } else if (command == "send") {
      const std::vector<uint8_t> datagram = fromHex(next<std::string>(words));
      endpoint.send(datagram.data(), datagram.size());
    } else if (command == "keys") {
      const MasterKey own = masterKey(next<std::string>(words));
      endpoint.secure(own, masterKey(next<std::string>(words)));
    } else if (command == "answer") {
      endpoint.answer(next<unsigned>(words), nowNs());
    } else if (command == "expect") {
      const auto ssrc = next<uint32_t>(words);
      const Kind kind = kindOf(next<std::string>(words));
      const auto clockRate = next<unsigned>(words);
      endpoint.expect(ssrc, kind, clockRate, next<uint32_t>(words));
    } else if (command == "forget") {
      endpoint.forget(next<uint32_t>(words));
    } else if (command == "stream") {
      streams_ += 1;
      endpoint.addStream(streamPlan(words), std::fmod(streams_ * GOLDEN_RATIO, 1), isSending_, nowNs());
      senders_.insert(&endpoint);
    } else if (command == "play") {
      const auto ssrc = next<uint32_t>(words);
      endpoint.play(ssrc, script(words));
    } else if (command == "unstream") {
      endpoint.removeStream(next<uint32_t>(words));
    } else if (command == "close") {
      senders_.erase(&endpoint);
      endpoints_.erase(found);
    } else {
      throw std::runtime_error("no such command: " + line);
    }
  }

  template <typename T>
  static T next(std::istringstream& words) {
    T value;
    if (!(words >> value)) throw std::runtime_error("a word is missing: " + words.str());
    return value;
  }

  static StreamPlan streamPlan(std::istringstream& words) {
    StreamPlan plan;
    plan.ssrc = next<uint32_t>(words);
    plan.payloadType = next<unsigned>(words);
    plan.kind = kindOf(next<std::string>(words));
    plan.clockRate = next<unsigned>(words);
    plan.framesPerSecond = next<double>(words);
    plan.packetsPerFrame = next<unsigned>(words);
    plan.payloadBytes = next<unsigned>(words);
    plan.keyFrameEveryMs = next<unsigned>(words);
    plan.levelBelowDbov = next<unsigned>(words);
    plan.extensions.mid = next<unsigned>(words);
    plan.mid = next<std::string>(words);
    plan.extensions.transportSequence = next<unsigned>(words);
    plan.extensions.absSendTime = next<unsigned>(words);
    plan.extensions.audioLevel = next<unsigned>(words);
    return plan;
  }

  static Script script(std::istringstream& words) {
    Script script{next<int64_t>(words) * 1'000, {}};
    while (words >> std::ws && !words.eof()) {
      const int64_t afterNs = next<int64_t>(words) * 1'000;
      const auto payloadBytes = next<unsigned>(words);
      script.packets.push_back({afterNs, payloadBytes, next<unsigned>(words) == 1});
    }
    return script;
  }

  void open(unsigned id, bool isSecured, const std::string& address) {
    Endpoint& endpoint = endpoints_.try_emplace(id, id, isSecured, address, counts_).first->second;
    watch(endpoint.socket().fd(), &endpoint);
    std::printf("opened %u %u\n", id, endpoint.socket().port());
    std::fflush(stdout);
  }

  void setSending(bool isOn) {
    if (isOn && !isSending_)
      for (auto& [id, endpoint] : endpoints_) endpoint.startSending(nowNs());
    isSending_ = isOn;
  }

  void measure() {
    for (const auto histogram : HISTOGRAMS) (counts_.*histogram).reset();
    counts_ = Counts{.beganNs = nowNs(),
                     .delays = std::move(counts_.delays),
                     .firsts = std::move(counts_.firsts),
                     .lasts = std::move(counts_.lasts),
                     .voices = std::move(counts_.voices),
                     .lateness = std::move(counts_.lateness)};
    for (auto& [id, endpoint] : endpoints_) endpoint.measure();
    beganCpuNs_ = clockNs(CLOCK_PROCESS_CPUTIME_ID);
  }

  void report() {
    const auto since = [](int64_t now, int64_t then) { return double(now - then) / NS_PER_MS; };
    const Counts& c = counts_;
    std::printf("report {\"elapsedMs\":%.3f,\"cpuMs\":%.3f", since(nowNs(), c.beganNs),
                since(clockNs(CLOCK_PROCESS_CPUTIME_ID), beganCpuNs_));
    const auto count = [](const char* name, uint64_t value) {
      std::printf(",\"%s\":%llu", name, static_cast<unsigned long long>(value));
    };
    count("sentVideo", c.sent[size_t(Kind::video)]);
    count("sentAudio", c.sent[size_t(Kind::audio)]);
    count("receivedVideo", c.received[size_t(Kind::video)]);
    count("receivedAudio", c.received[size_t(Kind::audio)]);
    count("duplicates", c.duplicates);
    count("retransmitted", c.retransmitted);
    count("others", c.others);
    count("unreadable", c.unreadable);
    count("opened", c.opened);
    count("refused", c.refused);
    count("refusedRtcp", c.refusedRtcp);
    count("keyFrames", c.keyFrames);
    count("keyFrameRequests", c.keyFrameRequests);
    count("nacks", c.nacks);
    count("feedbacks", c.feedbacks);
    count("reports", c.reports);
    count("unsent", c.unsent);
    constexpr std::array NAMES{"delay", "first", "last", "voice", "late"};
    for (size_t at = 0; at < NAMES.size(); at += 1) {
      const DelayHistogram& histogram = c.*HISTOGRAMS[at];
      const auto quantile = [&](const char* which, double share) {
        std::printf(",\"%s%sMs\":%.2f", NAMES[at], which, histogram.quantileMs(share));
      };
      quantile("P50", 0.5);
      quantile("P95", 0.95);
      quantile("P99", 0.99);
      quantile("Max", 1);
    }
    std::array<uint64_t, KINDS> outgoing{};
    std::array<uint64_t, KINDS> expected{};
    std::array<uint64_t, KINDS> flowing{};
    uint64_t total = 0;
    for (const auto& [id, endpoint] : endpoints_) {
      total += endpoint.total();
      for (const Kind kind : {Kind::video, Kind::audio}) {
        outgoing[size_t(kind)] += endpoint.outgoing(kind);
        expected[size_t(kind)] += endpoint.expected(kind);
        flowing[size_t(kind)] += endpoint.flowing(kind);
      }
    }
    count("outgoingVideo", outgoing[size_t(Kind::video)]);
    count("outgoingAudio", outgoing[size_t(Kind::audio)]);
    count("expectedVideo", expected[size_t(Kind::video)]);
    count("expectedAudio", expected[size_t(Kind::audio)]);
    count("flowingVideo", flowing[size_t(Kind::video)]);
    count("flowingAudio", flowing[size_t(Kind::audio)]);
    count("receivedEver", total);
    std::printf(",\"endpoints\":[");
    const char* comma = "";
    for (const auto& [id, endpoint] : endpoints_) {
      const StreamCounts counts = endpoint.counts();
      std::printf("%s{\"id\":%u", comma, id);
      count("received", counts.unique);
      count("duplicates", counts.duplicates);
      count("lost", counts.lost);
      std::printf("}");
      comma = ",";
    }
    std::printf("]}\n");
    std::fflush(stdout);
  }

  int epoll_;
  bool isOpen_ = true;
  bool isSending_ = false;
  unsigned streams_ = 0;
  Counts counts_;
  std::map<unsigned, Endpoint> endpoints_;
  /** Those that have had a stream. */
  std::set<Endpoint*> senders_;
  int64_t answersNs_ = 0;
  std::string unread_;
  int64_t beganCpuNs_ = 0;
  std::array<std::array<uint8_t, MAX_DATAGRAM_BYTES>, BATCH> buffers_;
  std::array<iovec, BATCH> parts_{};
  std::array<mmsghdr, BATCH> messages_{};
};

}  // namespace

int main() {
  try {
    std::make_unique<Program>()->run();
  } catch (const std::exception& error) {
    std::cerr << "rtp-endpoints: " << error.what() << '\n';
    return 1;
  }
}
