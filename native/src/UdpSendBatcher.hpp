// Hands several datagrams for one address to the kernel in one call: UDP segmentation offload (GSO), Linux 4.18 and later.
#pragma once
#include <absl/container/flat_hash_map.h>
#include <netinet/in.h>
#include <uv.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace conclave {

/** An address as one socket reaches it. */
struct Destination {
  const uv_udp_t* socket;
  std::array<uint8_t, 16> ip;
  uint32_t scope;
  uint16_t family;
  uint16_t port;

  bool operator==(const Destination&) const = default;

  template <typename Hash>
  friend Hash AbslHashValue(Hash hash, const Destination& to) {
    return Hash::combine(std::move(hash), to.socket, to.ip, to.scope, to.family, to.port);
  }
};

/**
 * All UDP sockets of one loop. A datagram that is part of a burst waits for the rest of it, and never longer than until the loop
 * has served what has come: it leaves before the loop waits again. Per address nothing overtakes anything. Whatever the kernel
 * refuses to take together goes one by one, as without a batcher, and so does everything where the kernel cannot do it.
 *
 * Not for several threads.
 */
class UdpSendBatcher {
 public:
  /** Called once with the kernel's answer, and deleted; deleted uncalled when the socket closes before. May be null. */
  using SendCallback = const std::function<void(bool sent)>;
  /** Sends one datagram of an attached socket in the ordinary way; it is offered on the way, and that offer is refused. */
  using SendAlone = void(uv_udp_t* socket, const uint8_t* datagram, size_t bytes, const sockaddr* to, SendCallback* callback);

  /** `CONCLAVE_GSO=off` in the environment: takes nothing. */
  explicit UdpSendBatcher(SendAlone* sendAlone);
  UdpSendBatcher(const UdpSendBatcher&) = delete;
  UdpSendBatcher& operator=(const UdpSendBatcher&) = delete;
  ~UdpSendBatcher();

  void attach(uv_udp_t* socket);
  /** Before the socket is closed. What it has waiting is sent now. */
  void detach(uv_udp_t* socket);

  /** True when it takes the datagram, copies it and owns the callback; otherwise the caller sends it now, and it is in order. */
  bool offer(uv_udp_t* socket, const uint8_t* datagram, size_t bytes, const sockaddr* to, SendCallback* callback);

  /** Sends all that waits. The loop calls it after it has served input, and before it waits for more. */
  void flush();

 private:
  struct Batch;
  struct Route {
    /** Null when nothing waits. */
    Batch* open = nullptr;
    /** The kernel has refused to segment for it: its packets are longer than the way allows. */
    bool alone = false;
  };
  struct LoopHooks;

  Batch& begin(const Destination& destination, uv_udp_t* socket, const sockaddr* to, size_t segmentBytes);
  void send(Batch& batch);
  void sendOneByOne(Batch& batch);
  /** What an error says about those that come after. */
  void learn(int error, const Destination& destination);

  SendAlone* const sendAlone_;
  bool on_;
  /** What the process was called before. */
  std::array<char, 16> name_{};
  /** The next offer comes from ourselves. */
  bool passesNext_ = false;
  unsigned attached_ = 0;
  LoopHooks* hooks_ = nullptr;
  absl::flat_hash_map<Destination, Route> routes_;
  /** Those that wait, the oldest first, and gaps where one has left meanwhile. */
  std::vector<Batch*> waiting_;
  unsigned waitingCount_ = 0;
  std::vector<std::unique_ptr<Batch>> batches_;
  /** Of those the ones that are free, the last used at the end. */
  std::vector<Batch*> free_;
};

}  // namespace conclave
