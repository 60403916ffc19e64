// Writes the fuzzers' seeds: `make_corpus corpus`. Needed again only where the records or the order of requests change.
#include <filesystem>
#include <fstream>

#include "samples.h"

namespace {

using samples::Datagram;
using Bytes = std::vector<uint8_t>;

void Save(const std::filesystem::path& path, const Bytes& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// The input of fuzz_replies: what to read, then datagrams behind their lengths. Sequence numbers start at 2: 1 was the
// question for the family.
class Replies {
 public:
  explicit Replies(uint8_t kind) : bytes_{kind} {}

  void Add(const Datagram& datagram) {
    const Bytes bytes = datagram.Bytes();
    bytes_.push_back(bytes.size() & 0xff);
    bytes_.push_back(bytes.size() >> 8);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  template <typename Fill>
  void AddDump(uint32_t sequence, const Fill& fill) {
    Datagram rows;
    fill(rows.Begin(sequence, 1));
    rows.End();
    Add(rows);
    AddStatus(sequence, NLMSG_DONE, 0);
  }
  template <typename Fill>
  void AddReply(uint32_t sequence, const Fill& fill) {
    Datagram reply;
    fill(reply.Begin(sequence, 1));
    reply.End();
    Add(reply);
    AddStatus(sequence, NLMSG_ERROR, 0);
  }
  void AddStatus(uint32_t sequence, uint16_t type, int error) {
    Datagram status;
    status.AppendStatus(sequence, type, error);
    Add(status);
  }
  const Bytes& Get() const { return bytes_; }

 private:
  Bytes bytes_;
};

Replies MakeTable(uint8_t kind, const ipvs::ServiceKey& key) {
  const auto put_service = [&](auto& writer) { samples::PutServiceReply(writer, samples::MakeService(key)); };
  Replies replies(kind);
  replies.AddDump(2, put_service);
  replies.AddDump(3, [](auto& writer) {
    samples::PutDestinationReply(writer, samples::MakeDestination("192.168.0.1", 80));
    samples::PutDestinationReply(writer, samples::MakeDestination("2001:db8::1", 80));
  });
  replies.AddDump(4, put_service);
  return replies;
}

Replies MakeDaemons() {
  Replies replies(2);
  replies.AddDump(2, [](auto& writer) {
    const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DAEMON);
    writer.template Put<uint32_t>(IPVS_DAEMON_ATTR_STATE, IP_VS_STATE_MASTER);
    writer.PutText(IPVS_DAEMON_ATTR_MCAST_IFN, "eth0");
    writer.template Put<uint32_t>(IPVS_DAEMON_ATTR_SYNC_ID, 51);
    writer.template Put<uint16_t>(IPVS_DAEMON_ATTR_SYNC_MAXLEN, 1472);
    writer.PutBytes(IPVS_DAEMON_ATTR_MCAST_GROUP, "\xe0\0\0\x51", 4);
    writer.template Put<uint16_t>(IPVS_DAEMON_ATTR_MCAST_PORT, 8848);
    writer.template Put<uint8_t>(IPVS_DAEMON_ATTR_MCAST_TTL, 1);
    writer.EndNested(nest);
  });
  return replies;
}

Replies MakeInfoAndTimeouts() {
  Replies replies(3);
  replies.AddReply(2, [](auto& writer) {
    writer.template Put<uint32_t>(IPVS_INFO_ATTR_VERSION, 0x010201);
    writer.template Put<uint32_t>(IPVS_INFO_ATTR_CONN_TAB_SIZE, 4096);
  });
  replies.AddReply(3, [](auto& writer) {
    writer.template Put<uint32_t>(IPVS_CMD_ATTR_TIMEOUT_TCP, 900);
    writer.template Put<uint32_t>(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, 120);
    writer.template Put<uint32_t>(IPVS_CMD_ATTR_TIMEOUT_UDP, 300);
  });
  return replies;
}

// A list that names a service which is gone when its destinations are asked for.
Replies MakeVanished() {
  Replies replies(0);
  replies.AddDump(2, [](auto& writer) {
    samples::PutServiceReply(writer, samples::MakeService(samples::MakeKey("10.0.0.1", 80)));
  });
  replies.AddStatus(3, NLMSG_DONE, 0);
  replies.AddStatus(4, NLMSG_DONE, 0);
  replies.AddStatus(5, NLMSG_ERROR, ESRCH);
  replies.AddStatus(6, NLMSG_DONE, 0);
  return replies;
}

// The input of fuzz_records: the length of the first wave, then an operation of each kind on one service.
Bytes MakeRecords() {
  constexpr uint8_t kCommands[] = {1, 2, 3, 5, 6, 7, 9, 10, 12, 16, 17};
  Bytes bytes = {4};
  for (const uint8_t command : kCommands) {
    Bytes record(72, 0);
    const uint8_t key[] = {4, 6, 80, 0, 0, 0, 0, 0, 10, 0, 0, 1};
    record[0] = command;
    std::copy(std::begin(key), std::end(key), record.begin() + 4);
    if (command >= 5 && command <= 7) record[28] = 4;
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

// As many keys as their bytes are whole operations of no known kind.
Bytes MakeKeys() {
  Bytes bytes = {0};
  for (uint8_t i = 0; i < 3; i++) {
    Bytes key(24, 0);
    key[0] = 6;
    key[i == 0 ? 1 : 4] = 17;
    bytes.insert(bytes.end(), key.begin(), key.end());
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  Save(folder / "fuzz_replies/table", MakeTable(0, samples::MakeKey("10.0.0.1", 80)).Get());
  Save(folder / "fuzz_replies/table-without-counters", MakeTable(1, samples::MakeKey("2001:db8::1", 443)).Get());
  Save(folder / "fuzz_replies/firewall-mark", MakeTable(0, samples::MakeMark(7)).Get());
  Save(folder / "fuzz_replies/vanished-service", MakeVanished().Get());
  Save(folder / "fuzz_replies/daemons", MakeDaemons().Get());
  Save(folder / "fuzz_replies/info-and-timeouts", MakeInfoAndTimeouts().Get());
  Save(folder / "fuzz_records/operations", MakeRecords());
  Save(folder / "fuzz_records/keys", MakeKeys());
  return 0;
}
