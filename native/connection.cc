#include "connection.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <numeric>
#include <thread>

namespace ipvs {
namespace {

using netlink::Attribute;
using netlink::AttributeReader;
using netlink::Bytes;
using netlink::Message;
using netlink::Outcome;

// What one send may carry. The kernel copies it in one piece.
constexpr size_t kRequestBytes = 64 * 1024;
// Right after the module was loaded, its family may not be there yet.
constexpr int kResolveAttempts = 3;
constexpr std::chrono::milliseconds kResolvePause{20};

uint16_t ParseFamily(Bytes attributes) {
  uint16_t family = 0;
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.Next(attribute);) {
    if (attribute.type == CTRL_ATTR_FAMILY_ID) attribute.CopyTo(family);
  }
  return family;
}

}  // namespace

Connection::Connection(netlink::Transport& transport)
    : transport_(transport), requests_(kRequestBytes), writer_(requests_.data(), requests_.size()) {
}

void Connection::Close() {
  transport_.Close();
  family_ = 0;
}

int Connection::Open() {
  const int error = transport_.Open();
  if (error != 0 || family_ != 0) return error;
  for (int attempt = 1;; attempt++) {
    const int resolve_error = Resolve();
    if (resolve_error != kNoIpvs || attempt == kResolveAttempts) return resolve_error;
    std::this_thread::sleep_for(kResolvePause);
  }
}

int Connection::Resolve() {
  const uint32_t sequence = next_sequence_++;
  writer_.Clear();
  writer_.Begin({GENL_ID_CTRL, NLM_F_ACK, sequence, CTRL_CMD_GETFAMILY, 2});
  writer_.PutText(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME);
  writer_.End();
  family_ = 0;
  const Outcome outcome =
      netlink::Exchange(transport_, {writer_.Written(), sequence}, [&](uint32_t, const Message& message) {
        uint8_t command;
        Bytes attributes;
        if (message.type == GENL_ID_CTRL && message.Generic(command, attributes)) family_ = ParseFamily(attributes);
      });
  if (outcome.transport_error != 0) return outcome.transport_error;
  if (outcome.last_error != 0 && outcome.last_error != ENOENT) return outcome.last_error;
  return family_ == 0 ? kNoIpvs : 0;
}

int Connection::Ask(const Query& query, const ReplyHandler& handler, size_t* datagrams) {
  int error = Open();
  if (error == 0) error = AskOnce(query, handler, datagrams);
  // No query of IPVS gives ENOENT by itself: the module was unloaded, and perhaps loaded again.
  if (error != ENOENT) return error;
  family_ = 0;
  error = Open();
  return error == 0 ? AskOnce(query, handler, datagrams) : error;
}

int Connection::AskOnce(const Query& query, const ReplyHandler& handler, size_t* datagrams) {
  const uint32_t sequence = next_sequence_++;
  writer_.Clear();
  writer_.Begin({family_, query.flags, sequence, query.command, IPVS_GENL_VERSION});
  if (query.key != nullptr) PutServiceId(writer_, *query.key);
  writer_.End();
  const Outcome outcome =
      netlink::Exchange(transport_, {writer_.Written(), sequence}, [&](uint32_t, const Message& message) {
        uint8_t command;
        Bytes attributes;
        if (message.type == family_ && message.Generic(command, attributes)) handler(attributes);
      });
  if (datagrams != nullptr) *datagrams = outcome.datagrams;
  return outcome.transport_error != 0 ? outcome.transport_error : outcome.last_error;
}

int Connection::ReadInfo(Info& info) {
  return Ask({IPVS_CMD_GET_INFO, NLM_F_ACK}, [&](Bytes attributes) { ParseInfo(attributes, info); });
}

int Connection::ReadTimeouts(Timeouts& timeouts) {
  return Ask({IPVS_CMD_GET_CONFIG, NLM_F_ACK}, [&](Bytes attributes) { ParseTimeouts(attributes, timeouts); });
}

int Connection::ListDaemons(std::vector<Daemon>& daemons) {
  return Ask({IPVS_CMD_GET_DAEMON, NLM_F_DUMP}, [&](Bytes attributes) {
    Daemon daemon;
    if (ParseDaemon(attributes, daemon)) daemons.push_back(daemon);
  });
}

int Connection::ListServices(bool counters, std::vector<Service>& services) {
  return Ask({IPVS_CMD_GET_SERVICE, NLM_F_DUMP}, [&](Bytes attributes) {
    Service service;
    if (ParseService(attributes, counters, service)) services.push_back(service);
  });
}

int Connection::ListDestinations(const ServiceKey& key, bool counters, std::vector<Destination>& destinations,
                                 bool& in_parts) {
  size_t datagrams = 0;
  const int error = Ask(
      {IPVS_CMD_GET_DEST, NLM_F_DUMP, &key},
      [&](Bytes attributes) {
        Destination destination;
        if (ParseDestination(attributes, key.address.family, counters, destination))
          destinations.push_back(destination);
      },
      &datagrams);
  // One with all rows, one that says that these were all.
  in_parts = datagrams > 2;
  return error;
}

int Connection::FindService(const ServiceKey& key, bool counters, Service& service) {
  bool found = false;
  const int error = Ask({IPVS_CMD_GET_SERVICE, NLM_F_ACK, &key},
                        [&](Bytes attributes) { found = ParseService(attributes, counters, service); });
  return error == 0 && !found ? EBADMSG : error;
}

int Connection::Apply(const std::vector<Operation>& operations, const std::vector<uint32_t>& wave_ends,
                      std::vector<int>& results) {
  results.clear();
  const int error = Open();
  if (error != 0) return error;
  uint32_t start = 0;
  for (const uint32_t end : wave_ends) {
    results.resize(end, 0);
    const int wave_error = ApplyWave(operations, start, end, results);
    if (wave_error != 0) return wave_error;
    if (std::any_of(results.begin() + start, results.end(), [](int result) { return result != 0; })) break;
    start = end;
  }
  return 0;
}

int Connection::ApplyWave(const std::vector<Operation>& operations, uint32_t start, uint32_t end,
                          std::vector<int>& results) {
  std::vector<uint32_t> indices(end - start);
  std::iota(indices.begin(), indices.end(), start);
  Send(operations, indices, results);
  // ENOENT may be about a scheduler or a destination, or about the family: then nothing was tried.
  indices.erase(std::remove_if(indices.begin(), indices.end(), [&](uint32_t i) { return results[i] != ENOENT; }),
                indices.end());
  if (indices.empty()) return 0;
  const uint16_t earlier = family_;
  family_ = 0;
  if (Open() == kNoIpvs) return kNoIpvs;
  if (family_ != 0 && family_ != earlier) Send(operations, indices, results);
  return 0;
}

void Connection::Send(const std::vector<Operation>& operations, const std::vector<uint32_t>& indices,
                      std::vector<int>& results) {
  size_t next = 0;
  while (next < indices.size()) {
    const size_t start = next;
    const uint32_t first_sequence = next_sequence_;
    next = WriteRun(operations, indices, start);
    for (size_t i = start; i < next; i++) results[indices[i]] = 0;
    const auto count = static_cast<uint32_t>(next - start + 1);
    const Outcome outcome = netlink::Exchange(transport_, {writer_.Written(), first_sequence, count},
                                              [&](uint32_t index, const Message& message) {
                                                if (message.type == NLMSG_ERROR)
                                                  results[indices[start + index]] = message.Error();
                                              });
    if (outcome.transport_error == 0) continue;
    // Nobody knows which of these were carried out; what comes behind them was not even sent.
    for (size_t i = start; i < indices.size(); i++) {
      int& result = results[indices[i]];
      if (i >= next || result == 0) result = outcome.transport_error;
    }
    return;
  }
}

size_t Connection::WriteRun(const std::vector<Operation>& operations, const std::vector<uint32_t>& indices,
                            size_t start) {
  const size_t end = std::min(indices.size(), start + transport_.AnswerCapacity());
  size_t next = start;
  writer_.Clear();
  for (; next < end && writer_.Free() >= 2 * kMaximumRequestSize; next++) {
    const Operation& operation = operations[indices[next]];
    writer_.Begin({family_, 0, next_sequence_++, operation.command, IPVS_GENL_VERSION});
    PutOperation(writer_, operation);
    writer_.End();
  }
  // Errors are always answered, success is not: where this is answered and nothing else, all succeeded. The last
  // operation itself cannot play this part, for the kernel answers nothing at all where it got EINTR, as from stopping
  // a daemon that has not yet run.
  writer_.AppendBarrier(next_sequence_++);
  return next;
}

}  // namespace ipvs
