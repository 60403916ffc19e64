// What the Node side asks for, from packed records to packed records. Knows nothing of Node itself.
//
// All return an errno, kNoIpvs, or 0; EINVAL for records that are none, of which nothing is carried out.
#pragma once

#include <atomic>
#include <functional>

#include "connection.h"
#include "convert.h"

namespace packed {

// The result has an i32 in host order for each operation that was tried: see Connection::Apply. Wave ends are what they
// are there.
int Apply(ipvs::Connection& connection, const Buffer& operations, const std::vector<uint32_t>& wave_ends,
          Buffer& result);

int ReadInfo(ipvs::Connection& connection, Buffer& result);
int ReadTimeouts(ipvs::Connection& connection, Buffer& result);
int ListDaemons(ipvs::Connection& connection, Buffer& result);

struct TableRequest {
  bool counters = false;
  const std::atomic<bool>& cancelled;
  // Gets whole services, some at a time.
  std::function<void(Buffer&& chunk)> emit;
};

int ReadTable(ipvs::Connection& connection, const TableRequest& request);
int ReadServices(ipvs::Connection& connection, const Buffer& keys, const TableRequest& request);

}  // namespace packed
