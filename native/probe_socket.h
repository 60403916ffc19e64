// Sockets of health probes that Node cannot make: with a mark, or bound before they connect. Knows nothing of Node.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace probe {

// 4 or 16 bytes, in network order; none at all where any address will do.
using Address = std::vector<uint8_t>;

// How a probe's packets leave this host.
struct Route {
  // AF_INET or AF_INET6.
  int family;
  Address source;
  // 0 is none.
  uint32_t mark;
};

// Room for a socket address of either family.
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// Port 0. False where the bytes are no address of the family.
bool MakeSocketAddress(int family, const Address& address, SocketAddress& made);

// Marks and binds a socket of the route's family. Returns 0 or an errno: EPERM where this process may mark nothing.
int SetRoute(int descriptor, const Route& route);

// A socket that never waits, of this type and route; one for datagrams has a port of its own. Returns its descriptor,
// or an errno below zero.
int OpenSocket(int type, const Route& route);

// The address of this host that packets to that one leave from; no bytes, and an errno, where no route leads there.
Address SourceTowards(int family, const Address& address, int& error);

}  // namespace probe
