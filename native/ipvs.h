// The objects of IPVS and the attributes that the kernel takes and gives for them.
//
// All numbers are in host order; the wire's own orders stay in ipvs_requests.cc and ipvs_replies.cc. linux/ip_vs.h has
// the kernel's side.
#pragma once

#include <linux/ip_vs.h>

#include <array>
#include <cstdint>
#include <variant>

#include "message.h"

namespace ipvs {

struct Address {
  // AF_INET or AF_INET6. IPv4 is in the first four bytes, the others are zero.
  uint16_t family = 0;
  std::array<uint8_t, 16> bytes = {};
};

struct ServiceKey {
  // With a firewall mark, only its family counts.
  Address address;
  // 0 for a service by firewall mark.
  uint16_t protocol = 0;
  uint16_t port = 0;
  uint32_t firewall_mark = 0;
};

inline bool operator==(const Address& a, const Address& b) {
  return a.family == b.family && a.bytes == b.bytes;
}

inline bool operator==(const ServiceKey& a, const ServiceKey& b) {
  return a.address == b.address && a.protocol == b.protocol && a.port == b.port && a.firewall_mark == b.firewall_mark;
}

// Ends with NUL.
using Name = std::array<char, 16>;

struct ServiceSettings {
  Name scheduler = {};
  // Empty for none.
  Name engine = {};
  // IP_VS_SVC_F_*.
  uint32_t flags = 0;
  uint32_t timeout_seconds = 0;
  // IPv4: the mask. IPv6: the prefix length.
  uint32_t netmask = 0;
};

struct Statistics {
  // In the order of IPVS_STATS_ATTR_CONNS to IPVS_STATS_ATTR_OUTBPS.
  static constexpr size_t kCount = IPVS_STATS_ATTR_OUTBPS - IPVS_STATS_ATTR_CONNS + 1;
  std::array<uint64_t, kCount> values = {};
};

struct Service {
  ServiceKey key;
  ServiceSettings settings;
  Statistics statistics;
};

struct Destination {
  Address address;
  uint16_t port = 0;
  // IP_VS_CONN_F_FWD_MASK's values.
  uint32_t forwarding = 0;
  int32_t weight = 0;
  uint32_t upper_threshold = 0;
  uint32_t lower_threshold = 0;
  uint8_t tunnel_type = 0;
  uint16_t tunnel_port = 0;
  uint16_t tunnel_flags = 0;
  // Only ever read.
  uint32_t active_connections = 0;
  uint32_t inactive_connections = 0;
  uint32_t persistent_connections = 0;
  Statistics statistics;
};

struct Daemon {
  // IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP.
  uint32_t state = 0;
  Name interface = {};
  uint32_t sync_id = 0;
  // What is 0 is left to the kernel; so is the group where its family is 0.
  uint16_t maximum_message_length = 0;
  Address group;
  uint16_t port = 0;
  uint8_t ttl = 0;
};

struct Timeouts {
  // 0 leaves the kernel's value as it is.
  uint32_t tcp_seconds = 0;
  uint32_t tcp_fin_seconds = 0;
  uint32_t udp_seconds = 0;
};

struct Info {
  uint32_t version = 0;
  uint32_t connection_table_size = 0;
};

// A command that changes something.
struct Operation {
  // IPVS_CMD_*; it decides what of the rest counts.
  uint8_t command = 0;
  // For services, destinations and IPVS_CMD_ZERO. There, family 0 means every service.
  ServiceKey key;
  std::variant<std::monostate, ServiceSettings, Destination, Daemon, Timeouts> subject;
};

// No request is longer: the longest, a service with all its names, is well below.
constexpr size_t kMaximumRequestSize = 512;

// Each writes the attributes that belong into a message under way.
void PutOperation(netlink::MessageWriter& writer, const Operation& operation);
void PutServiceId(netlink::MessageWriter& writer, const ServiceKey& key);

// Each takes the attributes of one reply. False where what identifies the object is not there, or makes no sense;
// anything else that is absent stays as it is in a new object. Without counters, statistics are not looked at.
bool ParseService(netlink::Bytes attributes, bool counters, Service& service);
// Kernels that know no families of destinations mean the service's own.
bool ParseDestination(netlink::Bytes attributes, uint16_t service_family, bool counters, Destination& destination);
bool ParseDaemon(netlink::Bytes attributes, Daemon& daemon);
void ParseTimeouts(netlink::Bytes attributes, Timeouts& timeouts);
void ParseInfo(netlink::Bytes attributes, Info& info);

}  // namespace ipvs
