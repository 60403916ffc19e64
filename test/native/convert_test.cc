#include "../../native/convert.h"

#include <sys/socket.h>

#include "check.h"
#include "samples.h"

namespace {

using packed::Buffer;

constexpr size_t kOperationSize = 72;

Buffer MakeOperation(uint8_t command) {
  Buffer bytes(kOperationSize, 0);
  bytes[0] = command;
  bytes[4] = 4;    // family
  bytes[5] = 6;    // TCP
  bytes[6] = 80;   // port
  bytes[12] = 10;  // address 10.0.0.1
  bytes[15] = 1;
  return bytes;
}

bool Read(const Buffer& bytes, std::vector<ipvs::Operation>& operations) {
  return packed::ReadOperations({bytes.data(), bytes.size()}, operations);
}

bool IsRead(const Buffer& bytes) {
  std::vector<ipvs::Operation> operations;
  return Read(bytes, operations);
}

TEST("a service operation is read field by field") {
  Buffer bytes = MakeOperation(IPVS_CMD_NEW_SERVICE);
  bytes[28] = 'r';
  bytes[29] = 'r';
  bytes[28 + 32] = 1;
  bytes[28 + 36] = 44;
  bytes[28 + 37] = 1;
  bytes[28 + 43] = 255;
  std::vector<ipvs::Operation> operations;
  EXPECT(Read(bytes, operations));
  EXPECT_EQUAL(operations.size(), 1u);
  EXPECT(operations[0].key == samples::MakeKey("10.0.0.1", 80));
  const auto& settings = std::get<ipvs::ServiceSettings>(operations[0].subject);
  EXPECT(settings.scheduler == samples::MakeName("rr"));
  EXPECT_EQUAL(settings.flags, 1u);
  EXPECT_EQUAL(settings.timeout_seconds, 300u);
  EXPECT_EQUAL(settings.netmask, 0xff000000u);
}

TEST("a negative weight stays one") {
  Buffer bytes = MakeOperation(IPVS_CMD_SET_DEST);
  bytes[28] = 6;
  for (size_t i = 48; i < 52; i++) bytes[i] = 0xff;
  std::vector<ipvs::Operation> operations;
  EXPECT(Read(bytes, operations));
  EXPECT_EQUAL(std::get<ipvs::Destination>(operations[0].subject).weight, -1);
}

TEST("half a record is refused, and so is an unknown command or family") {
  Buffer bytes = MakeOperation(IPVS_CMD_DEL_SERVICE);
  EXPECT(IsRead(bytes));
  EXPECT(IsRead({}));
  bytes.pop_back();
  EXPECT(!IsRead(bytes));
  EXPECT(!IsRead(MakeOperation(0)));
  EXPECT(!IsRead(MakeOperation(IPVS_CMD_GET_DEST)));
  bytes = MakeOperation(IPVS_CMD_DEL_SERVICE);
  bytes[4] = 5;
  EXPECT(!IsRead(bytes));
  bytes[4] = 0;
  EXPECT(!IsRead(bytes));
}

TEST("a key has a protocol or a mark, not both") {
  Buffer bytes = MakeOperation(IPVS_CMD_DEL_SERVICE);
  bytes[8] = 7;
  EXPECT(!IsRead(bytes));
  bytes[5] = 0;
  EXPECT(IsRead(bytes));
  bytes[8] = 0;
  EXPECT(!IsRead(bytes));
}

TEST("counters are zeroed with a key or without") {
  EXPECT(IsRead(MakeOperation(IPVS_CMD_ZERO)));
  Buffer bytes(kOperationSize, 0);
  bytes[0] = IPVS_CMD_ZERO;
  EXPECT(IsRead(bytes));
}

TEST("a name without room for its NUL is refused") {
  Buffer bytes = MakeOperation(IPVS_CMD_SET_SERVICE);
  for (size_t i = 0; i < 16; i++) bytes[28 + i] = 'x';
  EXPECT(!IsRead(bytes));
  bytes[28 + 15] = 0;
  EXPECT(IsRead(bytes));
}

TEST("services are written one behind the other, each with its destinations") {
  const ipvs::Service service = samples::MakeService(samples::MakeKey("2001:db8::1", 443));
  const std::vector<ipvs::Destination> destinations = {samples::MakeDestination("192.168.0.1", 80),
                                                       samples::MakeDestination("2001:db8::2", 80)};
  Buffer plain;
  packed::WriteService(service, destinations, false, plain);
  packed::WriteMissing(service.key, false, plain);
  EXPECT_EQUAL(plain.size(), 72u + 2 * 40 + 72);
  EXPECT_EQUAL(plain[0], 6);
  EXPECT_EQUAL(plain[68], 2);
  EXPECT_EQUAL(plain[72], 4);
  EXPECT_EQUAL(plain[112], 6);
  EXPECT_EQUAL(plain[152 + 68], 0xff);
  Buffer counted;
  packed::WriteService(service, destinations, true, counted);
  EXPECT_EQUAL(counted.size(), 152u + 2 * 132);
}

TEST("statistics are written with all their 64 bits") {
  ipvs::Service service = samples::MakeService(samples::MakeKey("10.0.0.1", 80));
  service.statistics.values[1] = 0x0123456789abcdef;
  Buffer bytes;
  packed::WriteService(service, {}, true, bytes);
  EXPECT_EQUAL(bytes[80], 0xef);
  EXPECT_EQUAL(bytes[87], 0x01);
}

TEST("keys are read in order; a broken one refuses all") {
  Buffer bytes(48, 0);
  bytes[0] = 4;
  bytes[1] = 17;
  bytes[24] = 6;
  bytes[24 + 4] = 9;
  std::vector<ipvs::ServiceKey> keys;
  EXPECT(packed::ReadKeys({bytes.data(), bytes.size()}, keys));
  EXPECT_EQUAL(keys[0].protocol, 17);
  EXPECT_EQUAL(keys[1].firewall_mark, 9u);
  bytes[24] = 1;
  EXPECT(!packed::ReadKeys({bytes.data(), bytes.size()}, keys));
}

}  // namespace
