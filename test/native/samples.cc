#include "samples.h"

namespace samples {

void PutStatistics(netlink::MessageWriter& writer, uint16_t narrow, uint16_t wide) {
  size_t nest = writer.BeginNested(narrow);
  for (uint16_t type = IPVS_STATS_ATTR_CONNS; type <= IPVS_STATS_ATTR_OUTBPS; type++) {
    const bool is_bytes = type == IPVS_STATS_ATTR_INBYTES || type == IPVS_STATS_ATTR_OUTBYTES;
    if (is_bytes) {
      writer.PutBytes(IPVS_STATS_ATTR_PAD, nullptr, 0);
      writer.Put<uint64_t>(type, type);
    } else {
      writer.Put<uint32_t>(type, type);
    }
  }
  writer.EndNested(nest);
  nest = writer.BeginNested(wide);
  for (uint16_t type = IPVS_STATS_ATTR_CONNS; type <= IPVS_STATS_ATTR_OUTBPS; type++) {
    writer.PutBytes(IPVS_STATS_ATTR_PAD, nullptr, 0);
    writer.Put<uint64_t>(type, (uint64_t{1} << 40) + type);
  }
  writer.EndNested(nest);
}

void PutServiceReply(netlink::MessageWriter& writer, const ipvs::Service& service) {
  const ipvs::ServiceKey& key = service.key;
  const ip_vs_flags flags = {service.settings.flags | IP_VS_SVC_F_HASHED, ~0u};
  const bool is_ipv4 = key.address.family == AF_INET;
  const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_SERVICE);
  writer.Put<uint16_t>(IPVS_SVC_ATTR_AF, key.address.family);
  if (key.firewall_mark != 0) {
    writer.Put<uint32_t>(IPVS_SVC_ATTR_FWMARK, key.firewall_mark);
  } else {
    writer.Put<uint16_t>(IPVS_SVC_ATTR_PROTOCOL, key.protocol);
    writer.PutBytes(IPVS_SVC_ATTR_ADDR, key.address.bytes.data(), key.address.bytes.size());
    writer.Put<uint16_t>(IPVS_SVC_ATTR_PORT, htons(key.port));
  }
  writer.PutText(IPVS_SVC_ATTR_SCHED_NAME, service.settings.scheduler.data());
  if (service.settings.engine[0] != '\0') writer.PutText(IPVS_SVC_ATTR_PE_NAME, service.settings.engine.data());
  writer.PutBytes(IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
  writer.Put<uint32_t>(IPVS_SVC_ATTR_TIMEOUT, service.settings.timeout_seconds);
  writer.Put<uint32_t>(IPVS_SVC_ATTR_NETMASK, is_ipv4 ? htonl(service.settings.netmask) : service.settings.netmask);
  PutStatistics(writer, IPVS_SVC_ATTR_STATS, IPVS_SVC_ATTR_STATS64);
  writer.EndNested(nest);
}

void PutDestinationReply(netlink::MessageWriter& writer, const ipvs::Destination& destination) {
  const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DEST);
  writer.PutBytes(IPVS_DEST_ATTR_ADDR, destination.address.bytes.data(), destination.address.bytes.size());
  writer.Put<uint16_t>(IPVS_DEST_ATTR_PORT, htons(destination.port));
  writer.Put<uint32_t>(IPVS_DEST_ATTR_FWD_METHOD, destination.forwarding);
  writer.Put<int32_t>(IPVS_DEST_ATTR_WEIGHT, destination.weight);
  writer.Put<uint32_t>(IPVS_DEST_ATTR_U_THRESH, destination.upper_threshold);
  writer.Put<uint32_t>(IPVS_DEST_ATTR_L_THRESH, destination.lower_threshold);
  writer.Put<uint8_t>(IPVS_DEST_ATTR_TUN_TYPE, destination.tunnel_type);
  writer.Put<uint16_t>(IPVS_DEST_ATTR_TUN_PORT, htons(destination.tunnel_port));
  writer.Put<uint16_t>(IPVS_DEST_ATTR_TUN_FLAGS, destination.tunnel_flags);
  writer.Put<uint32_t>(IPVS_DEST_ATTR_ACTIVE_CONNS, 1);
  writer.Put<uint32_t>(IPVS_DEST_ATTR_INACT_CONNS, 2);
  writer.Put<uint32_t>(IPVS_DEST_ATTR_PERSIST_CONNS, 3);
  writer.Put<uint16_t>(IPVS_DEST_ATTR_ADDR_FAMILY, destination.address.family);
  PutStatistics(writer, IPVS_DEST_ATTR_STATS, IPVS_DEST_ATTR_STATS64);
  writer.EndNested(nest);
}

}  // namespace samples
