#include "../../native/connection.h"

#include <cerrno>

#include "check.h"
#include "scripted_transport.h"

namespace {

using ipvs::Connection;
using ipvs::Operation;
using test::ScriptedTransport;
using test::WithFamily;
using Request = ScriptedTransport::Request;

// Operations on services of consecutive ports, so that an answer can depend on the port.
std::vector<Operation> DeleteServices(uint16_t count) {
  std::vector<Operation> operations;
  for (uint16_t port = 0; port < count; port++)
    operations.push_back({IPVS_CMD_DEL_SERVICE, samples::MakeKey("10.0.0.1", port), {}});
  return operations;
}

uint16_t PortOf(const Request& request) {
  ipvs::Service service;
  ipvs::ParseService(request.attributes, false, service);
  return service.key.port;
}

TEST("without the family, there is no IPVS") {
  uint16_t family = 0;
  ScriptedTransport transport(WithFamily(family, [](auto&, auto, auto&) { return 0; }));
  Connection connection(transport);
  EXPECT_EQUAL(connection.Open(), ipvs::kNoIpvs);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(1), {1}, results), ipvs::kNoIpvs);
}

TEST("a family that comes late is waited for") {
  uint16_t family = 0;
  int asked = 0;
  const auto answer = WithFamily(family, [](auto&, auto, auto&) { return 0; });
  ScriptedTransport transport([&](const Request& request, uint32_t sequence, samples::Datagram& datagram) {
    if (++asked == 2) family = 31;
    return answer(request, sequence, datagram);
  });
  Connection connection(transport);
  EXPECT_EQUAL(connection.Open(), 0);
}

TEST("every operation gets its own result, though only errors are answered") {
  const uint16_t family = 31;
  ScriptedTransport transport(
      WithFamily(family, [](const Request& request, auto, auto&) { return PortOf(request) % 10 == 3 ? ESRCH : 0; }));
  Connection connection(transport);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(100), {100}, results), 0);
  EXPECT_EQUAL(results.size(), 100u);
  for (size_t i = 0; i < results.size(); i++) EXPECT_EQUAL(results[i], i % 10 == 3 ? ESRCH : 0);
  // One to find the family, one for all operations.
  EXPECT_EQUAL(transport.sends, 2);
}

TEST("no more is sent at once than the kernel can refuse") {
  const uint16_t family = 31;
  ScriptedTransport transport(WithFamily(family, [](auto&, auto, auto&) { return EEXIST; }));
  transport.answer_capacity = 7;
  Connection connection(transport);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(20), {20}, results), 0);
  EXPECT_EQUAL(transport.sends, 1 + 3);
  for (const int result : results) EXPECT_EQUAL(result, EEXIST);
}

TEST("operations that take more than one send all have their results") {
  const uint16_t family = 31;
  ScriptedTransport transport(
      WithFamily(family, [](const Request& request, auto, auto&) { return PortOf(request) == 4999 ? EINVAL : 0; }));
  transport.answer_capacity = 100000;
  Connection connection(transport);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(5000), {5000}, results), 0);
  EXPECT_EQUAL(results[4998], 0);
  EXPECT_EQUAL(results[4999], EINVAL);
}

TEST("after a wave in which anything failed, the rest is not tried") {
  const uint16_t family = 31;
  int handled = 0;
  ScriptedTransport transport(WithFamily(family, [&](const Request& request, auto, auto&) {
    handled++;
    return PortOf(request) == 3 ? EEXIST : 0;
  }));
  Connection connection(transport);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(9), {2, 5, 5, 9}, results), 0);
  EXPECT_EQUAL(results.size(), 5u);
  EXPECT_EQUAL(results[3], EEXIST);
  EXPECT_EQUAL(handled, 5);
}

TEST("an operation that the kernel leaves without answer counts as done") {
  const uint16_t family = 31;
  ScriptedTransport transport(WithFamily(family, [](auto&, auto, auto&) { return EINTR; }));
  Connection connection(transport);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(1), {1}, results), 0);
  EXPECT_EQUAL(results[0], 0);
}

TEST("a family that changed its number is found again, and nothing is lost") {
  uint16_t family = 31;
  int handled = 0;
  ScriptedTransport transport(WithFamily(family, [&](auto&, auto, auto&) {
    handled++;
    return 0;
  }));
  Connection connection(transport);
  EXPECT_EQUAL(connection.Open(), 0);
  family = 32;
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(5), {5}, results), 0);
  for (const int result : results) EXPECT_EQUAL(result, 0);
  EXPECT_EQUAL(handled, 5);
  family = 33;
  ipvs::Info info;
  EXPECT_EQUAL(connection.ReadInfo(info), 0);
}

TEST("a family that is gone for good is no IPVS") {
  uint16_t family = 31;
  ScriptedTransport transport(WithFamily(family, [](auto&, auto, auto&) { return 0; }));
  Connection connection(transport);
  EXPECT_EQUAL(connection.Open(), 0);
  family = 0;
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(1), {1}, results), ipvs::kNoIpvs);
  ipvs::Info info;
  EXPECT_EQUAL(connection.ReadInfo(info), ipvs::kNoIpvs);
}

TEST("ENOENT of an operation itself stays what it is") {
  const uint16_t family = 31;
  int handled = 0;
  ScriptedTransport transport(WithFamily(family, [&](auto&, auto, auto&) {
    handled++;
    return ENOENT;
  }));
  Connection connection(transport);
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(2), {2}, results), 0);
  EXPECT_EQUAL(results[1], ENOENT);
  EXPECT_EQUAL(handled, 2);
}

TEST("a broken connection leaves no operation for done, and the next call opens it afresh") {
  const uint16_t family = 31;
  ScriptedTransport transport(WithFamily(family, [](auto&, auto, auto&) { return 0; }));
  Connection connection(transport);
  EXPECT_EQUAL(connection.Open(), 0);
  transport.receive_error = ENOBUFS;
  std::vector<int> results;
  EXPECT_EQUAL(connection.Apply(DeleteServices(2000), {2000}, results), 0);
  EXPECT_EQUAL(results[0], ENOBUFS);
  EXPECT_EQUAL(results[1999], ENOBUFS);
  EXPECT(!transport.open);
  transport.receive_error = 0;
  ipvs::Info info;
  EXPECT_EQUAL(connection.ReadInfo(info), 0);
  EXPECT_EQUAL(transport.opened, 2);
}

TEST("an answer to nobody's request is ignored") {
  const uint16_t family = 31;
  ScriptedTransport transport(WithFamily(family, [](auto&, uint32_t sequence, samples::Datagram& datagram) {
    samples::PutServiceReply(datagram.Begin(sequence + 1000, 1), samples::MakeService(samples::MakeKey("10.9.9.9", 1)));
    datagram.End();
    samples::PutServiceReply(datagram.Begin(sequence, 1), samples::MakeService(samples::MakeKey("10.0.0.1", 80)));
    datagram.End();
    return 0;
  }));
  Connection connection(transport);
  std::vector<ipvs::Service> services;
  EXPECT_EQUAL(connection.ListServices(false, services), 0);
  EXPECT_EQUAL(services.size(), 1u);
  EXPECT(services[0].key == samples::MakeKey("10.0.0.1", 80));
}

TEST("an error within a dump is the read's error") {
  const uint16_t family = 31;
  ScriptedTransport transport(WithFamily(family, [](auto&, auto, auto&) { return EPERM; }));
  Connection connection(transport);
  std::vector<ipvs::Service> services;
  EXPECT_EQUAL(connection.ListServices(false, services), EPERM);
}

TEST("a reply that is none is told from a missing service") {
  const uint16_t family = 31;
  int error = 0;
  ScriptedTransport transport(WithFamily(family, [&](auto&, auto, auto&) { return error; }));
  Connection connection(transport);
  ipvs::Service service;
  EXPECT_EQUAL(connection.FindService(samples::MakeKey("10.0.0.1", 80), false, service), EBADMSG);
  error = ESRCH;
  EXPECT_EQUAL(connection.FindService(samples::MakeKey("10.0.0.1", 80), false, service), ESRCH);
}

}  // namespace
