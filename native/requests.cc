#include "requests.h"

#include <algorithm>
#include <cerrno>

namespace packed {
namespace {

// A few hundred servers: small enough to be unpacked between two events, large enough to make calls rare.
constexpr size_t kChunkSize = 32 * 1024;

class ChunkingSink final : public ipvs::TableSink {
 public:
  explicit ChunkingSink(const TableRequest& request) : request_(request) {}

  void Put(const ipvs::Service& service, const std::vector<ipvs::Destination>& destinations) override {
    WriteService(service, destinations, request_.counters, chunk_);
    if (chunk_.size() >= kChunkSize) Flush();
  }

  void PutMissing(const ipvs::ServiceKey& key) override { WriteMissing(key, request_.counters, chunk_); }

  void Flush() {
    if (!chunk_.empty()) request_.emit(std::move(chunk_));
    chunk_ = {};
    chunk_.reserve(kChunkSize + kChunkSize / 4);
  }

 private:
  const TableRequest& request_;
  Buffer chunk_;
};

netlink::Bytes View(const Buffer& buffer) {
  return {buffer.data(), buffer.size()};
}

bool AreWaveEnds(const std::vector<uint32_t>& ends, size_t operation_count) {
  return std::is_sorted(ends.begin(), ends.end()) && (ends.empty() ? 0 : ends.back()) == operation_count;
}

}  // namespace

int Apply(ipvs::Connection& connection, const Buffer& operations, const std::vector<uint32_t>& wave_ends,
          Buffer& result) {
  std::vector<ipvs::Operation> unpacked;
  if (!ReadOperations(View(operations), unpacked) || !AreWaveEnds(wave_ends, unpacked.size())) return EINVAL;
  std::vector<int> results;
  const int error = connection.Apply(unpacked, wave_ends, results);
  const auto* bytes = reinterpret_cast<const uint8_t*>(results.data());
  result.assign(bytes, bytes + results.size() * sizeof(int));
  return error;
}

int ReadInfo(ipvs::Connection& connection, Buffer& result) {
  ipvs::Info info;
  const int error = connection.ReadInfo(info);
  WriteInfo(info, result);
  return error;
}

int ReadTimeouts(ipvs::Connection& connection, Buffer& result) {
  ipvs::Timeouts timeouts;
  const int error = connection.ReadTimeouts(timeouts);
  WriteTimeouts(timeouts, result);
  return error;
}

int ListDaemons(ipvs::Connection& connection, Buffer& result) {
  std::vector<ipvs::Daemon> daemons;
  const int error = connection.ListDaemons(daemons);
  for (const ipvs::Daemon& daemon : daemons) WriteDaemon(daemon, result);
  return error;
}

int ReadTable(ipvs::Connection& connection, const TableRequest& request) {
  ChunkingSink sink(request);
  const int error = ipvs::ReadTable(connection, request.counters, sink, request.cancelled);
  sink.Flush();
  return error;
}

int ReadServices(ipvs::Connection& connection, const Buffer& keys, const TableRequest& request) {
  std::vector<ipvs::ServiceKey> unpacked;
  if (!ReadKeys(View(keys), unpacked)) return EINVAL;
  ChunkingSink sink(request);
  const int error = ipvs::ReadServices(connection, unpacked, request.counters, sink, request.cancelled);
  sink.Flush();
  return error;
}

}  // namespace packed
