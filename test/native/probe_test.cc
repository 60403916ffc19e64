#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "../../native/echo_socket.h"
#include "check.h"

namespace {

using netlink::Bytes;
using probe::Address;
using probe::EchoSocket;
using probe::OpenSocket;
using probe::Route;
using probe::SourceTowards;

const Address kLocal4 = {127, 0, 0, 1};
const Address kLocal6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// False where this process lacks the right to do it, which is told.
bool IsAllowed(int error, const char* what) {
  if (error != EPERM && error != EACCES) return true;
  std::cerr << "not tested, for want of a capability: " << what << "\n";
  return false;
}

TEST("a socket is bound to the source, and its port is picked later") {
  const int descriptor = OpenSocket(SOCK_STREAM, {AF_INET, kLocal4, 0});
  EXPECT(descriptor >= 0);
  sockaddr_in name = {};
  socklen_t size = sizeof(name);
  EXPECT_EQUAL(getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size), 0);
  EXPECT_EQUAL(memcmp(&name.sin_addr, kLocal4.data(), 4), 0);
  EXPECT_EQUAL(name.sin_port, 0);
  EXPECT((fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
  EXPECT((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
  close(descriptor);
}

TEST("a socket for datagrams has a port before it asks anybody") {
  for (const Address& source : {Address{}, kLocal4}) {
    const int descriptor = OpenSocket(SOCK_DGRAM, {AF_INET, source, 0});
    EXPECT(descriptor >= 0);
    sockaddr_in name = {};
    socklen_t size = sizeof(name);
    EXPECT_EQUAL(getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size), 0);
    EXPECT(name.sin_port != 0);
    close(descriptor);
  }
}

TEST("the address that packets leave from is what the routes say") {
  int error = -1;
  EXPECT(SourceTowards(AF_INET, kLocal4, error) == kLocal4);
  EXPECT_EQUAL(error, 0);
  EXPECT(SourceTowards(AF_INET6, kLocal6, error) == kLocal6);
  EXPECT_EQUAL(error, 0);
  EXPECT(SourceTowards(AF_INET, kLocal6, error).empty());
  EXPECT_EQUAL(error, EAFNOSUPPORT);
}

TEST("a source of the other family, or that this host has not, opens nothing") {
  EXPECT_EQUAL(OpenSocket(SOCK_STREAM, {AF_INET, kLocal6, 0}), -EAFNOSUPPORT);
  EXPECT_EQUAL(OpenSocket(SOCK_DGRAM, {AF_INET6, kLocal4, 0}), -EAFNOSUPPORT);
  EXPECT_EQUAL(OpenSocket(SOCK_DGRAM, {AF_INET, {127, 0, 0}, 0}), -EAFNOSUPPORT);
  EXPECT_EQUAL(OpenSocket(SOCK_DGRAM, {AF_INET, {192, 0, 2, 1}, 0}), -EADDRNOTAVAIL);
}

TEST("a socket carries the mark, whatever its bits") {
  for (const uint32_t mark : {1u, 0x7fffffffu, 0xffffffffu}) {
    const int descriptor = OpenSocket(SOCK_DGRAM, {AF_INET6, {}, mark});
    if (!IsAllowed(-descriptor, "marks")) return;
    uint32_t found = 0;
    socklen_t size = sizeof(found);
    EXPECT_EQUAL(getsockopt(descriptor, SOL_SOCKET, SO_MARK, &found, &size), 0);
    EXPECT_EQUAL(found, mark);
    close(descriptor);
  }
}

TEST("behind an IPv4 header is what follows its length, and nothing where that lies") {
  uint8_t packet[64] = {};
  for (size_t size = 0; size <= sizeof(packet); size++) {
    for (unsigned words = 0; words < 16; words++) {
      packet[0] = static_cast<uint8_t>(0x40 | words);
      const Bytes rest = probe::SkipIpHeader({packet, size});
      const bool is_whole = words >= 5 && words * 4 <= size;
      EXPECT_EQUAL(rest.size, is_whole ? size - words * 4 : 0);
      if (is_whole) EXPECT(rest.data == packet + words * 4);
    }
  }
}

// An echo request without a checksum, which IPv6 leaves to the kernel, and IPv4 gets by its second half.
struct Request {
  uint8_t type;
  uint8_t code;
  uint16_t checksum;
  uint16_t id;
  uint16_t sequence;
};

Request MakeRequest(int family) {
  const uint8_t type = family == AF_INET ? 8 : 128;
  return {type, 0, static_cast<uint16_t>(~(type + htons(1))), 0, htons(1)};
}

void TestEcho(int family, const Address& address, uint8_t answer_type) {
  EchoSocket socket;
  const int error = socket.Open({family, address, 0});
  if (!IsAllowed(error, "pings")) return;
  EXPECT_EQUAL(error, 0);
  Bytes from;
  Bytes message;
  EXPECT(!socket.Receive(from, message));
  const Request request = MakeRequest(family);
  EXPECT_EQUAL(socket.Send(address, {reinterpret_cast<const uint8_t*>(&request), sizeof(request)}), 0);
  pollfd waiting = {socket.descriptor(), POLLIN, 0};
  EXPECT_EQUAL(poll(&waiting, 1, 1000), 1);
  EXPECT(socket.Receive(from, message));
  EXPECT_EQUAL(from.size, address.size());
  EXPECT_EQUAL(memcmp(from.data, address.data(), address.size()), 0);
  EXPECT_EQUAL(message.size, sizeof(request));
  EXPECT_EQUAL(message.data[0], answer_type);
  EXPECT(!socket.Receive(from, message));
}

TEST("an IPv4 echo request is answered") {
  TestEcho(AF_INET, kLocal4, 0);
}

TEST("an IPv6 echo request is answered") {
  TestEcho(AF_INET6, kLocal6, 129);
}

TEST("an echo socket sends to nobody of another family, and when it is closed to nobody at all") {
  EchoSocket socket;
  const int error = socket.Open({AF_INET, {}, 0});
  if (!IsAllowed(error, "pings")) return;
  const Request request = MakeRequest(AF_INET);
  const Bytes bytes = {reinterpret_cast<const uint8_t*>(&request), sizeof(request)};
  EXPECT_EQUAL(socket.Send(kLocal6, bytes), EAFNOSUPPORT);
  socket.Close();
  EXPECT_EQUAL(socket.Send(kLocal4, bytes), EBADF);
}

}  // namespace
