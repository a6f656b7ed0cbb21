// The raw loop of an SFU on this machine, one case in one run: limit CASE BYTES MILLISECONDS
//
//   seal     AES-128-GCM as SRTP has it, over a copy of the packet, under the key of one receiver after another
//   send     one sendmsg for each packet, from one socket to one receiver's after another
//   both     what an SFU without segmentation does at least
//   both-4   the same with UDP_SEGMENT: so many packets for one receiver in one sendmsg
//   both-8
//
// BYTES is what UDP carries, with the tag. Receivers are sockets on loopback, drained by another process. Prints JSON:
// packets, CPU seconds of this process (on loopback they have the kernel's half of receiving in them), and packets that
// were drained.
#include <netinet/udp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <atomic>
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

#include "rtp.hpp"
#include "srtp.hpp"
#include "udp-socket.hpp"

namespace {

/** As in a call of one to many: keys and sockets do not all stay in the cache. */
constexpr size_t RECEIVERS = 200;
constexpr unsigned DRAINED_AT_ONCE = 64;
/** Not when a packet comes: sending is not to pay for waking who reads. */
constexpr useconds_t DRAINED_EVERY_US = 250;
constexpr size_t MAX_BYTES = 1'500;
/** Receivers that are served between two looks at the clock. */
constexpr size_t SERVED_AT_ONCE = 64;

struct Case {
  bool seals;
  bool sends;
  size_t segments;
};

Case caseOf(const std::string& name) {
  if (name == "seal") return {true, false, 1};
  if (name == "send") return {false, true, 1};
  if (name == "both") return {true, true, 1};
  if (name == "both-4") return {true, true, 4};
  if (name == "both-8") return {true, true, 8};
  throw std::runtime_error("no case: " + name);
}

/** Sockets do not move. */
using Receivers = std::deque<UdpSocket>;

/** Reads all that comes, until its parent is gone. */
[[noreturn]] void drain(const Receivers& receivers, std::atomic<uint64_t>& drained) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int epoll = epoll_create1(0);
  for (const UdpSocket& receiver : receivers) {
    epoll_event event{EPOLLIN, {.fd = receiver.fd()}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, receiver.fd(), &event);
  }
  static std::array<std::array<uint8_t, MAX_BYTES>, DRAINED_AT_ONCE> buffers;
  std::array<iovec, DRAINED_AT_ONCE> parts;
  std::array<mmsghdr, DRAINED_AT_ONCE> messages{};
  for (unsigned at = 0; at < DRAINED_AT_ONCE; at += 1) {
    parts[at] = {buffers[at].data(), MAX_BYTES};
    messages[at].msg_hdr.msg_iov = &parts[at];
    messages[at].msg_hdr.msg_iovlen = 1;
  }
  std::array<epoll_event, RECEIVERS> events;
  for (;;) {
    usleep(DRAINED_EVERY_US);
    const int ready = epoll_wait(epoll, events.data(), RECEIVERS, 0);
    for (int at = 0; at < ready; at += 1) {
      const int count = recvmmsg(events[size_t(at)].data.fd, messages.data(), DRAINED_AT_ONCE, 0, nullptr);
      if (count > 0) drained += uint64_t(count);
    }
  }
}

class Loop {
 public:
  Loop(Case what, size_t bytes, const Receivers& receivers)
      : case_(what),
        bytes_(bytes),
        receivers_(receivers),
        socket_(socket(AF_INET, SOCK_DGRAM, 0)),
        packet_(bytes),
        burst_(bytes * what.segments) {
    for (size_t at = 0; at < RECEIVERS; at += 1) {
      MasterKey master{};
      write32(master.key.data(), uint32_t(at));
      sealers_.emplace_back(master);
    }
    packet_[0] = 0x80;
    packet_[1] = 96;
    setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &SOCKET_BUFFER_BYTES, sizeof SOCKET_BUFFER_BYTES);
  }

  /** Gives one receiver its packets. */
  size_t serve(size_t receiver) {
    for (size_t at = 0; at < case_.segments; at += 1) {
      uint8_t* packet = &burst_[at * bytes_];
      if (!case_.seals) continue;
      std::copy(packet_.begin(), packet_.end(), packet);
      write16(packet + 2, uint32_t(index_));
      sealers_[receiver].sealRtp(packet, RTP_HEADER_BYTES, bytes_ - TAG_BYTES, index_);
      index_ += 1;
    }
    if (case_.sends) send(receivers_[receiver].own());
    return case_.segments;
  }

 private:
  void send(sockaddr_in to) {
    iovec part{burst_.data(), burst_.size()};
    msghdr message{&to, sizeof to, &part, 1, nullptr, 0, 0};
    alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(uint16_t))> control{};
    if (case_.segments > 1) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* segment = CMSG_FIRSTHDR(&message);
      segment->cmsg_level = SOL_UDP;
      segment->cmsg_type = UDP_SEGMENT;
      segment->cmsg_len = CMSG_LEN(sizeof(uint16_t));
      const auto segmentBytes = uint16_t(bytes_);
      std::memcpy(CMSG_DATA(segment), &segmentBytes, sizeof segmentBytes);
    }
    if (sendmsg(socket_, &message, 0) < 0) throw std::runtime_error(std::string("sendmsg: ") + std::strerror(errno));
  }

  Case case_;
  size_t bytes_;
  const Receivers& receivers_;
  int socket_;
  std::vector<uint8_t> packet_;
  std::vector<uint8_t> burst_;
  std::vector<SrtpSealer> sealers_;
  uint64_t index_ = 0;
};

void run(const Case what, size_t bytes, int64_t milliseconds) {
  if (bytes < RTP_HEADER_BYTES + TAG_BYTES || bytes > MAX_BYTES) throw std::runtime_error("BYTES is 28 to 1500");
  Receivers receivers;
  for (size_t at = 0; at < RECEIVERS; at += 1) receivers.emplace_back("127.0.0.1");
  constexpr int READS_AND_WRITES = PROT_READ | PROT_WRITE;
  void* shared = mmap(nullptr, sizeof(std::atomic<uint64_t>), READS_AND_WRITES, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no memory to share");
  auto& drained = *new (shared) std::atomic<uint64_t>(0);
  const pid_t drainer = fork();
  if (drainer < 0) throw std::runtime_error("no process to read");
  if (drainer == 0) drain(receivers, drained);

  Loop loop(what, bytes, receivers);
  uint64_t packets = 0;
  size_t receiver = 0;
  const int64_t endNs = nowNs() + milliseconds * NS_PER_MS;
  const int64_t beganNs = clockNs(CLOCK_PROCESS_CPUTIME_ID);
  do { // once at least: on a busy machine the time may be over before the first turn
    for (size_t served = 0; served < SERVED_AT_ONCE; served += 1, receiver = (receiver + 1) % RECEIVERS)
      packets += loop.serve(receiver);
  } while (nowNs() < endNs);
  const double cpuSeconds = double(clockNs(CLOCK_PROCESS_CPUTIME_ID) - beganNs) / NS_PER_S;
  usleep(50'000); // for what is on its way
  kill(drainer, SIGKILL);
  waitpid(drainer, nullptr, 0);
  std::printf("{\"packets\":%llu,\"cpuSeconds\":%.6f,\"drained\":%llu}\n", static_cast<unsigned long long>(packets),
              cpuSeconds, static_cast<unsigned long long>(drained.load()));
}

}  // namespace

int main(int count, char** words) {
  try {
    if (count != 4) throw std::runtime_error("limit CASE BYTES MILLISECONDS");
    run(caseOf(words[1]), std::stoul(words[2]), std::stol(words[3]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit: %s\n", error.what());
    return 1;
  }
}
