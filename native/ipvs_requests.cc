#include <arpa/inet.h>
#include <netinet/in.h>

#include "ipvs.h"

namespace ipvs {
namespace {

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

}  // namespace

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

}  // namespace ipvs
