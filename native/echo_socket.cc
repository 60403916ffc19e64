#include "echo_socket.h"

#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>

namespace probe {
namespace {

using netlink::Bytes;

constexpr size_t kLargestPacket = 65536;
// Room for the answers to some thousand requests.
constexpr int kReceiveBufferSize = 1024 * 1024;
// Room for some ten thousand requests: those to hosts that nobody knows the way to wait for seconds, and take the room
// of all others.
constexpr int kSendBufferSize = 16 * 1024 * 1024;
constexpr size_t kSmallestIpHeader = 20;

int CreateSocket(int family, int type) {
  return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

// A raw socket would get whatever the host is told.
void LetAnswersIn(int descriptor, int family) {
  if (family == AF_INET) {
    const icmp_filter filter = {~(1u << ICMP_ECHOREPLY)};
    setsockopt(descriptor, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
  } else {
    icmp6_filter filter;
    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
    setsockopt(descriptor, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
  }
}

// The forced variant needs CAP_NET_ADMIN and goes beyond the host's limit; the other one is cut to it.
void SetBuffer(int descriptor, int forced, int limited, int size) {
  if (setsockopt(descriptor, SOL_SOCKET, forced, &size, sizeof(size)) != 0)
    setsockopt(descriptor, SOL_SOCKET, limited, &size, sizeof(size));
}

}  // namespace

Bytes SkipIpHeader(Bytes packet) {
  if (packet.size < kSmallestIpHeader) return {nullptr, 0};
  const size_t size = static_cast<size_t>(packet.data[0] & 0x0f) * 4;
  if (size < kSmallestIpHeader || size > packet.size) return {nullptr, 0};
  return {packet.data + size, packet.size - size};
}

EchoSocket::EchoSocket() : buffer_(new uint8_t[kLargestPacket]) {
}

EchoSocket::~EchoSocket() {
  Close();
}

void EchoSocket::Close() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

int EchoSocket::Open(const Route& route) {
  Close();
  family_ = route.family;
  descriptor_ = CreateSocket(family_, SOCK_DGRAM);
  raw_ = descriptor_ < 0 && errno == EACCES;
  if (raw_) descriptor_ = CreateSocket(family_, SOCK_RAW);
  // A mark may be refused with EPERM, too, and is to be told apart.
  if (descriptor_ < 0) return raw_ && errno == EPERM ? EACCES : errno;
  if (raw_) LetAnswersIn(descriptor_, family_);
  SetBuffer(descriptor_, SO_RCVBUFFORCE, SO_RCVBUF, kReceiveBufferSize);
  SetBuffer(descriptor_, SO_SNDBUFFORCE, SO_SNDBUF, kSendBufferSize);
  const int error = SetRoute(descriptor_, route);
  if (error != 0) Close();
  return error;
}

int EchoSocket::Send(const Address& to, Bytes message) {
  SocketAddress receiver;
  if (!MakeSocketAddress(family_, to, receiver)) return EAFNOSUPPORT;
  ssize_t sent;
  do {
    sent = sendto(descriptor_, message.data, message.size, MSG_DONTWAIT | MSG_NOSIGNAL, receiver.get(), receiver.size);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

bool EchoSocket::Receive(Bytes& from, Bytes& message) {
  socklen_t sender_size = sizeof(sender_);
  ssize_t size;
  do {
    size = recvfrom(descriptor_, buffer_.get(), kLargestPacket, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&sender_),
                    &sender_size);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return false;
  message = {buffer_.get(), static_cast<size_t>(size)};
  if (family_ == AF_INET) {
    if (raw_) message = SkipIpHeader(message);
    const auto* sender = reinterpret_cast<const sockaddr_in*>(&sender_);
    from = {reinterpret_cast<const uint8_t*>(&sender->sin_addr), sizeof(sender->sin_addr)};
  } else {
    const auto* sender = reinterpret_cast<const sockaddr_in6*>(&sender_);
    from = {reinterpret_cast<const uint8_t*>(&sender->sin6_addr), sizeof(sender->sin6_addr)};
  }
  return true;
}

}  // namespace probe
