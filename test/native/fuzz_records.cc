// Whatever JavaScript hands over, it is refused, or sent within the bounds of a request. The first byte is the length
// of the first wave.
#include <cstdlib>

#include "../../native/requests.h"
#include "scripted_transport.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint16_t family = samples::kFamily;
  test::ScriptedTransport transport(test::WithFamily(family, [](auto& request, auto, auto&) {
    if (request.attributes.size >= ipvs::kMaximumRequestSize) std::abort();
    return request.command % 2 ? EEXIST : 0;
  }));
  ipvs::Connection connection(transport);
  // Memory of just that size, so that any look beyond it is noticed.
  const packed::Buffer records(data + 1, data + size);
  packed::Buffer result;
  const auto count = static_cast<uint32_t>(records.size() / 72);
  packed::Apply(connection, records, {std::min<uint32_t>(data[0], count), count}, result);
  const std::atomic<bool> cancelled{false};
  packed::ReadServices(connection, records, {true, cancelled, [](packed::Buffer&&) {}});
  return 0;
}
