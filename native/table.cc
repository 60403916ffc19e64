#include "table.h"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <string_view>
#include <unordered_set>

namespace ipvs {
namespace {

// A table that never rests cannot be read for certain: after so many attempts, what was seen has to do.
constexpr int kMaximumAttempts = 4;

struct DestinationKey {
  Address address;
  uint16_t port;
};

bool operator==(const DestinationKey& a, const DestinationKey& b) {
  return a.port == b.port && a.address == b.address;
}

size_t HashAddress(const Address& address) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

struct KeyHash {
  size_t operator()(const ServiceKey& key) const {
    const uint64_t ends = (uint64_t{key.firewall_mark} << 32) | (uint64_t{key.protocol} << 16) | key.port;
    return HashAddress(key.address) * 31 + std::hash<uint64_t>()(ends);
  }
  size_t operator()(const DestinationKey& key) const { return HashAddress(key.address) * 31 + key.port; }
};

using ServiceKeys = std::unordered_set<ServiceKey, KeyHash>;
using DestinationKeys = std::unordered_set<DestinationKey, KeyHash>;

// Drops repeated rows, the later ones.
DestinationKeys RemoveRepeated(std::vector<Destination>& destinations) {
  DestinationKeys seen;
  size_t kept = 0;
  for (size_t i = 0; i < destinations.size(); i++) {
    const Destination& destination = destinations[i];
    if (seen.insert({destination.address, destination.port}).second) destinations[kept++] = destination;
  }
  destinations.resize(kept);
  return seen;
}

// All destinations of a service, none twice. A list that came in parts may lack some: it is read again until two lists
// in a row have the same ones.
int ReadDestinations(TableSource& source, const ServiceKey& key, bool counters,
                     std::vector<Destination>& destinations) {
  DestinationKeys earlier;
  for (int attempt = 0; attempt < kMaximumAttempts; attempt++) {
    bool in_parts = false;
    destinations.clear();
    const int error = source.ListDestinations(key, counters, destinations, in_parts);
    if (error != 0 || !in_parts) return error;
    DestinationKeys now = RemoveRepeated(destinations);
    if (now == earlier) return 0;
    earlier = std::move(now);
  }
  return 0;
}

int ReadService(TableSource& source, const ServiceKey& key, bool counters, TableSink& sink, bool& found) {
  Service service;
  std::vector<Destination> destinations;
  int error = source.FindService(key, counters, service);
  found = error == 0;
  if (error == ESRCH) {
    sink.PutMissing(key);
    return 0;
  }
  if (error == 0) error = ReadDestinations(source, key, counters, destinations);
  if (error == 0) sink.Put(service, destinations);
  return error;
}

// One reading of the whole table.
class TableReading {
 public:
  TableReading(TableSource& source, bool counters, TableSink& sink, const std::atomic<bool>& cancelled)
      : source_(source), counters_(counters), sink_(sink), cancelled_(cancelled) {}

  int Run() {
    int error = ReadListed();
    for (int attempt = 0; error == 0 && attempt < kMaximumAttempts; attempt++) {
      bool changed = false;
      error = Compare(changed);
      if (error == 0) error = ReadDoubtful();
      if (!changed) break;
    }
    return error;
  }

 private:
  int ReadListed() {
    std::vector<Service> services;
    std::vector<Destination> destinations;
    int error = source_.ListServices(counters_, services);
    listed_.reserve(services.size());
    for (size_t i = 0; error == 0 && i < services.size(); i++) {
      const Service& service = services[i];
      if (cancelled_) return ECANCELED;
      listed_.push_back(service.key);
      error = ReadDestinations(source_, service.key, counters_, destinations);
      // No destinations may mean that the service is gone.
      if (destinations.empty()) {
        doubtful_.push_back(service.key);
      } else if (error == 0) {
        sink_.Put(service, destinations);
      }
    }
    return error;
  }

  // Lists the services again: what one list has and the other has not is doubtful. Where nobody writes meanwhile, the
  // kernel gives the same list, and that is quickly seen.
  int Compare(bool& changed) {
    std::vector<Service> services;
    const int error = source_.ListServices(false, services);
    if (error != 0) return error;
    const bool is_same = std::equal(services.begin(), services.end(), listed_.begin(), listed_.end(),
                                    [](const Service& service, const ServiceKey& key) { return service.key == key; });
    if (is_same) return 0;
    changed = true;
    const ServiceKeys before(listed_.begin(), listed_.end());
    ServiceKeys now;
    listed_.clear();
    for (const Service& service : services) {
      listed_.push_back(service.key);
      if (now.insert(service.key).second && before.count(service.key) == 0) doubtful_.push_back(service.key);
    }
    for (const ServiceKey& key : before) {
      if (now.count(key) == 0) doubtful_.push_back(key);
    }
    return 0;
  }

  int ReadDoubtful() {
    ServiceKeys missing;
    for (const ServiceKey& key : doubtful_) {
      if (cancelled_) return ECANCELED;
      bool found = false;
      const int error = ReadService(source_, key, counters_, sink_, found);
      if (error != 0) return error;
      if (!found) missing.insert(key);
    }
    doubtful_.clear();
    // Where the next list has one of these, it has come again.
    if (!missing.empty()) {
      listed_.erase(std::remove_if(listed_.begin(), listed_.end(),
                                   [&](const ServiceKey& key) { return missing.count(key) != 0; }),
                    listed_.end());
    }
    return 0;
  }

  TableSource& source_;
  const bool counters_;
  TableSink& sink_;
  const std::atomic<bool>& cancelled_;
  // What the last list had, in its order.
  std::vector<ServiceKey> listed_;
  std::vector<ServiceKey> doubtful_;
};

}  // namespace

int ReadServices(TableSource& source, const std::vector<ServiceKey>& keys, bool counters, TableSink& sink,
                 const std::atomic<bool>& cancelled) {
  for (const ServiceKey& key : keys) {
    if (cancelled) return ECANCELED;
    bool found = false;
    const int error = ReadService(source, key, counters, sink, found);
    if (error != 0) return error;
  }
  return 0;
}

int ReadTable(TableSource& source, bool counters, TableSink& sink, const std::atomic<bool>& cancelled) {
  return TableReading(source, counters, sink, cancelled).Run();
}

}  // namespace ipvs
