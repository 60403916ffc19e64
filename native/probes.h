// What health probes need of the kernel and Node does not give them. src/adapters/probes/native-sockets.ts has the
// types.
#pragma once

#include <napi.h>

namespace addon {

void DefineProbes(Napi::Env env, Napi::Object exports);

}  // namespace addon
