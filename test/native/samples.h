// Objects, and bytes for them as a kernel writes them, for tests and for the fuzzers' corpus.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cstring>
#include <vector>

#include "../../native/ipvs.h"

namespace samples {

constexpr uint16_t kFamily = 31;

inline ipvs::Address MakeAddress(const char* text) {
  ipvs::Address address;
  address.family = std::strchr(text, ':') ? AF_INET6 : AF_INET;
  inet_pton(address.family, text, address.bytes.data());
  return address;
}

inline ipvs::ServiceKey MakeKey(const char* address, uint16_t port) {
  return {MakeAddress(address), IPPROTO_TCP, port, 0};
}

inline ipvs::ServiceKey MakeMark(uint32_t mark) {
  ipvs::ServiceKey key;
  key.address.family = AF_INET6;
  key.firewall_mark = mark;
  return key;
}

inline ipvs::Name MakeName(const char* text) {
  ipvs::Name name = {};
  std::strncpy(name.data(), text, name.size() - 1);
  return name;
}

inline ipvs::Service MakeService(const ipvs::ServiceKey& key) {
  ipvs::Service service;
  service.key = key;
  service.settings = {MakeName("wrr"), MakeName("sip"), IP_VS_SVC_F_PERSISTENT, 300, 0xffffff00};
  return service;
}

inline ipvs::Destination MakeDestination(const char* address, uint16_t port) {
  ipvs::Destination destination;
  destination.address = MakeAddress(address);
  destination.port = port;
  destination.forwarding = IP_VS_CONN_F_TUNNEL;
  destination.weight = 7;
  destination.upper_threshold = 100;
  destination.lower_threshold = 50;
  destination.tunnel_type = IP_VS_CONN_F_TUNNEL_TYPE_GUE;
  destination.tunnel_port = 6080;
  destination.tunnel_flags = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
  return destination;
}

// A datagram under construction.
class Datagram {
 public:
  Datagram() : bytes_(64 * 1024), writer_(bytes_.data(), bytes_.size()) {}

  netlink::MessageWriter& Begin(uint32_t sequence, uint8_t command, uint16_t type = kFamily) {
    writer_.Begin({type, 0, sequence, command, 1});
    return writer_;
  }
  void End() { writer_.End(); }

  // NLMSG_ERROR or NLMSG_DONE with an errno.
  void AppendStatus(uint32_t sequence, uint16_t type, int error) {
    const int32_t payload[2] = {-error, 0};
    nlmsghdr header = {};
    header.nlmsg_len = NLMSG_LENGTH(sizeof(payload));
    header.nlmsg_type = type;
    header.nlmsg_seq = sequence;
    std::memcpy(bytes_.data() + Size(), &header, sizeof(header));
    std::memcpy(bytes_.data() + Size() + NLMSG_HDRLEN, payload, sizeof(payload));
    status_size_ += header.nlmsg_len;
  }

  std::vector<uint8_t> Bytes() const { return {bytes_.begin(), bytes_.begin() + Size()}; }

 private:
  size_t Size() const { return writer_.Written().size + status_size_; }

  std::vector<uint8_t> bytes_;
  netlink::MessageWriter writer_;
  // Statuses come behind all other messages.
  size_t status_size_ = 0;
};

// As the kernel replies: all 16 bytes of any address, statistics of both widths.
void PutStatistics(netlink::MessageWriter& writer, uint16_t narrow, uint16_t wide);
void PutServiceReply(netlink::MessageWriter& writer, const ipvs::Service& service);
void PutDestinationReply(netlink::MessageWriter& writer, const ipvs::Destination& destination);

}  // namespace samples
