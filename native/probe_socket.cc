#include "probe_socket.h"

#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace probe {

int SetRoute(int descriptor, const Route& route) {
  if (route.mark != 0 && setsockopt(descriptor, SOL_SOCKET, SO_MARK, &route.mark, sizeof(route.mark)) != 0)
    return errno;
  if (route.source.empty()) return 0;
  SocketAddress source;
  if (!MakeSocketAddress(route.family, route.source, source)) return EAFNOSUPPORT;
  return bind(descriptor, source.get(), source.size) == 0 ? 0 : errno;
}

bool MakeSocketAddress(int family, const Address& address, SocketAddress& made) {
  made = {};
  if (family == AF_INET && address.size() == sizeof(in_addr)) {
    auto* of = reinterpret_cast<sockaddr_in*>(&made.storage);
    of->sin_family = AF_INET;
    memcpy(&of->sin_addr, address.data(), address.size());
    made.size = sizeof(*of);
    return true;
  }
  if (family == AF_INET6 && address.size() == sizeof(in6_addr)) {
    auto* of = reinterpret_cast<sockaddr_in6*>(&made.storage);
    of->sin6_family = AF_INET6;
    memcpy(&of->sin6_addr, address.data(), address.size());
    made.size = sizeof(*of);
    return true;
  }
  return false;
}

namespace {

// Node lets sockets that it takes over share their ports, whereupon two that ask the same server share its answers.
// Until then the kernel gives each port to one alone.
int PickPort(int descriptor, const Route& route) {
  if (!route.source.empty()) return 0;
  sockaddr_storage any = {};
  any.ss_family = static_cast<sa_family_t>(route.family);
  const socklen_t size = route.family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  return bind(descriptor, reinterpret_cast<const sockaddr*>(&any), size) == 0 ? 0 : errno;
}

Address BytesOf(const SocketAddress& address) {
  const bool is_ipv6 = address.storage.ss_family == AF_INET6;
  const auto* bytes =
      is_ipv6 ? reinterpret_cast<const uint8_t*>(&reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_addr)
              : reinterpret_cast<const uint8_t*>(&reinterpret_cast<const sockaddr_in*>(address.get())->sin_addr);
  return {bytes, bytes + (is_ipv6 ? sizeof(in6_addr) : sizeof(in_addr))};
}

}  // namespace

int OpenSocket(int type, const Route& route) {
  const int descriptor = socket(route.family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  if (type == SOCK_STREAM) {
    // The port is picked when it is known who is asked: so there are enough of them, however many are asked at a time.
    const int late = 1;
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof(late));
  }
  int error = SetRoute(descriptor, route);
  if (error == 0 && type == SOCK_DGRAM) error = PickPort(descriptor, route);
  if (error == 0) return descriptor;
  close(descriptor);
  return -error;
}

Address SourceTowards(int family, const Address& address, int& error) {
  error = EAFNOSUPPORT;
  SocketAddress to;
  if (!MakeSocketAddress(family, address, to)) return {};
  const int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    error = errno;
    return {};
  }
  SocketAddress from;
  from.size = sizeof(from.storage);
  // Sends nothing: the kernel looks for the route.
  error = connect(descriptor, to.get(), to.size) == 0 &&
                  getsockname(descriptor, reinterpret_cast<sockaddr*>(&from.storage), &from.size) == 0
              ? 0
              : errno;
  close(descriptor);
  return error == 0 ? BytesOf(from) : Address{};
}

}  // namespace probe
