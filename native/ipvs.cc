#include "ipvs.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace ipvs {
namespace {

using netlink::Attribute;
using netlink::AttributeReader;
using netlink::Bytes;
using netlink::MessageWriter;

// The flags of a service that are settings. The others are the kernel's own, and are left as they are.
constexpr uint32_t kSettableFlags =
    IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_ONEPACKET | IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED2 | IP_VS_SVC_F_SCHED3;

size_t AddressSize(uint16_t family) {
  return family == AF_INET6 ? sizeof(in6_addr) : sizeof(in_addr);
}

std::string_view NameText(const Name& name) {
  return {name.data(), strnlen(name.data(), name.size() - 1)};
}

void CopyName(const Attribute& attribute, Name& name) {
  const std::string_view text = attribute.Text();
  name = {};
  std::copy_n(text.begin(), std::min(text.size(), name.size() - 1), name.begin());
}

// The kernel gives 16 bytes whatever the family.
void CopyAddress(const Attribute& attribute, Address& address) {
  std::copy_n(attribute.payload.data, std::min(attribute.payload.size, address.bytes.size()), address.bytes.begin());
}

// Clears what the kernel left behind an IPv4 address, and refuses any family that is not one.
bool SettleAddress(Address& address) {
  if (address.family == AF_INET) {
    std::fill(address.bytes.begin() + sizeof(in_addr), address.bytes.end(), 0);
    return true;
  }
  return address.family == AF_INET6;
}

void CopyPort(const Attribute& attribute, uint16_t& port) {
  if (attribute.CopyTo(port)) port = ntohs(port);
}

void PutPort(MessageWriter& writer, uint16_t type, uint16_t port) {
  writer.Put(type, htons(port));
}

void PutAddress(MessageWriter& writer, uint16_t type, const Address& address) {
  writer.PutBytes(type, address.bytes.data(), AddressSize(address.family));
}

void PutKey(MessageWriter& writer, const ServiceKey& key) {
  writer.Put<uint16_t>(IPVS_SVC_ATTR_AF, key.address.family);
  if (key.firewall_mark != 0) {
    writer.Put(IPVS_SVC_ATTR_FWMARK, key.firewall_mark);
    return;
  }
  writer.Put<uint16_t>(IPVS_SVC_ATTR_PROTOCOL, key.protocol);
  PutAddress(writer, IPVS_SVC_ATTR_ADDR, key.address);
  PutPort(writer, IPVS_SVC_ATTR_PORT, key.port);
}

void PutSettings(MessageWriter& writer, uint16_t family, const ServiceSettings& settings) {
  const ip_vs_flags flags = {settings.flags & kSettableFlags, kSettableFlags};
  writer.PutText(IPVS_SVC_ATTR_SCHED_NAME, NameText(settings.scheduler));
  if (settings.engine[0] != '\0') writer.PutText(IPVS_SVC_ATTR_PE_NAME, NameText(settings.engine));
  writer.PutBytes(IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
  writer.Put(IPVS_SVC_ATTR_TIMEOUT, settings.timeout_seconds);
  writer.Put(IPVS_SVC_ATTR_NETMASK, family == AF_INET6 ? settings.netmask : htonl(settings.netmask));
}

void PutDestination(MessageWriter& writer, const Destination& destination, bool full) {
  const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DEST);
  writer.Put<uint16_t>(IPVS_DEST_ATTR_ADDR_FAMILY, destination.address.family);
  PutAddress(writer, IPVS_DEST_ATTR_ADDR, destination.address);
  PutPort(writer, IPVS_DEST_ATTR_PORT, destination.port);
  if (full) {
    writer.Put(IPVS_DEST_ATTR_FWD_METHOD, destination.forwarding);
    writer.Put(IPVS_DEST_ATTR_WEIGHT, destination.weight);
    writer.Put(IPVS_DEST_ATTR_U_THRESH, destination.upper_threshold);
    writer.Put(IPVS_DEST_ATTR_L_THRESH, destination.lower_threshold);
    // What is absent counts as IPIP, which kernels before tunnel types had alone.
    if (destination.tunnel_type != IP_VS_CONN_F_TUNNEL_TYPE_IPIP) {
      writer.Put(IPVS_DEST_ATTR_TUN_TYPE, destination.tunnel_type);
      PutPort(writer, IPVS_DEST_ATTR_TUN_PORT, destination.tunnel_port);
      writer.Put(IPVS_DEST_ATTR_TUN_FLAGS, destination.tunnel_flags);
    }
  }
  writer.EndNested(nest);
}

void PutDaemon(MessageWriter& writer, const Daemon& daemon, bool full) {
  const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DAEMON);
  writer.Put(IPVS_DAEMON_ATTR_STATE, daemon.state);
  if (full) {
    writer.PutText(IPVS_DAEMON_ATTR_MCAST_IFN, NameText(daemon.interface));
    writer.Put(IPVS_DAEMON_ATTR_SYNC_ID, daemon.sync_id);
    if (daemon.maximum_message_length != 0) writer.Put(IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maximum_message_length);
    if (daemon.group.family == AF_INET) PutAddress(writer, IPVS_DAEMON_ATTR_MCAST_GROUP, daemon.group);
    if (daemon.group.family == AF_INET6) PutAddress(writer, IPVS_DAEMON_ATTR_MCAST_GROUP6, daemon.group);
    // Unlike all other ports, this one is in host order.
    if (daemon.port != 0) writer.Put(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port);
    if (daemon.ttl != 0) writer.Put(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl);
  }
  writer.EndNested(nest);
}

void PutTimeouts(MessageWriter& writer, const Timeouts& timeouts) {
  if (timeouts.tcp_seconds != 0) writer.Put(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp_seconds);
  if (timeouts.tcp_fin_seconds != 0) writer.Put(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcp_fin_seconds);
  if (timeouts.udp_seconds != 0) writer.Put(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp_seconds);
}

void PutService(MessageWriter& writer, const ServiceKey& key, const ServiceSettings* settings) {
  const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_SERVICE);
  PutKey(writer, key);
  if (settings != nullptr) PutSettings(writer, key.address.family, *settings);
  writer.EndNested(nest);
}

// The payload of the reply's attribute of that type, empty where there is none.
Bytes FindNested(Bytes attributes, uint16_t type) {
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.Next(attribute);) {
    if (attribute.type == type) return attribute.payload;
  }
  return {};
}

// Takes both kinds: 64 bits throughout, and the older one with 32 bits for all but the bytes.
void ParseStatistics(Bytes attributes, Statistics& statistics) {
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.Next(attribute);) {
    if (attribute.type < IPVS_STATS_ATTR_CONNS || attribute.type > IPVS_STATS_ATTR_OUTBPS) continue;
    uint64_t& value = statistics.values[attribute.type - IPVS_STATS_ATTR_CONNS];
    uint32_t narrow;
    if (!attribute.CopyTo(value) && attribute.CopyTo(narrow)) value = narrow;
  }
}

// Which of a reply's statistics to take: those of 64 bits where there are any.
class StatisticsChoice {
 public:
  void Offer(Bytes narrow) {
    if (chosen_.size == 0) chosen_ = narrow;
  }
  void Prefer(Bytes wide) { chosen_ = wide; }
  void ParseInto(Statistics& statistics) const { ParseStatistics(chosen_, statistics); }

 private:
  Bytes chosen_;
};

}  // namespace

bool operator==(const Address& a, const Address& b) {
  return a.family == b.family && a.bytes == b.bytes;
}

bool operator==(const ServiceKey& a, const ServiceKey& b) {
  return a.address == b.address && a.protocol == b.protocol && a.port == b.port && a.firewall_mark == b.firewall_mark;
}

void PutServiceId(MessageWriter& writer, const ServiceKey& key) {
  PutService(writer, key, nullptr);
}

void PutOperation(MessageWriter& writer, const Operation& operation) {
  const auto* destination = std::get_if<Destination>(&operation.subject);
  const auto* daemon = std::get_if<Daemon>(&operation.subject);
  const auto* timeouts = std::get_if<Timeouts>(&operation.subject);
  if (operation.key.address.family != 0)
    PutService(writer, operation.key, std::get_if<ServiceSettings>(&operation.subject));
  if (destination != nullptr) PutDestination(writer, *destination, operation.command != IPVS_CMD_DEL_DEST);
  if (daemon != nullptr) PutDaemon(writer, *daemon, operation.command != IPVS_CMD_DEL_DAEMON);
  if (timeouts != nullptr) PutTimeouts(writer, *timeouts);
}

bool ParseService(Bytes attributes, bool counters, Service& service) {
  service = {};
  StatisticsChoice statistics;
  bool has_netmask = false;
  AttributeReader reader(FindNested(attributes, IPVS_CMD_ATTR_SERVICE));
  for (Attribute attribute; reader.Next(attribute);) {
    switch (attribute.type) {
      case IPVS_SVC_ATTR_AF:
        attribute.CopyTo(service.key.address.family);
        break;
      case IPVS_SVC_ATTR_PROTOCOL:
        attribute.CopyTo(service.key.protocol);
        break;
      case IPVS_SVC_ATTR_ADDR:
        CopyAddress(attribute, service.key.address);
        break;
      case IPVS_SVC_ATTR_PORT:
        CopyPort(attribute, service.key.port);
        break;
      case IPVS_SVC_ATTR_FWMARK:
        attribute.CopyTo(service.key.firewall_mark);
        break;
      case IPVS_SVC_ATTR_SCHED_NAME:
        CopyName(attribute, service.settings.scheduler);
        break;
      case IPVS_SVC_ATTR_FLAGS:
        attribute.CopyTo(service.settings.flags);
        break;
      case IPVS_SVC_ATTR_TIMEOUT:
        attribute.CopyTo(service.settings.timeout_seconds);
        break;
      case IPVS_SVC_ATTR_NETMASK:
        has_netmask = attribute.CopyTo(service.settings.netmask);
        break;
      case IPVS_SVC_ATTR_PE_NAME:
        CopyName(attribute, service.settings.engine);
        break;
      case IPVS_SVC_ATTR_STATS:
        statistics.Offer(attribute.payload);
        break;
      case IPVS_SVC_ATTR_STATS64:
        statistics.Prefer(attribute.payload);
        break;
      default:
        break;
    }
  }
  if (has_netmask && service.key.address.family == AF_INET) service.settings.netmask = ntohl(service.settings.netmask);
  if (counters) statistics.ParseInto(service.statistics);
  return SettleAddress(service.key.address) && (service.key.protocol != 0) != (service.key.firewall_mark != 0);
}

bool ParseDestination(Bytes attributes, uint16_t service_family, bool counters, Destination& destination) {
  destination = {};
  destination.address.family = service_family;
  StatisticsChoice statistics;
  bool has_address = false;
  AttributeReader reader(FindNested(attributes, IPVS_CMD_ATTR_DEST));
  for (Attribute attribute; reader.Next(attribute);) {
    switch (attribute.type) {
      case IPVS_DEST_ATTR_ADDR:
        CopyAddress(attribute, destination.address);
        has_address = true;
        break;
      case IPVS_DEST_ATTR_PORT:
        CopyPort(attribute, destination.port);
        break;
      case IPVS_DEST_ATTR_ADDR_FAMILY:
        attribute.CopyTo(destination.address.family);
        break;
      case IPVS_DEST_ATTR_FWD_METHOD:
        attribute.CopyTo(destination.forwarding);
        break;
      case IPVS_DEST_ATTR_WEIGHT:
        attribute.CopyTo(destination.weight);
        break;
      case IPVS_DEST_ATTR_U_THRESH:
        attribute.CopyTo(destination.upper_threshold);
        break;
      case IPVS_DEST_ATTR_L_THRESH:
        attribute.CopyTo(destination.lower_threshold);
        break;
      case IPVS_DEST_ATTR_TUN_TYPE:
        attribute.CopyTo(destination.tunnel_type);
        break;
      case IPVS_DEST_ATTR_TUN_PORT:
        CopyPort(attribute, destination.tunnel_port);
        break;
      case IPVS_DEST_ATTR_TUN_FLAGS:
        attribute.CopyTo(destination.tunnel_flags);
        break;
      case IPVS_DEST_ATTR_ACTIVE_CONNS:
        attribute.CopyTo(destination.active_connections);
        break;
      case IPVS_DEST_ATTR_INACT_CONNS:
        attribute.CopyTo(destination.inactive_connections);
        break;
      case IPVS_DEST_ATTR_PERSIST_CONNS:
        attribute.CopyTo(destination.persistent_connections);
        break;
      case IPVS_DEST_ATTR_STATS:
        statistics.Offer(attribute.payload);
        break;
      case IPVS_DEST_ATTR_STATS64:
        statistics.Prefer(attribute.payload);
        break;
      default:
        break;
    }
  }
  if (counters) statistics.ParseInto(destination.statistics);
  return has_address && SettleAddress(destination.address);
}

bool ParseDaemon(Bytes attributes, Daemon& daemon) {
  daemon = {};
  AttributeReader reader(FindNested(attributes, IPVS_CMD_ATTR_DAEMON));
  for (Attribute attribute; reader.Next(attribute);) {
    switch (attribute.type) {
      case IPVS_DAEMON_ATTR_STATE:
        attribute.CopyTo(daemon.state);
        break;
      case IPVS_DAEMON_ATTR_MCAST_IFN:
        CopyName(attribute, daemon.interface);
        break;
      case IPVS_DAEMON_ATTR_SYNC_ID:
        attribute.CopyTo(daemon.sync_id);
        break;
      case IPVS_DAEMON_ATTR_SYNC_MAXLEN:
        attribute.CopyTo(daemon.maximum_message_length);
        break;
      case IPVS_DAEMON_ATTR_MCAST_GROUP:
        daemon.group.family = AF_INET;
        CopyAddress(attribute, daemon.group);
        break;
      case IPVS_DAEMON_ATTR_MCAST_GROUP6:
        daemon.group.family = AF_INET6;
        CopyAddress(attribute, daemon.group);
        break;
      case IPVS_DAEMON_ATTR_MCAST_PORT:
        attribute.CopyTo(daemon.port);
        break;
      case IPVS_DAEMON_ATTR_MCAST_TTL:
        attribute.CopyTo(daemon.ttl);
        break;
      default:
        break;
    }
  }
  return daemon.state == IP_VS_STATE_MASTER || daemon.state == IP_VS_STATE_BACKUP;
}

void ParseTimeouts(Bytes attributes, Timeouts& timeouts) {
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.Next(attribute);) {
    if (attribute.type == IPVS_CMD_ATTR_TIMEOUT_TCP) attribute.CopyTo(timeouts.tcp_seconds);
    if (attribute.type == IPVS_CMD_ATTR_TIMEOUT_TCP_FIN) attribute.CopyTo(timeouts.tcp_fin_seconds);
    if (attribute.type == IPVS_CMD_ATTR_TIMEOUT_UDP) attribute.CopyTo(timeouts.udp_seconds);
  }
}

void ParseInfo(Bytes attributes, Info& info) {
  AttributeReader reader(attributes);
  for (Attribute attribute; reader.Next(attribute);) {
    if (attribute.type == IPVS_INFO_ATTR_VERSION) attribute.CopyTo(info.version);
    if (attribute.type == IPVS_INFO_ATTR_CONN_TAB_SIZE) attribute.CopyTo(info.connection_table_size);
  }
}

}  // namespace ipvs
