#include "UdpSendBatcher.hpp"

#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace conclave {
namespace {

/** More saves less and less, and a frame's first packet waits for the last one: 8 packets hold most frames of a camera. */
constexpr size_t MAX_SEGMENTS = 8;

/** What an Ethernet carries; longer ones are fragmented, and not for us. */
constexpr size_t MAX_DATAGRAM_BYTES = 1'500;

/** Shorter ones are voices, STUN, reports: nothing like them follows, and they are to be early. */
constexpr size_t MIN_BURST_BYTES = 400;

/** With what they hold, 12 MB at most: far more than the receivers of one worker. What begins beyond leaves at once. */
constexpr unsigned MAX_WAITING = 1'024;

/** Routes that nobody asks for stay until there are so many; then all are learnt anew. */
constexpr size_t MAX_ROUTES = 8'192;

/** What `ps` and /proc/<pid>/comm show of a process whose datagrams leave together; 15 characters at most. */
constexpr const char* NAME_WHEN_ON = "mediasoup-gso";

constexpr size_t RTP_HEADER_BYTES = 12;

bool isSwitchedOff() {
  const char* setting = std::getenv("CONCLAVE_GSO");
  return setting && std::strcmp(setting, "off") == 0;
}

/** An older kernel would ignore the size of the segments, and send all of them as one datagram. */
bool canSegment(const uv_udp_t* socket) {
  uv_os_fd_t fd;
  int bytes;
  socklen_t size = sizeof bytes;
  return uv_fileno(reinterpret_cast<const uv_handle_t*>(socket), &fd) == 0 &&
         getsockopt(fd, SOL_UDP, UDP_SEGMENT, &bytes, &size) == 0;
}

Destination destinationOf(const uv_udp_t* socket, const sockaddr* to) {
  Destination destination{socket, {}, 0, to->sa_family, 0};
  if (to->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(to);
    std::memcpy(destination.ip.data(), &v6->sin6_addr, sizeof v6->sin6_addr);
    destination.scope = v6->sin6_scope_id;
    destination.port = v6->sin6_port;
  } else {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(to);
    std::memcpy(destination.ip.data(), &v4->sin_addr, sizeof v4->sin_addr);
    destination.port = v4->sin_port;
  }
  return destination;
}

/** The marker of an RTP packet (RFC 3550, 5.1), which SRTP leaves readable. Among RTCP's types it is no marker (RFC 5761, 4). */
bool endsFrame(const uint8_t* datagram, size_t bytes) {
  if (bytes < RTP_HEADER_BYTES || datagram[0] >> 6 != 2) return false;
  const bool isRtcp = datagram[1] >= 192 && datagram[1] <= 223;
  return !isRtcp && (datagram[1] & 0x80) != 0;
}

/** Whether it may begin a batch. A frame that is one packet has nothing to wait for. */
bool beginsBurst(const uint8_t* datagram, size_t bytes) {
  return bytes >= MIN_BURST_BYTES && bytes <= MAX_DATAGRAM_BYTES && !endsFrame(datagram, bytes);
}

/** Answers that came while datagrams of the same batch had yet to leave: what they send would overtake those. */
struct HeldAnswers {
  bool holds = true;
  std::vector<std::pair<std::shared_ptr<UdpSendBatcher::SendCallback>, bool>> answers;

  void release() {
    holds = false;
    for (const auto& [callback, sent] : answers) (*callback)(sent);
  }
};

UdpSendBatcher::SendCallback* hold(UdpSendBatcher::SendCallback* callback, std::shared_ptr<HeldAnswers> held) {
  const std::shared_ptr<UdpSendBatcher::SendCallback> owned(callback);
  return new UdpSendBatcher::SendCallback([owned, held](bool sent) {
    if (held->holds) held->answers.emplace_back(owned, sent);
    else (*owned)(sent);
  });
}

}  // namespace

/** Datagrams as the kernel wants them: one behind the other, all of the first one's size but the last, which may be shorter. */
struct UdpSendBatcher::Batch {
  uv_udp_t* socket;
  Destination destination;
  sockaddr_storage address;
  /** Among those that wait. */
  size_t place;
  size_t segmentBytes;
  size_t bytes;
  size_t count;
  std::array<SendCallback*, MAX_SEGMENTS> callbacks;
  std::array<uint8_t, MAX_SEGMENTS * MAX_DATAGRAM_BYTES> data;

  bool fits(size_t more) const { return more <= segmentBytes && bytes + more <= data.size(); }

  void append(const uint8_t* datagram, size_t more, SendCallback* callback) {
    std::memcpy(&data[bytes], datagram, more);
    bytes += more;
    callbacks[count++] = callback;
  }

  /** Nothing can follow. */
  bool isFull() const { return count == MAX_SEGMENTS || bytes < count * segmentBytes; }

  const sockaddr* to() const { return reinterpret_cast<const sockaddr*>(&address); }

  socklen_t addressBytes() const { return destination.family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }

  /** 0, or the error. All leave, or none. */
  int sendTogether() {
    uv_os_fd_t fd;
    if (uv_fileno(reinterpret_cast<uv_handle_t*>(socket), &fd) != 0) return EBADF;
    iovec part{data.data(), bytes};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(uint16_t))> control{};
    msghdr message{};
    message.msg_name = &address;
    message.msg_namelen = addressBytes();
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* segment = CMSG_FIRSTHDR(&message);
    segment->cmsg_level = SOL_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    const auto size = uint16_t(segmentBytes);
    std::memcpy(CMSG_DATA(segment), &size, sizeof size);
    ssize_t sent;
    do sent = sendmsg(fd, &message, 0);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
  }

  void answer(bool sent) {
    for (size_t at = 0; at < count; at += 1) {
      if (callbacks[at]) (*callbacks[at])(sent);
      delete callbacks[at];
    }
  }

  void forgetCallbacks() {
    for (size_t at = 0; at < count; at += 1) delete std::exchange(callbacks[at], nullptr);
  }
};

/** Places in the loop: behind its reading, and before its waiting, since timers send, too. */
struct UdpSendBatcher::LoopHooks {
  uv_prepare_t beforeWaiting;
  uv_check_t afterReading;
  unsigned open = 2;

  LoopHooks(uv_loop_t* loop, UdpSendBatcher* batcher) {
    beforeWaiting.data = afterReading.data = batcher;
    uv_prepare_init(loop, &beforeWaiting);
    uv_prepare_start(&beforeWaiting, [](uv_prepare_t* hook) { static_cast<UdpSendBatcher*>(hook->data)->flush(); });
    uv_check_init(loop, &afterReading);
    uv_check_start(&afterReading, [](uv_check_t* hook) { static_cast<UdpSendBatcher*>(hook->data)->flush(); });
    // A loop that has nothing else to do may end.
    uv_unref(reinterpret_cast<uv_handle_t*>(&beforeWaiting));
    uv_unref(reinterpret_cast<uv_handle_t*>(&afterReading));
  }

  /** Deletes them once the loop lets go of them. */
  void close() {
    beforeWaiting.data = afterReading.data = this;
    const auto closed = [](uv_handle_t* hook) {
      auto* hooks = static_cast<LoopHooks*>(hook->data);
      if (--hooks->open == 0) delete hooks;
    };
    uv_close(reinterpret_cast<uv_handle_t*>(&beforeWaiting), closed);
    uv_close(reinterpret_cast<uv_handle_t*>(&afterReading), closed);
  }
};

UdpSendBatcher::UdpSendBatcher(SendAlone* sendAlone) : sendAlone_(sendAlone), on_(!isSwitchedOff()) {}

UdpSendBatcher::~UdpSendBatcher() = default;

void UdpSendBatcher::attach(uv_udp_t* socket) {
  attached_ += 1;
  if (attached_ > 1 || !on_) return;
  on_ = canSegment(socket);
  if (!on_) return;
  hooks_ = new LoopHooks(socket->loop, this);
  prctl(PR_GET_NAME, name_.data());
  prctl(PR_SET_NAME, NAME_WHEN_ON);
}

void UdpSendBatcher::detach(uv_udp_t* socket) {
  for (size_t at = 0; at < waiting_.size(); at += 1) {
    Batch* batch = waiting_[at];
    if (!batch || batch->socket != socket) continue;
    batch->forgetCallbacks();  // their owners are on their way out, too
    send(*batch);
  }
  absl::erase_if(routes_, [socket](const auto& route) { return route.first.socket == socket; });
  attached_ -= 1;
  if (attached_ == 0 && hooks_) std::exchange(hooks_, nullptr)->close();
}

bool UdpSendBatcher::offer(uv_udp_t* socket, const uint8_t* datagram, size_t bytes, const sockaddr* to,
                           SendCallback* callback) {
  if (std::exchange(passesNext_, false)) return false;
  const bool begins = on_ && beginsBurst(datagram, bytes);
  if (!begins && waitingCount_ == 0) return false;

  const Destination destination = destinationOf(socket, to);
  const auto known = routes_.find(destination);
  if (known != routes_.end() && known->second.open) {
    Batch& batch = *known->second.open;
    if (batch.fits(bytes)) {
      batch.append(datagram, bytes, callback);
      if (batch.isFull() || endsFrame(datagram, bytes)) send(batch);
      return true;
    }
    if (bytes > batch.data.size()) {
      send(batch);  // nothing in the worker is so long
      return false;
    }
    // In its place before the other leaves: what the other's callbacks send comes behind it.
    Batch& next = begin(destination, socket, to, bytes);
    next.append(datagram, bytes, callback);
    send(batch);
    if (!beginsBurst(datagram, bytes) && routes_[destination].open == &next) send(next);
    return true;
  }
  const bool isAlone = known != routes_.end() && known->second.alone;
  if (!begins || isAlone || waitingCount_ >= MAX_WAITING || uv_udp_get_send_queue_count(socket) > 0) return false;
  begin(destination, socket, to, bytes).append(datagram, bytes, callback);
  return true;
}

void UdpSendBatcher::flush() {
  // By place: callbacks may send, which adds at the end.
  for (size_t at = 0; at < waiting_.size(); at += 1)
    if (Batch* batch = waiting_[at]) send(*batch);
  waiting_.clear();
  if (routes_.size() > MAX_ROUTES) routes_.clear();
}

UdpSendBatcher::Batch& UdpSendBatcher::begin(const Destination& destination, uv_udp_t* socket, const sockaddr* to,
                                             size_t segmentBytes) {
  if (free_.empty()) free_.push_back(batches_.emplace_back(std::make_unique_for_overwrite<Batch>()).get());
  Batch& batch = *free_.back();
  free_.pop_back();
  batch.socket = socket;
  batch.destination = destination;
  batch.place = waiting_.size();
  batch.segmentBytes = segmentBytes;
  batch.bytes = batch.count = 0;
  std::memcpy(&batch.address, to, batch.addressBytes());
  waiting_.push_back(&batch);
  waitingCount_ += 1;
  routes_[destination].open = &batch;
  return batch;
}

void UdpSendBatcher::send(Batch& batch) {
  // First, since callbacks may offer more.
  waiting_[batch.place] = nullptr;
  waitingCount_ -= 1;
  Batch*& open = routes_[batch.destination].open;
  if (open == &batch) open = nullptr;

  const bool isBehindOthers = uv_udp_get_send_queue_count(batch.socket) > 0;
  if (!on_ || batch.count == 1 || isBehindOthers) {
    sendOneByOne(batch);
  } else if (const int error = batch.sendTogether(); error != 0) {
    learn(error, batch.destination);
    sendOneByOne(batch);
  } else {
    batch.answer(true);
  }
  free_.push_back(&batch);
}

void UdpSendBatcher::sendOneByOne(Batch& batch) {
  const bool holds = batch.count > 1;
  const auto held = holds ? std::make_shared<HeldAnswers>() : nullptr;
  for (size_t at = 0; at < batch.count; at += 1) {
    const size_t begin = at * batch.segmentBytes;
    const size_t bytes = std::min(batch.segmentBytes, batch.bytes - begin);
    SendCallback* callback = std::exchange(batch.callbacks[at], nullptr);
    passesNext_ = true;
    sendAlone_(batch.socket, &batch.data[begin], bytes, batch.to(), holds && callback ? hold(callback, held) : callback);
    passesNext_ = false;
  }
  if (held) held->release();
}

void UdpSendBatcher::learn(int error, const Destination& destination) {
  if (error == EINVAL || error == EMSGSIZE) routes_[destination].alone = true;
  if (error != EIO && error != EOPNOTSUPP) return;
  on_ = false;
  prctl(PR_SET_NAME, name_.data());
}

}  // namespace conclave
