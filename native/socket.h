// The connection to the kernel: system calls, and nothing about what the messages mean.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "message.h"

namespace netlink {

// What carries messages to the kernel and back. Errors are errnos, 0 is success.
class Transport {
 public:
  virtual ~Transport() = default;

  // Does nothing where it is open already.
  virtual int Open() = 0;
  // Drops what is under way. The next Open() starts afresh.
  virtual void Close() = 0;
  virtual int Send(Bytes messages) = 0;
  // Waits for at least one datagram. What it gives is good until the next call.
  virtual int Receive(std::vector<Bytes>& datagrams) = 0;
  // How many answers the kernel can queue before it drops one.
  virtual size_t AnswerCapacity() const = 0;
};

// A generic netlink socket of the network namespace that the opening thread is in: all threads of a process that does
// not call setns() share one, so it does not matter which thread opens it. For one thread at a time.
class Socket final : public Transport {
 public:
  Socket();
  ~Socket() override;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int Open() override;
  void Close() override;
  int Send(Bytes messages) override;
  // ETIMEDOUT where the kernel stays silent, EMSGSIZE where a datagram is larger than any that it should send, ENOBUFS
  // where it dropped answers.
  int Receive(std::vector<Bytes>& datagrams) override;
  size_t AnswerCapacity() const override { return answer_capacity_; }

 private:
  int Configure();

  int descriptor_ = -1;
  size_t answer_capacity_ = 0;
  std::unique_ptr<uint8_t[]> buffers_;
};

}  // namespace netlink
