#include "socket.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace netlink {
namespace {

// The kernel fills at most 32 KiB of a dump into one datagram, provided that the reader offers as much.
constexpr size_t kDatagramSize = 64 * 1024;
// One call to the kernel brings a dump's rows together with the end of the dump.
constexpr size_t kDatagramsPerCall = 4;
// Room for the answers to a few thousand refused requests.
constexpr int kReceiveBufferSize = 4 * 1024 * 1024;
constexpr int kSendBufferSize = 1024 * 1024;
// What an answer takes of the receive buffer: its few bytes, and the kernel's own structures around them.
constexpr size_t kAnswerCost = 1280;
// The kernel answers within the sending call; it never takes long to hand the answer out.
constexpr int kReceiveTimeoutSeconds = 30;

template <typename T>
bool SetOption(int descriptor, int level, int name, const T& value) {
  return setsockopt(descriptor, level, name, &value, sizeof(value)) == 0;
}

// The forced variant needs CAP_NET_ADMIN and goes beyond the host's limit; the other one is cut to it.
void SetBufferSize(int descriptor, int forced, int limited, int size) {
  if (!SetOption(descriptor, SOL_SOCKET, forced, size)) SetOption(descriptor, SOL_SOCKET, limited, size);
}

}  // namespace

Socket::Socket() : buffers_(std::make_unique<uint8_t[]>(kDatagramSize * kDatagramsPerCall)) {
}

Socket::~Socket() {
  Close();
}

void Socket::Close() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

int Socket::Open() {
  if (descriptor_ >= 0) return 0;
  descriptor_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (descriptor_ < 0) return errno;
  const int error = Configure();
  if (error != 0) Close();
  return error;
}

int Socket::Configure() {
  SetBufferSize(descriptor_, SO_RCVBUFFORCE, SO_RCVBUF, kReceiveBufferSize);
  SetBufferSize(descriptor_, SO_SNDBUFFORCE, SO_SNDBUF, kSendBufferSize);
  // Without this, every error carries the whole request along.
  SetOption(descriptor_, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  const timeval timeout = {kReceiveTimeoutSeconds, 0};
  SetOption(descriptor_, SOL_SOCKET, SO_RCVTIMEO, timeout);

  int receive_buffer_size = 0;
  socklen_t length = sizeof(receive_buffer_size);
  if (getsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_size, &length) != 0) return errno;
  answer_capacity_ = std::max<size_t>(static_cast<size_t>(receive_buffer_size) / kAnswerCost, 1);

  sockaddr_nl local = {};
  local.nl_family = AF_NETLINK;
  if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&local), sizeof(local)) != 0) return errno;
  // Only the kernel may answer.
  return connect(descriptor_, reinterpret_cast<const sockaddr*>(&local), sizeof(local)) == 0 ? 0 : errno;
}

int Socket::Send(Bytes messages) {
  ssize_t sent;
  do {
    sent = send(descriptor_, messages.data, messages.size, 0);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

int Socket::Receive(std::vector<Bytes>& datagrams) {
  datagrams.clear();
  iovec memory[kDatagramsPerCall];
  mmsghdr messages[kDatagramsPerCall] = {};
  sockaddr_nl senders[kDatagramsPerCall] = {};
  for (size_t i = 0; i < kDatagramsPerCall; i++) {
    memory[i] = {buffers_.get() + i * kDatagramSize, kDatagramSize};
    messages[i].msg_hdr.msg_iov = &memory[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &senders[i];
    messages[i].msg_hdr.msg_namelen = sizeof(senders[i]);
  }
  int count;
  do {
    count = recvmmsg(descriptor_, messages, kDatagramsPerCall, MSG_WAITFORONE, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return errno == EAGAIN ? ETIMEDOUT : errno;
  for (int i = 0; i < count; i++) {
    if (messages[i].msg_hdr.msg_flags & MSG_TRUNC) return EMSGSIZE;
    if (senders[i].nl_pid != 0) continue;
    datagrams.push_back({static_cast<const uint8_t*>(memory[i].iov_base), messages[i].msg_len});
  }
  return 0;
}

}  // namespace netlink
