#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace notify {

int Send(const std::string& address, const std::string& message) {
  sockaddr_un to = {};
  to.sun_family = AF_UNIX;
  // A path may fill the field without a NUL behind it; a name in the abstract namespace ends where the length says.
  if (address.size() < 2 || address.size() > sizeof(to.sun_path)) return EINVAL;
  memcpy(to.sun_path, address.data(), address.size());
  if (address[0] == '@') to.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());

  const int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0) return errno;
  const ssize_t sent = sendto(socket_fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                              reinterpret_cast<const sockaddr*>(&to), length);
  const int error = sent < 0 ? errno : 0;
  close(socket_fd);
  return error;
}

}  // namespace notify
