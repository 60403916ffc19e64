// A kernel that answers as a test says.
#pragma once

#include <cerrno>
#include <functional>

#include "../../native/exchange.h"
#include "samples.h"

namespace test {

// Takes requests apart and lets a function answer each. Acknowledges as the kernel does: errors always, success only
// where that was asked for; and nothing at all where the function says EINTR.
class ScriptedTransport final : public netlink::Transport {
 public:
  struct Request {
    uint16_t family;
    uint16_t flags;
    uint8_t command;
    netlink::Bytes attributes;
  };
  // Returns an errno. May add replies to the datagram by Begin(sequence, …) and End().
  using Answer = std::function<int(const Request& request, uint32_t sequence, samples::Datagram& datagram)>;

  explicit ScriptedTransport(Answer answer) : answer_(std::move(answer)) {}

  int Open() override {
    if (!open) opened++;
    open = true;
    return open_error;
  }
  void Close() override {
    open = false;
    pending_.clear();
  }
  int Send(netlink::Bytes messages) override {
    sends++;
    netlink::MessageReader reader(messages);
    for (netlink::Message message; reader.Next(message);) Handle(message);
    return 0;
  }
  int Receive(std::vector<netlink::Bytes>& datagrams) override {
    datagrams.clear();
    if (receive_error != 0) return receive_error;
    if (pending_.empty()) return ETIMEDOUT;
    current_ = std::move(pending_.front());
    pending_.erase(pending_.begin());
    datagrams.push_back({current_.data(), current_.size()});
    return 0;
  }
  size_t AnswerCapacity() const override { return answer_capacity; }

  bool open = false;
  int opened = 0;
  int open_error = 0;
  int receive_error = 0;
  int sends = 0;
  size_t answer_capacity = 1000;

 private:
  void Handle(const netlink::Message& message) {
    samples::Datagram datagram;
    Request request = {message.type, message.flags, 0, {}};
    int error = 0;
    if (message.Generic(request.command, request.attributes)) error = answer_(request, message.sequence, datagram);
    if (error == EINTR) return;
    if (message.flags & NLM_F_ACK || error != 0) {
      datagram.AppendStatus(message.sequence, NLMSG_ERROR, error);
    } else if ((message.flags & NLM_F_DUMP) == NLM_F_DUMP) {
      datagram.AppendStatus(message.sequence, NLMSG_DONE, 0);
    } else {
      return;
    }
    pending_.push_back(datagram.Bytes());
  }

  Answer answer_;
  std::vector<std::vector<uint8_t>> pending_;
  std::vector<uint8_t> current_;
};

// A kernel with the family, for whose commands the function answers.
inline ScriptedTransport::Answer WithFamily(const uint16_t& family, ScriptedTransport::Answer answer) {
  return [&family, answer](const ScriptedTransport::Request& request, uint32_t sequence, samples::Datagram& datagram) {
    if (request.family == GENL_ID_CTRL) {
      if (family == 0) return ENOENT;
      datagram.Begin(sequence, CTRL_CMD_NEWFAMILY, GENL_ID_CTRL).Put<uint16_t>(CTRL_ATTR_FAMILY_ID, family);
      datagram.End();
      return 0;
    }
    return request.family == family ? answer(request, sequence, datagram) : ENOENT;
  };
}

}  // namespace test
