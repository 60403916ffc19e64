// ICMP echo requests and their answers. Knows nothing of Node.
#pragma once

#include <memory>

#include "message.h"
#include "probe_socket.h"

namespace probe {

// Of a packet as a raw IPv4 socket gives it, what comes behind the header; nothing where there is no whole header.
netlink::Bytes SkipIpHeader(netlink::Bytes packet);

// A socket for echo messages of one family. Where the host lets this process have a socket for nothing else, it is such
// a one, and the kernel writes the identifier of requests and sorts answers by it. Otherwise it is a raw one, which
// gets all answers that reach the host.
class EchoSocket {
 public:
  EchoSocket();
  ~EchoSocket();
  EchoSocket(const EchoSocket&) = delete;
  EchoSocket& operator=(const EchoSocket&) = delete;

  // Returns 0 or an errno; EACCES where this process may have neither kind.
  int Open(const Route& route);
  void Close();
  int descriptor() const { return descriptor_; }

  // Sends one message, the type first, with its checksum where the family is IPv4. Never waits. Returns 0 or an errno.
  int Send(const Address& to, netlink::Bytes message);
  // Takes one message that waits, and who sent it. It lasts until the next call. False where none waits.
  bool Receive(netlink::Bytes& from, netlink::Bytes& message);

 private:
  int family_ = 0;
  int descriptor_ = -1;
  bool raw_ = false;
  sockaddr_storage sender_ = {};
  std::unique_ptr<uint8_t[]> buffer_;
};

}  // namespace probe
