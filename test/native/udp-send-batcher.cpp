// Sends through the batcher of native/src as the worker does, with real sockets: udp-send-batcher CASE [SEED]
//
// Prints what happened as JSON. Ends with 1 and a line that says why when a datagram is not what was sent, comes out of order, or
// when a callback is called twice.
#include <arpa/inet.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <random>
#include <string>

#include "UdpSendBatcher.hpp"

// Of this program only, by the linker's --wrap: libuv's own calls are not among them.
extern "C" ssize_t __real_sendmsg(int fd, const msghdr* message, int flags);

namespace {

int failure = 0;
unsigned long together = 0;
unsigned long segments = 0;
unsigned long refused = 0;

}  // namespace

extern "C" ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags) {
  const int error = std::exchange(failure, 0);
  if (error) errno = error;
  const ssize_t sent = error ? -1 : __real_sendmsg(fd, message, flags);
  if (sent < 0) {
    refused += 1;
  } else {
    uint16_t size;
    std::memcpy(&size, CMSG_DATA(CMSG_FIRSTHDR(message)), sizeof size);
    together += 1;
    segments += (size_t(sent) + size - 1) / size;
  }
  return sent;
}

namespace {

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::_Exit(1);
}

void must(bool holds, const std::string& what) {
  if (!holds) fail(what);
}

using Datagram = std::vector<uint8_t>;
using Callback = conclave::UdpSendBatcher::SendCallback;

/** The end of a socket that the worker has: its ordinary way to send is the one of mediasoup's UdpSocketHandle. */
class Sender {
 public:
  Sender(uv_loop_t* loop, int family) {
    handle_ = new uv_udp_t;
    uv_udp_init(loop, handle_);
    handle_->data = this;
    sockaddr_storage own{};
    own.ss_family = sa_family_t(family);
    if (family == AF_INET6) reinterpret_cast<sockaddr_in6*>(&own)->sin6_addr = in6addr_loopback;
    else reinterpret_cast<sockaddr_in*>(&own)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(uv_udp_bind(handle_, reinterpret_cast<sockaddr*>(&own), 0) == 0, "cannot bind");
    uv_udp_recv_start(
        handle_, [](uv_handle_t*, size_t, uv_buf_t* part) { *part = uv_buf_init(nullptr, 0); },
        [](uv_udp_t*, ssize_t, const uv_buf_t*, const sockaddr*, unsigned) {});
    batcher().attach(handle_);
  }

  static conclave::UdpSendBatcher& batcher() {
    static conclave::UdpSendBatcher all([](uv_udp_t* handle, const uint8_t* data, size_t bytes, const sockaddr* to,
                                           Callback* callback) {
      static_cast<Sender*>(handle->data)->send(data, bytes, to, callback);
    });
    return all;
  }

  uv_udp_t* handle() const { return handle_; }

  void send(const uint8_t* data, size_t bytes, const sockaddr* to, Callback* callback) {
    if (closed_) return answer(callback, false);
    if (batcher().offer(handle_, data, bytes, to, callback)) return;
    uv_buf_t part = uv_buf_init(reinterpret_cast<char*>(const_cast<uint8_t*>(data)), unsigned(bytes));
    if (uv_udp_try_send(handle_, &part, 1, to) == int(bytes)) return answer(callback, true);
    auto* queued = new Queued{{}, Datagram(data, data + bytes), callback};
    queued->request.data = queued;
    part = uv_buf_init(reinterpret_cast<char*>(queued->data.data()), unsigned(bytes));
    const int error = uv_udp_send(&queued->request, handle_, &part, 1, to, [](uv_udp_send_t* request, int status) {
      auto* done = static_cast<Queued*>(request->data);
      if (request->handle->data && done->callback) (*done->callback)(status == 0);
      delete done->callback;
      delete done;
    });
    if (error == 0) return;
    answer(callback, false);
    delete queued;
  }

  void close() {
    if (closed_) return;
    batcher().detach(handle_);
    closed_ = true;
    handle_->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle_), [](uv_handle_t* handle) { delete reinterpret_cast<uv_udp_t*>(handle); });
  }

 private:
  struct Queued {
    uv_udp_send_t request;
    Datagram data;
    Callback* callback;
  };

  static void answer(Callback* callback, bool sent) {
    if (callback) (*callback)(sent);
    delete callback;
  }

  uv_udp_t* handle_;
  bool closed_ = false;
};

/** Whom it is sent to: a plain socket, as clients have, which is not told how many datagrams left together. */
class Receiver {
 public:
  explicit Receiver(int family) : fd_(socket(family, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    const int bytes = 8 << 20;
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    address_.ss_family = sa_family_t(family);
    if (family == AF_INET6) reinterpret_cast<sockaddr_in6*>(&address_)->sin6_addr = in6addr_loopback;
    else reinterpret_cast<sockaddr_in*>(&address_)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    must(bind(fd_, reinterpret_cast<sockaddr*>(&address_), size) == 0, "cannot bind");
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size);
  }
  ~Receiver() { ::close(fd_); }

  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }
  int family() const { return address_.ss_family; }

  /** Of all that is sent to it, in the order in which it was offered. */
  std::deque<Datagram> expected;
  unsigned long received = 0;

  void drain() {
    static std::array<uint8_t, 65'536> buffer;
    for (;;) {
      const ssize_t bytes = recv(fd_, buffer.data(), buffer.size(), 0);
      if (bytes < 0) return;
      must(!expected.empty(), "a datagram that nobody sent");
      const Datagram& next = expected.front();
      must(next.size() == size_t(bytes) && std::memcmp(next.data(), buffer.data(), size_t(bytes)) == 0,
           "not the datagram whose turn it was");
      expected.pop_front();
      received += 1;
    }
  }

 private:
  int fd_;
  sockaddr_storage address_{};
};

/** A loop with senders and receivers, and a count of what became of each callback. */
struct Scene {
  uv_loop_t loop;
  std::mt19937 random;
  std::deque<Sender> senders;
  std::deque<Receiver> receivers;
  unsigned long offered = 0;
  unsigned long answeredTrue = 0;
  unsigned long answeredFalse = 0;
  unsigned long callbacks = 0;
  unsigned long deleted = 0;

  explicit Scene(unsigned seed) : random(seed) { uv_loop_init(&loop); }

  unsigned below(unsigned limit) { return unsigned(random() % limit); }

  /** Counts that it is deleted. */
  struct Life {
    Scene* scene;
    bool called = false;
    ~Life() { scene->deleted += 1; }
  };

  template <typename Then>
  Callback* callback(Then then) {
    callbacks += 1;
    auto life = std::make_shared<Life>(this);
    return new Callback([this, life, then](bool sent) {
      must(!std::exchange(life->called, true), "a callback that is called twice");
      (sent ? answeredTrue : answeredFalse) += 1;
      then();
    });
  }

  Datagram rtp(size_t bytes, bool marker) {
    Datagram datagram(std::max<size_t>(bytes, 12));
    for (auto& byte : datagram) byte = uint8_t(random());
    datagram[0] = 0x80;
    datagram[1] = uint8_t(marker ? 0x80 | 96 : 96);
    return datagram;
  }

  void send(Sender& sender, Receiver& receiver, Datagram datagram, Callback* callback) {
    offered += 1;
    receiver.expected.push_back(datagram);
    sender.send(datagram.data(), datagram.size(), receiver.address(), callback);
    std::fill(datagram.begin(), datagram.end(), uint8_t(0xee)); // as the worker's buffer is used again
  }

  void turn() {
    uv_run(&loop, UV_RUN_NOWAIT);
    for (auto& receiver : receivers) receiver.drain();
  }

  unsigned long missing() const {
    unsigned long count = 0;
    for (const auto& receiver : receivers) count += receiver.expected.size();
    return count;
  }

  void end() {
    for (auto& sender : senders) sender.close();
    while (uv_run(&loop, UV_RUN_NOWAIT) != 0) usleep(1'000);
    for (auto& receiver : receivers) receiver.drain();
    must(uv_loop_close(&loop) == 0, "something is left in the loop");
    must(deleted == callbacks, "a callback that nobody deleted");
    std::array<char, 16> name{};
    prctl(PR_GET_NAME, name.data());
    std::printf(
        "{\"offered\":%lu,\"missing\":%lu,\"callbacks\":%lu,\"answeredTrue\":%lu,\"answeredFalse\":%lu,\"together\":%lu,"
        "\"segments\":%lu,\"refused\":%lu,\"name\":\"%s\"}\n",
        offered, missing(), callbacks, answeredTrue, answeredFalse, together, segments, refused, name.data());
  }
};

/** Sizes as they come: equal, one byte apart, voices, frames that end, and some that no frame has. */
Datagram anyDatagram(Scene& scene) {
  const unsigned kind = scene.below(20);
  if (kind < 9) return scene.rtp(1'200, false);
  if (kind < 12) return scene.rtp(1'200 + scene.below(2), scene.below(3) == 0);
  if (kind < 15) return scene.rtp(80 + scene.below(100), false);
  if (kind < 17) return scene.rtp(400 + scene.below(1'100), scene.below(2) == 0);
  if (kind < 18) return scene.rtp(1'500, false);
  if (kind < 19) return scene.rtp(1'501 + scene.below(3'000), false);
  return Datagram{uint8_t(scene.below(256))};
}

/** Sends whatever to whomever, from callbacks too, while the kernel refuses now and then, and sockets come and go. */
void fuzz(unsigned seed, bool refuses) {
  Scene scene(seed);
  for (const int family : {AF_INET, AF_INET, AF_INET6}) scene.senders.emplace_back(&scene.loop, family);
  for (unsigned at = 0; at < 12; at += 1) scene.receivers.emplace_back(at % 3 == 2 ? AF_INET6 : AF_INET);
  constexpr int ORDINARY[] = {EAGAIN, ENOBUFS, EPERM, EINTR, ENETUNREACH};
  std::function<void(unsigned)> sendOne = [&](unsigned depth) {
    Receiver& receiver = scene.receivers[scene.below(12)];
    // One sender for each receiver: between two sockets there is no order.
    Sender& sender = scene.senders[receiver.family() == AF_INET6 ? 2 : size_t(&receiver - &scene.receivers[0]) % 2];
    if (refuses && failure == 0 && scene.below(25) == 0) failure = ORDINARY[scene.below(5)];
    const bool again = depth < 3 && scene.below(8) == 0;
    Callback* callback = scene.below(4) == 0 ? nullptr : scene.callback([&sendOne, again, depth] {
      if (again) sendOne(depth + 1);
    });
    scene.send(sender, receiver, anyDatagram(scene), callback);
  };
  for (unsigned turn = 0; turn < 400; turn += 1) {
    for (unsigned left = scene.below(60); left > 0; left -= 1) sendOne(0);
    scene.turn();
    must(scene.missing() == 0, "something waits although the loop has turned");
    if (refuses && turn == 250) failure = scene.below(2) ? EINVAL : EMSGSIZE;
    if (refuses && turn == 350) failure = EIO;
  }
  for (unsigned left = 40; left > 0; left -= 1) sendOne(0);
  scene.end();
}

/** Bursts of eight to one receiver, `frames` times, with a turn of the loop behind each. */
void bursts(Scene& scene, unsigned frames, size_t bytes) {
  for (unsigned frame = 0; frame < frames; frame += 1) {
    for (unsigned at = 0; at < 8; at += 1)
      scene.send(scene.senders[0], scene.receivers[0], scene.rtp(bytes, at == 7), scene.callback([] {}));
    scene.turn();
  }
}

void openPair(Scene& scene, int family = AF_INET) {
  scene.senders.emplace_back(&scene.loop, family);
  scene.receivers.emplace_back(family);
}

void plain(int family) {
  Scene scene(1);
  openPair(scene, family);
  bursts(scene, 20, 1'200);
  scene.end();
}

/** The send buffer is small and the device slow: the rest waits in libuv's queue, and what comes later waits behind it. */
void full() {
  Scene scene(1);
  openPair(scene);
  int bytes = 16 << 10;
  must(uv_send_buffer_size(reinterpret_cast<uv_handle_t*>(scene.senders[0].handle()), &bytes) == 0, "no send buffer");
  bursts(scene, 20, 1'200);
  must(uv_udp_get_send_queue_count(scene.senders[0].handle()) > 0, "the send buffer has never been full");
  for (unsigned turns = 0; scene.missing() > 0 && turns < 20'000; turns += 1) {
    scene.turn();
    usleep(1'000);
  }
  bursts(scene, 5, 1'200); // and it is as before
  for (unsigned turns = 0; scene.missing() > 0 && turns < 20'000; turns += 1) {
    scene.turn();
    usleep(1'000);
  }
  scene.end();
}

void closedWhileOpen() {
  Scene scene(1);
  openPair(scene);
  openPair(scene);
  for (unsigned at = 0; at < 3; at += 1)
    for (size_t pair = 0; pair < 2; pair += 1)
      scene.send(scene.senders[pair], scene.receivers[pair], scene.rtp(1'200, false), scene.callback([] {}));
  scene.senders[0].close();
  for (auto& receiver : scene.receivers) receiver.drain();
  must(scene.receivers[0].expected.empty(), "a socket closed and kept what it had");
  must(scene.receivers[1].received == 0, "a socket sent because another closed");
  scene.turn();
  scene.end();
}

/** Nobody listens there: each datagram is answered by an ICMP error, and another receiver of the same socket notices nothing. */
void unreachable() {
  Scene scene(1);
  openPair(scene);
  auto gone = std::make_unique<Receiver>(AF_INET);
  sockaddr_storage nowhere{};
  std::memcpy(&nowhere, gone->address(), sizeof(sockaddr_in));
  gone.reset();
  for (unsigned frame = 0; frame < 20; frame += 1) {
    for (unsigned at = 0; at < 8; at += 1) {
      const Datagram datagram = scene.rtp(1'200, at == 7);
      scene.senders[0].send(datagram.data(), datagram.size(), reinterpret_cast<sockaddr*>(&nowhere),
                            scene.callback([] {}));
    }
    bursts(scene, 1, 1'200);
  }
  scene.end();
}

/** More destinations than may wait at once, each with the beginning of a burst; and who is told that one has left begins some more. */
void many() {
  Scene scene(1);
  scene.senders.emplace_back(&scene.loop, AF_INET);
  scene.receivers.emplace_back(AF_INET);
  unsigned next = 0x7f00'0002; // all of 127.0.0.0/8 is this machine
  std::function<void(unsigned)> beginOne = [&](unsigned more) {
    sockaddr_in other{AF_INET, htons(9), {htonl(next++)}, {}};
    const Datagram datagram = scene.rtp(1'200, false);
    scene.senders[0].send(datagram.data(), datagram.size(), reinterpret_cast<sockaddr*>(&other),
                          scene.callback([&beginOne, more] {
                            for (unsigned at = 0; at < more; at += 1) beginOne(0);
                          }));
  };
  for (unsigned at = 0; at < 5'000; at += 1) beginOne(3);
  scene.turn();
  bursts(scene, 2, 1'200);
  scene.end();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const unsigned seed = argc > 2 ? unsigned(std::atoi(argv[2])) : 1;
  if (name == "fuzz") fuzz(seed, false);
  else if (name == "fuzz-refused") fuzz(seed, true);
  else if (name == "ipv4") plain(AF_INET);
  else if (name == "ipv6") plain(AF_INET6);
  else if (name == "full") full();
  else if (name == "closed") closedWhileOpen();
  else if (name == "unreachable") unreachable();
  else if (name == "many") many();
  else fail("no case: " + name);
}
