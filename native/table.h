// Reading all of the kernel's table while others write to it.
#pragma once

#include <atomic>
#include <vector>

#include "ipvs.h"

namespace ipvs {

// The negative of no errno: the kernel has no IPVS, and could not load it.
constexpr int kNoIpvs = -1;

// What the kernel can be asked. Errors are errnos or kNoIpvs, 0 is success.
class TableSource {
 public:
  virtual ~TableSource() = default;

  // Appends what one dump gives. While others write, a dump can skip rows or repeat them.
  virtual int ListServices(bool counters, std::vector<Service>& services) = 0;
  // The same for one service's destinations: none where there is no such service. `in_parts` where the kernel could
  // not give them at once, and others could write in between.
  virtual int ListDestinations(const ServiceKey& key, bool counters, std::vector<Destination>& destinations,
                               bool& in_parts) = 0;
  // ESRCH where there is none.
  virtual int FindService(const ServiceKey& key, bool counters, Service& service) = 0;
};

// Takes what is read. Of what it is told about one key, the last holds.
class TableSink {
 public:
  virtual ~TableSink() = default;

  virtual void Put(const Service& service, const std::vector<Destination>& destinations) = 0;
  virtual void PutMissing(const ServiceKey& key) = 0;
};

// Reads some services, each of which is put or put as missing, in order. ECANCELED where that was asked for.
int ReadServices(TableSource& source, const std::vector<ServiceKey>& keys, bool counters, TableSink& sink,
                 const std::atomic<bool>& cancelled);

// Reads every service with its destinations, each once. Services that others add or delete meanwhile may be there or
// not; all others are.
int ReadTable(TableSource& source, bool counters, TableSink& sink, const std::atomic<bool>& cancelled);

}  // namespace ipvs
