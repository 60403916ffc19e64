// The packed records that JavaScript writes and reads: calls into Node for every field would take longer than the
// kernel does. src/adapters/netlink/records.ts is the other side of every line here.
//
// All numbers are in host order, at multiples of their sizes. Offsets in bytes:
//
//   key         24  0 family (4, 6; 0 none)  1 protocol (0: firewall mark)  2 port u16  4 mark u32  8 address
//   settings    44  0 scheduler  16 engine  32 flags u32  36 timeout u32  40 netmask u32
//   destination 40  0 family  1 forwarding  2 port u16  4 address  20 weight i32  24 upper u32  28 lower u32
//                   32 tunnel type  34 tunnel port u16  36 tunnel flags u16
//   daemon      40  0 state  1 group family (0 none)  2 ttl  3 sync id  4 port u16  6 maximum length u16
//                   8 interface  24 group
//   timeouts    12  0 TCP u32  4 TCP FIN u32  8 UDP u32
//   info         8  0 version u32  4 size of the connection table u32
//   statistics  80  ten counters in the order of IPVS_STATS_ATTR_*, each lower u32, higher u32
//   operation   72  0 command  4 key  28 settings, destination, daemon or timeouts, or nothing
//
// What is read of the table is a sequence of services, each followed by its destinations:
//
//   service     72  0 key  24 settings  68 number of destinations u32; kMissing where there is no such service
//     with counters, 152: 72 statistics
//   destination 40  as above
//     with counters, 132: 40 active, 44 inactive, 48 persistent connections u32  52 statistics
#pragma once

#include <vector>

#include "ipvs.h"

namespace packed {

using Buffer = std::vector<uint8_t>;

constexpr uint32_t kMissing = UINT32_MAX;

// False where the bytes are not a whole number of records, or not such records.
bool ReadOperations(netlink::Bytes bytes, std::vector<ipvs::Operation>& operations);
bool ReadKeys(netlink::Bytes bytes, std::vector<ipvs::ServiceKey>& keys);

// Each appends to the buffer.
void WriteService(const ipvs::Service& service, const std::vector<ipvs::Destination>& destinations, bool counters,
                  Buffer& buffer);
void WriteMissing(const ipvs::ServiceKey& key, bool counters, Buffer& buffer);
void WriteDaemon(const ipvs::Daemon& daemon, Buffer& buffer);
void WriteTimeouts(const ipvs::Timeouts& timeouts, Buffer& buffer);
void WriteInfo(const ipvs::Info& info, Buffer& buffer);

}  // namespace packed
