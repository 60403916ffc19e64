#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "ipvs.h"

namespace ipvs {
namespace {

using netlink::Attribute;
using netlink::AttributeReader;
using netlink::Bytes;

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
