#include "exchange.h"

namespace netlink {

Outcome Exchange(Transport& transport, const Requests& requests, const AnswerHandler& handler) {
  Outcome outcome;
  outcome.transport_error = transport.Send(requests.messages);
  std::vector<Bytes> datagrams;
  while (outcome.transport_error == 0) {
    outcome.transport_error = transport.Receive(datagrams);
    if (outcome.transport_error != 0) break;
    bool over = false;
    for (const Bytes& datagram : datagrams) {
      outcome.datagrams++;
      MessageReader reader(datagram);
      for (Message message; !over && reader.Next(message);) {
        // Sequence numbers wrap around, and so does this difference. What is beyond was asked by nobody.
        const uint32_t index = message.sequence - requests.first;
        if (index >= requests.count || message.type == NLMSG_NOOP) continue;
        over = index == requests.count - 1 && (message.type == NLMSG_ERROR || message.type == NLMSG_DONE);
        if (over) {
          outcome.last_error = message.Error();
        } else {
          handler(index, message);
        }
      }
    }
    if (over) return outcome;
  }
  // Late answers must not be taken for answers to what is asked next.
  transport.Close();
  return outcome;
}

}  // namespace netlink
