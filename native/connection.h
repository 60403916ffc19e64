// The kernel's IPVS as one object: finds the family, sends commands, reads lists.
#pragma once

#include <vector>

#include "exchange.h"
#include "table.h"

namespace ipvs {

// Errors are errnos or kNoIpvs, 0 is success. After an error of the connection itself, the next call opens it afresh.
// For one thread at a time.
class Connection final : public TableSource {
 public:
  explicit Connection(netlink::Transport& transport);

  // Connects and finds the family, which loads the module where it can be loaded. All else does this itself.
  int Open();
  void Close();

  // Carries operations out in order. They come in waves: `wave_ends` has, ascending, the index behind each one's last
  // operation, the last being the number of operations. After a wave in which anything failed, the rest is not tried.
  // `results` gets an errno for each operation that was tried. An operation may have been carried out all the same
  // where its result is an error of the connection, such as ENOBUFS or ETIMEDOUT.
  int Apply(const std::vector<Operation>& operations, const std::vector<uint32_t>& wave_ends,
            std::vector<int>& results);

  int ReadInfo(Info& info);
  int ReadTimeouts(Timeouts& timeouts);
  int ListDaemons(std::vector<Daemon>& daemons);
  int ListServices(bool counters, std::vector<Service>& services) override;
  int ListDestinations(const ServiceKey& key, bool counters, std::vector<Destination>& destinations,
                       bool& in_parts) override;
  int FindService(const ServiceKey& key, bool counters, Service& service) override;

 private:
  using ReplyHandler = std::function<void(netlink::Bytes attributes)>;

  struct Query {
    uint8_t command;
    // NLM_F_DUMP, or NLM_F_ACK for a single object.
    uint16_t flags;
    const ServiceKey* key = nullptr;
  };

  int Resolve();
  int Ask(const Query& query, const ReplyHandler& handler, size_t* datagrams = nullptr);
  int AskOnce(const Query& query, const ReplyHandler& handler, size_t* datagrams);
  int ApplyWave(const std::vector<Operation>& operations, uint32_t start, uint32_t end, std::vector<int>& results);
  // Sends the operations with these indices, whatever their results were, with as few calls as can be.
  void Send(const std::vector<Operation>& operations, const std::vector<uint32_t>& indices, std::vector<int>& results);
  // Writes as many of them as go with one call, from `start` on, and a barrier. Returns the place behind the last.
  size_t WriteRun(const std::vector<Operation>& operations, const std::vector<uint32_t>& indices, size_t start);

  netlink::Transport& transport_;
  std::vector<uint8_t> requests_;
  netlink::MessageWriter writer_;
  // 0 is none.
  uint16_t family_ = 0;
  uint32_t next_sequence_ = 1;
};

}  // namespace ipvs
