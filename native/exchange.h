// Requests and their answers: who answers what, and when an exchange is over.
#pragma once

#include <cstdint>
#include <functional>

#include "socket.h"

namespace netlink {

// One send and all that the kernel has to say to it.
struct Requests {
  Bytes messages;
  // Their sequence numbers: `count` of them from `first` on, in order.
  uint32_t first = 0;
  uint32_t count = 1;
};

struct Outcome {
  // An errno of the connection itself: the answers are not complete, and the transport is closed. 0 otherwise.
  int transport_error = 0;
  // The errno that the last request was answered with; 0 for success.
  int last_error = 0;
  // How many datagrams the answers came in.
  size_t datagrams = 0;
};

// Gets every answer but the closing one of the last request: its index (0 for the first request), and the message.
// That may be NLMSG_ERROR, NLMSG_DONE or a reply.
using AnswerHandler = std::function<void(uint32_t index, const Message& message)>;

// Sends requests, the last of which must be one that is always answered to the end: a dump, a barrier, or another one
// with NLM_F_ACK. The kernel handles requests in order, so when the last is answered, all are.
Outcome Exchange(Transport& transport, const Requests& requests, const AnswerHandler& handler);

}  // namespace netlink
