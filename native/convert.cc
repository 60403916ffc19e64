#include "convert.h"

#include <sys/socket.h>

#include <algorithm>

namespace packed {
namespace {

using ipvs::Address;
using ipvs::Daemon;
using ipvs::Destination;
using ipvs::Info;
using ipvs::Name;
using ipvs::Operation;
using ipvs::Service;
using ipvs::ServiceKey;
using ipvs::ServiceSettings;
using ipvs::Statistics;
using ipvs::Timeouts;

constexpr size_t kKeySize = 24;
constexpr size_t kSettingsSize = 44;
constexpr size_t kDestinationSize = 40;
constexpr size_t kDaemonSize = 40;
constexpr size_t kTimeoutsSize = 12;
constexpr size_t kInfoSize = 8;
constexpr size_t kStatisticsSize = 8 * Statistics::kCount;
constexpr size_t kOperationSize = 72;
constexpr size_t kServiceSize = 72;
constexpr size_t kConnectionsSize = 12;

template <typename T>
T ReadNumber(const uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

template <typename T>
void WriteNumber(uint8_t* bytes, T value) {
  std::memcpy(bytes, &value, sizeof(value));
}

// False for anything but 4, 6 and, where that is allowed, 0 for no address at all.
bool ReadAddress(uint8_t family, const uint8_t* bytes, bool optional, Address& address) {
  switch (family) {
    case 0:
      return optional;
    case 4:
      address.family = AF_INET;
      std::copy_n(bytes, 4, address.bytes.begin());
      return true;
    case 6:
      address.family = AF_INET6;
      std::copy_n(bytes, address.bytes.size(), address.bytes.begin());
      return true;
    default:
      return false;
  }
}

uint8_t FamilyNumber(const Address& address) {
  return address.family == AF_INET ? 4 : address.family == AF_INET6 ? 6 : 0;
}

void WriteAddress(uint8_t* bytes, const Address& address) {
  std::copy(address.bytes.begin(), address.bytes.end(), bytes);
}

// A name that fills its field has no closing NUL, and is refused.
bool ReadName(const uint8_t* bytes, Name& name) {
  std::copy_n(bytes, name.size(), name.begin());
  return std::find(name.begin(), name.end(), '\0') != name.end();
}

void WriteName(uint8_t* bytes, const Name& name) {
  std::copy(name.begin(), name.end(), bytes);
}

bool ReadKey(const uint8_t* bytes, bool optional, ServiceKey& key) {
  key.protocol = bytes[1];
  key.port = ReadNumber<uint16_t>(bytes + 2);
  key.firewall_mark = ReadNumber<uint32_t>(bytes + 4);
  if (!ReadAddress(bytes[0], bytes + 8, optional, key.address)) return false;
  return key.address.family == 0 || (key.protocol == 0) == (key.firewall_mark != 0);
}

void WriteKey(uint8_t* bytes, const ServiceKey& key) {
  bytes[0] = FamilyNumber(key.address);
  bytes[1] = static_cast<uint8_t>(key.protocol);
  WriteNumber(bytes + 2, key.port);
  WriteNumber(bytes + 4, key.firewall_mark);
  WriteAddress(bytes + 8, key.address);
}

bool ReadSettings(const uint8_t* bytes, ServiceSettings& settings) {
  settings.flags = ReadNumber<uint32_t>(bytes + 32);
  settings.timeout_seconds = ReadNumber<uint32_t>(bytes + 36);
  settings.netmask = ReadNumber<uint32_t>(bytes + 40);
  return ReadName(bytes, settings.scheduler) && ReadName(bytes + 16, settings.engine);
}

void WriteSettings(uint8_t* bytes, const ServiceSettings& settings) {
  WriteName(bytes, settings.scheduler);
  WriteName(bytes + 16, settings.engine);
  WriteNumber(bytes + 32, settings.flags);
  WriteNumber(bytes + 36, settings.timeout_seconds);
  WriteNumber(bytes + 40, settings.netmask);
}

bool ReadDestination(const uint8_t* bytes, Destination& destination) {
  destination.forwarding = bytes[1];
  destination.port = ReadNumber<uint16_t>(bytes + 2);
  destination.weight = ReadNumber<int32_t>(bytes + 20);
  destination.upper_threshold = ReadNumber<uint32_t>(bytes + 24);
  destination.lower_threshold = ReadNumber<uint32_t>(bytes + 28);
  destination.tunnel_type = bytes[32];
  destination.tunnel_port = ReadNumber<uint16_t>(bytes + 34);
  destination.tunnel_flags = ReadNumber<uint16_t>(bytes + 36);
  return ReadAddress(bytes[0], bytes + 4, false, destination.address);
}

void WriteDestination(uint8_t* bytes, const Destination& destination) {
  bytes[0] = FamilyNumber(destination.address);
  bytes[1] = static_cast<uint8_t>(destination.forwarding);
  WriteNumber(bytes + 2, destination.port);
  WriteAddress(bytes + 4, destination.address);
  WriteNumber(bytes + 20, destination.weight);
  WriteNumber(bytes + 24, destination.upper_threshold);
  WriteNumber(bytes + 28, destination.lower_threshold);
  bytes[32] = destination.tunnel_type;
  WriteNumber(bytes + 34, destination.tunnel_port);
  WriteNumber(bytes + 36, destination.tunnel_flags);
}

bool ReadDaemon(const uint8_t* bytes, Daemon& daemon) {
  daemon.state = bytes[0];
  daemon.ttl = bytes[2];
  daemon.sync_id = bytes[3];
  daemon.port = ReadNumber<uint16_t>(bytes + 4);
  daemon.maximum_message_length = ReadNumber<uint16_t>(bytes + 6);
  return ReadAddress(bytes[1], bytes + 24, true, daemon.group) && ReadName(bytes + 8, daemon.interface);
}

void ReadTimeouts(const uint8_t* bytes, Timeouts& timeouts) {
  timeouts.tcp_seconds = ReadNumber<uint32_t>(bytes);
  timeouts.tcp_fin_seconds = ReadNumber<uint32_t>(bytes + 4);
  timeouts.udp_seconds = ReadNumber<uint32_t>(bytes + 8);
}

bool ReadOperation(const uint8_t* bytes, Operation& operation) {
  const uint8_t* subject = bytes + 28;
  operation.command = bytes[0];
  bool needs_key = true;
  bool good = true;
  switch (operation.command) {
    case IPVS_CMD_NEW_SERVICE:
    case IPVS_CMD_SET_SERVICE:
      good = ReadSettings(subject, operation.subject.emplace<ServiceSettings>());
      break;
    case IPVS_CMD_DEL_SERVICE:
      break;
    case IPVS_CMD_NEW_DEST:
    case IPVS_CMD_SET_DEST:
    case IPVS_CMD_DEL_DEST:
      good = ReadDestination(subject, operation.subject.emplace<Destination>());
      break;
    case IPVS_CMD_ZERO:
      needs_key = false;
      break;
    case IPVS_CMD_FLUSH:
      return true;
    case IPVS_CMD_NEW_DAEMON:
    case IPVS_CMD_DEL_DAEMON:
      return ReadDaemon(subject, operation.subject.emplace<Daemon>());
    case IPVS_CMD_SET_CONFIG:
      ReadTimeouts(subject, operation.subject.emplace<Timeouts>());
      return true;
    default:
      return false;
  }
  return good && ReadKey(bytes + 4, !needs_key, operation.key);
}

void WriteStatistics(uint8_t* bytes, const Statistics& statistics) {
  for (const uint64_t value : statistics.values) {
    WriteNumber(bytes, static_cast<uint32_t>(value));
    WriteNumber(bytes + 4, static_cast<uint32_t>(value >> 32));
    bytes += 8;
  }
}

// Zeroed space at the end of the buffer, good until the next call.
uint8_t* Append(Buffer& buffer, size_t size) {
  buffer.resize(buffer.size() + size, 0);
  return buffer.data() + buffer.size() - size;
}

void AppendService(const Service& service, uint32_t destination_count, bool counters, Buffer& buffer) {
  uint8_t* bytes = Append(buffer, kServiceSize + (counters ? kStatisticsSize : 0));
  WriteKey(bytes, service.key);
  WriteSettings(bytes + kKeySize, service.settings);
  WriteNumber(bytes + kKeySize + kSettingsSize, destination_count);
  if (counters) WriteStatistics(bytes + kServiceSize, service.statistics);
}

void AppendDestination(const Destination& destination, bool counters, Buffer& buffer) {
  uint8_t* bytes = Append(buffer, kDestinationSize + (counters ? kConnectionsSize + kStatisticsSize : 0));
  WriteDestination(bytes, destination);
  if (!counters) return;
  WriteNumber(bytes + kDestinationSize, destination.active_connections);
  WriteNumber(bytes + kDestinationSize + 4, destination.inactive_connections);
  WriteNumber(bytes + kDestinationSize + 8, destination.persistent_connections);
  WriteStatistics(bytes + kDestinationSize + kConnectionsSize, destination.statistics);
}

}  // namespace

bool ReadOperations(netlink::Bytes bytes, std::vector<Operation>& operations) {
  if (bytes.size % kOperationSize != 0) return false;
  operations.resize(bytes.size / kOperationSize);
  for (size_t i = 0; i < operations.size(); i++) {
    if (!ReadOperation(bytes.data + i * kOperationSize, operations[i])) return false;
  }
  return true;
}

bool ReadKeys(netlink::Bytes bytes, std::vector<ServiceKey>& keys) {
  if (bytes.size % kKeySize != 0) return false;
  keys.resize(bytes.size / kKeySize);
  for (size_t i = 0; i < keys.size(); i++) {
    if (!ReadKey(bytes.data + i * kKeySize, false, keys[i])) return false;
  }
  return true;
}

void WriteService(const Service& service, const std::vector<Destination>& destinations, bool counters, Buffer& buffer) {
  AppendService(service, static_cast<uint32_t>(destinations.size()), counters, buffer);
  for (const Destination& destination : destinations) AppendDestination(destination, counters, buffer);
}

void WriteMissing(const ServiceKey& key, bool counters, Buffer& buffer) {
  AppendService({key, {}, {}}, kMissing, counters, buffer);
}

void WriteDaemon(const Daemon& daemon, Buffer& buffer) {
  uint8_t* bytes = Append(buffer, kDaemonSize);
  bytes[0] = static_cast<uint8_t>(daemon.state);
  bytes[1] = FamilyNumber(daemon.group);
  bytes[2] = daemon.ttl;
  bytes[3] = static_cast<uint8_t>(daemon.sync_id);
  WriteNumber(bytes + 4, daemon.port);
  WriteNumber(bytes + 6, daemon.maximum_message_length);
  WriteName(bytes + 8, daemon.interface);
  WriteAddress(bytes + 24, daemon.group);
}

void WriteTimeouts(const Timeouts& timeouts, Buffer& buffer) {
  uint8_t* bytes = Append(buffer, kTimeoutsSize);
  WriteNumber(bytes, timeouts.tcp_seconds);
  WriteNumber(bytes + 4, timeouts.tcp_fin_seconds);
  WriteNumber(bytes + 8, timeouts.udp_seconds);
}

void WriteInfo(const Info& info, Buffer& buffer) {
  uint8_t* bytes = Append(buffer, kInfoSize);
  WriteNumber(bytes, info.version);
  WriteNumber(bytes + 4, info.connection_table_size);
}

}  // namespace packed
