#include "../../native/table.h"

#include <cerrno>
#include <map>

#include "check.h"
#include "samples.h"

namespace {

using ipvs::Destination;
using ipvs::Service;
using ipvs::ServiceKey;

// A table by port, in which a test changes things between two calls.
class FakeTable : public ipvs::TableSource, public ipvs::TableSink {
 public:
  std::map<uint16_t, std::vector<Destination>> services;
  // Called before each call of that kind, with its number.
  std::function<void(int)> before_list = [](int) {};
  std::function<void(int)> before_destinations = [](int) {};
  // Ports that a list leaves out, or repeats, as if others had written meanwhile.
  std::map<int, uint16_t> skipped_in_list;
  std::map<int, size_t> skipped_destination;
  bool repeated = false;
  bool in_parts = false;
  int error = 0;

  // What a read gave.
  std::map<uint16_t, size_t> read;
  int destination_lists = 0;

  int ListServices(bool, std::vector<Service>& list) override {
    const int number = ++lists_;
    before_list(number);
    for (const auto& [port, destinations] : services) {
      if (skipped_in_list.count(number) && skipped_in_list[number] == port) continue;
      list.push_back(samples::MakeService(samples::MakeKey("10.0.0.1", port)));
      if (repeated) list.push_back(list.back());
    }
    return error;
  }

  int ListDestinations(const ServiceKey& key, bool, std::vector<Destination>& list, bool& parts) override {
    const int number = ++destination_lists;
    before_destinations(number);
    parts = in_parts;
    if (services.count(key.port) == 0) return 0;
    list = services[key.port];
    if (repeated) list.insert(list.end(), services[key.port].begin(), services[key.port].end());
    if (skipped_destination.count(number)) list.erase(list.begin() + skipped_destination[number]);
    return 0;
  }

  int FindService(const ServiceKey& key, bool, Service& service) override {
    if (services.count(key.port) == 0) return ESRCH;
    service = samples::MakeService(key);
    return 0;
  }

  void Put(const Service& service, const std::vector<Destination>& destinations) override {
    read[service.key.port] = destinations.size();
  }
  void PutMissing(const ServiceKey& key) override { read.erase(key.port); }

  int Read() {
    const std::atomic<bool> cancelled{false};
    return ipvs::ReadTable(*this, false, *this, cancelled);
  }

 private:
  int lists_ = 0;
};

std::vector<Destination> MakeDestinations(uint16_t count) {
  std::vector<Destination> destinations;
  for (uint16_t port = 0; port < count; port++) destinations.push_back(samples::MakeDestination("192.168.0.1", port));
  return destinations;
}

FakeTable MakeTable(uint16_t services, uint16_t destinations) {
  FakeTable table;
  for (uint16_t port = 1; port <= services; port++) table.services[port] = MakeDestinations(destinations);
  return table;
}

TEST("a table at rest is read service by service, once") {
  FakeTable table = MakeTable(5, 3);
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 5u);
  EXPECT_EQUAL(table.read[3], 3u);
  EXPECT_EQUAL(table.destination_lists, 5);
}

TEST("a service without destinations is there") {
  FakeTable table = MakeTable(2, 0);
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 2u);
}

TEST("rows that come twice count once") {
  FakeTable table = MakeTable(3, 4);
  table.repeated = true;
  table.in_parts = true;
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 3u);
  EXPECT_EQUAL(table.read[2], 4u);
}

TEST("a service that a list skips is found by the next one") {
  FakeTable table = MakeTable(5, 3);
  table.skipped_in_list[1] = 4;
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 5u);
  EXPECT_EQUAL(table.read[4], 3u);
}

TEST("a service that the last list skips is still there") {
  FakeTable table = MakeTable(5, 3);
  table.skipped_in_list[2] = 4;
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 5u);
}

TEST("two lists that skip another one each lose nothing") {
  FakeTable table = MakeTable(5, 3);
  table.skipped_in_list[1] = 4;
  table.skipped_in_list[2] = 2;
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 5u);
}

TEST("a service deleted before its destinations were read is gone") {
  FakeTable table = MakeTable(5, 3);
  table.before_destinations = [&](int number) {
    if (number == 2) table.services.erase(2);
  };
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.size(), 4u);
  EXPECT_EQUAL(table.read.count(2), 0u);
}

TEST("a service deleted after it was read is gone") {
  FakeTable table = MakeTable(5, 3);
  table.before_list = [&](int number) {
    if (number == 2) table.services.erase(1);
  };
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read.count(1), 0u);
}

TEST("a service added while the table is read is there with its destinations") {
  FakeTable table = MakeTable(5, 3);
  table.before_list = [&](int number) {
    if (number == 2) table.services[9] = MakeDestinations(2);
  };
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read[9], 2u);
}

TEST("a service that is gone when it is looked for, and comes again, is there") {
  class Flapping final : public FakeTable {
   public:
    int FindService(const ServiceKey& key, bool counters, Service& service) override {
      return key.port == 9 && ++searches_ == 1 ? ESRCH : FakeTable::FindService(key, counters, service);
    }

   private:
    int searches_ = 0;
  };
  Flapping table;
  table.services[1] = MakeDestinations(2);
  table.before_list = [&](int number) {
    if (number == 2) table.services[9] = MakeDestinations(3);
  };
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read[1], 2u);
  EXPECT_EQUAL(table.read[9], 3u);
}

TEST("a table that never rests is read to an end") {
  FakeTable table = MakeTable(5, 3);
  table.before_list = [&](int number) { table.services[static_cast<uint16_t>(100 + number)] = MakeDestinations(1); };
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT(table.read.size() >= 5u);
}

TEST("destinations that came in parts are read until two lists agree") {
  FakeTable table = MakeTable(1, 300);
  table.in_parts = true;
  table.skipped_destination[1] = 7;
  EXPECT_EQUAL(table.Read(), 0);
  EXPECT_EQUAL(table.read[1], 300u);
  EXPECT_EQUAL(table.destination_lists, 3);
}

TEST("an error ends the read") {
  FakeTable table = MakeTable(5, 3);
  table.error = EPERM;
  EXPECT_EQUAL(table.Read(), EPERM);
  EXPECT(table.read.empty());
}

TEST("a cancelled read ends between two services") {
  FakeTable table = MakeTable(5, 3);
  std::atomic<bool> cancelled{false};
  table.before_destinations = [&](int number) { cancelled = number == 2; };
  EXPECT_EQUAL(ipvs::ReadTable(table, false, table, cancelled), ECANCELED);
  EXPECT_EQUAL(table.destination_lists, 2);
}

TEST("some services are read in the order asked for, missing ones included") {
  class Recorder final : public ipvs::TableSink {
   public:
    std::vector<int> seen;
    void Put(const Service& service, const std::vector<Destination>&) override { seen.push_back(service.key.port); }
    void PutMissing(const ServiceKey& key) override { seen.push_back(-key.port); }
  };
  FakeTable table = MakeTable(5, 3);
  Recorder recorder;
  const std::atomic<bool> cancelled{false};
  std::vector<ServiceKey> keys;
  for (const uint16_t port : {4, 9, 1, 4}) keys.push_back(samples::MakeKey("10.0.0.1", port));
  EXPECT_EQUAL(ipvs::ReadServices(table, keys, false, recorder, cancelled), 0);
  EXPECT(recorder.seen == std::vector<int>({4, -9, 1, 4}));
}

}  // namespace
