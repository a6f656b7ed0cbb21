// A UDP socket over IPv4 that does not block and talks to one other.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

/** A burst of all pictures at once. The kernel may give less. */
constexpr int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

inline sockaddr_in ipv4(const std::string& address, unsigned port) {
  sockaddr_in result{AF_INET, htons(uint16_t(port)), {}, {}};
  if (inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
    throw std::runtime_error("no IPv4 address: " + address);
  return result;
}

class UdpSocket {
 public:
  /** On any port of an address of this machine. */
  explicit UdpSocket(const std::string& address) : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    // As root past the limit of the system, else up to it.
    for (const int option : {SO_RCVBUF, SO_RCVBUFFORCE})
      setsockopt(fd_, SOL_SOCKET, option, &SOCKET_BUFFER_BYTES, sizeof SOCKET_BUFFER_BYTES);
    own_ = ipv4(address, 0);
    socklen_t bytes = sizeof own_;
    auto* own = reinterpret_cast<sockaddr*>(&own_);
    if (bind(fd_, own, bytes) != 0 || getsockname(fd_, own, &bytes) != 0) throw std::runtime_error("cannot bind");
  }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  ~UdpSocket() { close(fd_); }

  int fd() const { return fd_; }
  const sockaddr_in& own() const { return own_; }
  unsigned port() const { return ntohs(own_.sin_port); }

  void connectTo(const std::string& address, unsigned port) {
    const sockaddr_in other = ipv4(address, port);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&other), sizeof other) != 0)
      throw std::runtime_error("cannot connect");
  }

  /** False when the kernel does not take it. */
  bool send(const uint8_t* datagram, size_t bytes) { return ::send(fd_, datagram, bytes, 0) == ssize_t(bytes); }

 private:
  int fd_;
  sockaddr_in own_{};
};
