#include "../../native/ipvs.h"

#include <netinet/in.h>

#include "check.h"
#include "samples.h"

namespace {

using netlink::Bytes;
using netlink::Message;
using netlink::MessageReader;

// The attributes of the only message.
Bytes AttributesOf(const std::vector<uint8_t>& datagram) {
  MessageReader reader({datagram.data(), datagram.size()});
  Message message;
  uint8_t command;
  Bytes attributes;
  EXPECT(reader.Next(message) && message.Generic(command, attributes));
  return attributes;
}

template <typename Fill>
std::vector<uint8_t> Reply(const Fill& fill) {
  samples::Datagram datagram;
  fill(datagram.Begin(1, 1));
  datagram.End();
  return datagram.Bytes();
}

TEST("a service comes back with its settings and the 64-bit statistics") {
  const ipvs::Service sent = samples::MakeService(samples::MakeKey("10.0.0.1", 80));
  const auto bytes = Reply([&](auto& writer) { samples::PutServiceReply(writer, sent); });
  ipvs::Service service;
  EXPECT(ipvs::ParseService(AttributesOf(bytes), true, service));
  EXPECT(service.key == sent.key);
  EXPECT(service.settings.scheduler == sent.settings.scheduler);
  EXPECT(service.settings.engine == sent.settings.engine);
  EXPECT_EQUAL(service.settings.flags, 0u + (IP_VS_SVC_F_PERSISTENT | IP_VS_SVC_F_HASHED));
  EXPECT_EQUAL(service.settings.netmask, 0xffffff00u);
  EXPECT_EQUAL(service.settings.timeout_seconds, 300u);
  EXPECT_EQUAL(service.statistics.values[0], (uint64_t{1} << 40) + IPVS_STATS_ATTR_CONNS);
  EXPECT_EQUAL(service.statistics.values[9], (uint64_t{1} << 40) + IPVS_STATS_ATTR_OUTBPS);
}

TEST("without counters, statistics are not read") {
  const ipvs::Service sent = samples::MakeService(samples::MakeKey("10.0.0.1", 80));
  const auto bytes = Reply([&](auto& writer) { samples::PutServiceReply(writer, sent); });
  ipvs::Service service;
  EXPECT(ipvs::ParseService(AttributesOf(bytes), false, service));
  EXPECT_EQUAL(service.statistics.values[0], 0u);
}

TEST("a kernel with 32-bit statistics alone gives those") {
  const auto bytes = Reply([&](auto& writer) {
    const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DEST);
    writer.PutBytes(IPVS_DEST_ATTR_ADDR, "\x0a\0\0\1", 4);
    samples::PutStatistics(writer, IPVS_DEST_ATTR_STATS, 200);
    writer.EndNested(nest);
  });
  ipvs::Destination destination;
  EXPECT(ipvs::ParseDestination(AttributesOf(bytes), AF_INET, true, destination));
  EXPECT_EQUAL(destination.statistics.values[0], static_cast<uint64_t>(IPVS_STATS_ATTR_CONNS));
  EXPECT_EQUAL(destination.statistics.values[3], static_cast<uint64_t>(IPVS_STATS_ATTR_INBYTES));
}

TEST("a service by firewall mark has a family and no address") {
  const ipvs::Service sent = samples::MakeService(samples::MakeMark(0xffffffff));
  const auto bytes = Reply([&](auto& writer) { samples::PutServiceReply(writer, sent); });
  ipvs::Service service;
  EXPECT(ipvs::ParseService(AttributesOf(bytes), false, service));
  EXPECT(service.key == sent.key);
}

TEST("a destination comes back with all that it was given") {
  const ipvs::Destination sent = samples::MakeDestination("2001:db8::1", 8080);
  const auto bytes = Reply([&](auto& writer) { samples::PutDestinationReply(writer, sent); });
  ipvs::Destination destination;
  EXPECT(ipvs::ParseDestination(AttributesOf(bytes), AF_INET, true, destination));
  EXPECT(destination.address == sent.address);
  EXPECT_EQUAL(destination.port, 8080);
  EXPECT_EQUAL(destination.weight, 7);
  EXPECT_EQUAL(destination.forwarding, static_cast<uint32_t>(IP_VS_CONN_F_TUNNEL));
  EXPECT_EQUAL(destination.upper_threshold, 100u);
  EXPECT_EQUAL(destination.lower_threshold, 50u);
  EXPECT_EQUAL(destination.tunnel_type, IP_VS_CONN_F_TUNNEL_TYPE_GUE);
  EXPECT_EQUAL(destination.tunnel_port, 6080);
  EXPECT_EQUAL(destination.tunnel_flags, IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM);
  EXPECT_EQUAL(destination.active_connections, 1u);
  EXPECT_EQUAL(destination.inactive_connections, 2u);
  EXPECT_EQUAL(destination.persistent_connections, 3u);
}

TEST("a destination without a family has the service's") {
  const auto bytes = Reply([&](auto& writer) {
    const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DEST);
    writer.PutBytes(IPVS_DEST_ATTR_ADDR, "\x20\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    writer.EndNested(nest);
  });
  ipvs::Destination destination;
  EXPECT(ipvs::ParseDestination(AttributesOf(bytes), AF_INET6, true, destination));
  EXPECT_EQUAL(destination.address.family, AF_INET6);
  EXPECT_EQUAL(destination.address.bytes[15], 1);
}

TEST("what the kernel leaves behind an IPv4 address is not part of it") {
  const auto bytes = Reply([&](auto& writer) {
    const size_t nest = writer.BeginNested(IPVS_CMD_ATTR_DEST);
    writer.PutBytes(IPVS_DEST_ATTR_ADDR, "\x0a\0\0\1garbagegarba", 16);
    writer.EndNested(nest);
  });
  ipvs::Destination destination;
  EXPECT(ipvs::ParseDestination(AttributesOf(bytes), AF_INET, true, destination));
  EXPECT(destination.address == samples::MakeAddress("10.0.0.1"));
}

TEST("replies that identify nothing are refused") {
  const auto bytes = Reply([](auto& writer) { writer.PutText(99, "unknown"); });
  ipvs::Service service;
  ipvs::Destination destination;
  ipvs::Daemon daemon;
  EXPECT(!ipvs::ParseService(AttributesOf(bytes), true, service));
  EXPECT(!ipvs::ParseDestination(AttributesOf(bytes), AF_INET, true, destination));
  EXPECT(!ipvs::ParseDaemon(AttributesOf(bytes), daemon));
}

// What is asked is in the same attributes as what is answered, so the parsers can tell what was written.
std::vector<uint8_t> Request(const ipvs::Operation& operation) {
  return Reply([&](auto& writer) { ipvs::PutOperation(writer, operation); });
}

TEST("a written service is what was asked for, with the settable flags alone") {
  const ipvs::Service wanted = samples::MakeService(samples::MakeKey("2001:db8::1", 443));
  ipvs::ServiceSettings settings = wanted.settings;
  settings.netmask = 64;
  settings.flags |= IP_VS_SVC_F_HASHED;
  const auto bytes = Request({IPVS_CMD_NEW_SERVICE, wanted.key, settings});
  ipvs::Service service;
  EXPECT(ipvs::ParseService(AttributesOf(bytes), false, service));
  EXPECT(service.key == wanted.key);
  EXPECT_EQUAL(service.settings.netmask, 64u);
  EXPECT_EQUAL(service.settings.flags, static_cast<uint32_t>(IP_VS_SVC_F_PERSISTENT));
  EXPECT(service.settings.engine == settings.engine);
}

TEST("a written destination is what was asked for; one to delete is named only") {
  const ipvs::Destination wanted = samples::MakeDestination("192.168.0.1", 80);
  const ipvs::ServiceKey key = samples::MakeKey("10.0.0.1", 80);
  ipvs::Destination destination;
  const auto set = Request({IPVS_CMD_SET_DEST, key, wanted});
  EXPECT(ipvs::ParseDestination(AttributesOf(set), AF_INET6, false, destination));
  EXPECT(destination.address == wanted.address);
  EXPECT_EQUAL(destination.tunnel_port, 6080);
  EXPECT_EQUAL(destination.weight, 7);
  const auto remove = Request({IPVS_CMD_DEL_DEST, key, wanted});
  EXPECT(ipvs::ParseDestination(AttributesOf(remove), AF_INET6, false, destination));
  EXPECT(destination.address == wanted.address);
  EXPECT_EQUAL(destination.weight, 0);
}

TEST("a written daemon is what was asked for, and what is zero is left out") {
  ipvs::Daemon wanted;
  wanted.state = IP_VS_STATE_BACKUP;
  wanted.interface = samples::MakeName("eth0");
  wanted.sync_id = 51;
  wanted.port = 8848;
  wanted.group = samples::MakeAddress("ff02::81");
  const auto bytes = Request({IPVS_CMD_NEW_DAEMON, {}, wanted});
  ipvs::Daemon daemon;
  daemon.ttl = 1;
  EXPECT(ipvs::ParseDaemon(AttributesOf(bytes), daemon));
  EXPECT(daemon.interface == wanted.interface);
  EXPECT(daemon.group == wanted.group);
  EXPECT_EQUAL(daemon.port, 8848);
  EXPECT_EQUAL(daemon.sync_id, 51u);
  EXPECT_EQUAL(daemon.ttl, 0);
}

TEST("timeouts of zero are left out") {
  const auto bytes = Request({IPVS_CMD_SET_CONFIG, {}, ipvs::Timeouts{0, 120, 0}});
  ipvs::Timeouts timeouts = {1, 2, 3};
  ipvs::ParseTimeouts(AttributesOf(bytes), timeouts);
  EXPECT_EQUAL(timeouts.tcp_seconds, 1u);
  EXPECT_EQUAL(timeouts.tcp_fin_seconds, 120u);
  EXPECT_EQUAL(timeouts.udp_seconds, 3u);
}

TEST("the longest request stays below the maximum") {
  ipvs::Service service = samples::MakeService(samples::MakeKey("2001:db8::1", 443));
  service.settings.scheduler = samples::MakeName("abcdefghijklmno");
  service.settings.engine = samples::MakeName("abcdefghijklmno");
  EXPECT(Request({IPVS_CMD_NEW_SERVICE, service.key, service.settings}).size() < ipvs::kMaximumRequestSize);
  const ipvs::Destination destination = samples::MakeDestination("2001:db8::1", 80);
  EXPECT(Request({IPVS_CMD_NEW_DEST, service.key, destination}).size() < ipvs::kMaximumRequestSize);
}

}  // namespace
