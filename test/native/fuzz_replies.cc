// Whatever comes from the kernel, nobody looks beyond it, and what is taken from it can be packed.
//
// The input is a sequence of datagrams, each behind its length as two bytes in little-endian order.
#include <algorithm>
#include <cerrno>
#include <memory>

#include "../../native/requests.h"
#include "samples.h"

namespace {

class ReplayedTransport final : public netlink::Transport {
 public:
  explicit ReplayedTransport(netlink::Bytes input) : rest_(input) {}

  int Open() override { return 0; }
  void Close() override {}
  // The question for the family is always answered: without it, there is nothing else to see.
  int Send(netlink::Bytes messages) override {
    netlink::Message request;
    family_asked_ = netlink::MessageReader(messages).Next(request) && request.type == GENL_ID_CTRL;
    sequence_ = request.sequence;
    return 0;
  }
  int Receive(std::vector<netlink::Bytes>& datagrams) override {
    datagrams.clear();
    if (family_asked_) {
      datagrams.push_back(Take(MakeFamily()));
      family_asked_ = false;
      return 0;
    }
    if (rest_.size < 2) return ETIMEDOUT;
    const size_t length = std::min<size_t>(rest_.data[0] | rest_.data[1] << 8, rest_.size - 2);
    datagrams.push_back(Take({rest_.data + 2, rest_.data + 2 + length}));
    rest_ = {rest_.data + 2 + length, rest_.size - 2 - length};
    return 0;
  }
  size_t AnswerCapacity() const override { return 100; }

 private:
  std::vector<uint8_t> MakeFamily() const {
    samples::Datagram family;
    family.Begin(sequence_, CTRL_CMD_NEWFAMILY, GENL_ID_CTRL).Put<uint16_t>(CTRL_ATTR_FAMILY_ID, samples::kFamily);
    family.End();
    family.AppendStatus(sequence_, NLMSG_ERROR, 0);
    return family.Bytes();
  }

  // Memory of just that size, so that any look beyond it is noticed.
  netlink::Bytes Take(const std::vector<uint8_t>& bytes) {
    current_ = std::make_unique<uint8_t[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), current_.get());
    return {current_.get(), bytes.size()};
  }

  netlink::Bytes rest_;
  std::unique_ptr<uint8_t[]> current_;
  bool family_asked_ = false;
  uint32_t sequence_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  ReplayedTransport transport({data + 1, size - 1});
  ipvs::Connection connection(transport);
  const std::atomic<bool> cancelled{false};
  packed::Buffer result;
  switch (data[0] % 4) {
    case 0:
      packed::ReadTable(connection, {true, cancelled, [](packed::Buffer&&) {}});
      break;
    case 1:
      packed::ReadTable(connection, {false, cancelled, [](packed::Buffer&&) {}});
      break;
    case 2:
      packed::ListDaemons(connection, result);
      break;
    default:
      packed::ReadInfo(connection, result);
      packed::ReadTimeouts(connection, result);
      break;
  }
  return 0;
}
