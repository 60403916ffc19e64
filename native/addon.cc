// The functions that JavaScript sees. src/adapters/netlink/addon.ts has the types of those that speak to the kernel,
// src/adapters/systemd/notification.ts of the one that speaks to the service manager,
// src/adapters/programs/confinement.ts of the one about privileges. Those of probes are in probes.cc.
#include <napi.h>

#include <algorithm>

#include "notify.h"
#include "privileges.h"
#include "probes.h"
#include "worker.h"

namespace addon {
namespace {

// A copy: the worker's thread must not see what JavaScript may change.
packed::Buffer CopyBytes(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return packed::Buffer(array.Data(), array.Data() + array.ByteLength());
}

// Batches that wait for the kernel at the same time although each needs the success of the one before: whether one of
// them failed. Only the worker's thread looks.
using Run = std::shared_ptr<bool>;

bool HaveAllSucceeded(const packed::Buffer& errnos, size_t count) {
  return errnos.size() == count * sizeof(int) &&
         std::all_of(errnos.begin(), errnos.end(), [](uint8_t byte) { return byte == 0; });
}

}  // namespace

// One connection to the kernel with its thread.
class Client final : public Napi::ObjectWrap<Client> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "Client",
                       {
                           InstanceMethod<&Client::Open>("open"),
                           InstanceMethod<&Client::BeginRun>("beginRun"),
                           InstanceMethod<&Client::Apply>("apply"),
                           InstanceMethod<&Client::ReadTable>("readTable"),
                           InstanceMethod<&Client::ReadServices>("readServices"),
                           InstanceMethod<&Client::ReadInfo>("readInfo"),
                           InstanceMethod<&Client::ReadTimeouts>("readTimeouts"),
                           InstanceMethod<&Client::ListDaemons>("listDaemons"),
                           InstanceMethod<&Client::Cancel>("cancel"),
                           InstanceMethod<&Client::Close>("close"),
                       });
  }

  explicit Client(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Client>(info), worker_(info.Env()) {
    napi_add_env_cleanup_hook(info.Env(), StopAtExit, this);
  }

  ~Client() override { napi_remove_env_cleanup_hook(Env(), StopAtExit, this); }

 private:
  // The thread must not outlive the environment that it answers to.
  static void StopAtExit(void* client) { static_cast<Client*>(client)->worker_.Stop(); }

  Napi::Value Open(const Napi::CallbackInfo&) {
    return worker_.Start(0, [](WorkContext& context) { return context.connection.Open(); });
  }

  Napi::Value BeginRun(const Napi::CallbackInfo& info) {
    return Napi::External<Run>::New(info.Env(), new Run(std::make_shared<bool>(false)),
                                    [](Napi::Env, const Run* run) { delete run; });
  }

  Napi::Value Apply(const Napi::CallbackInfo& info) {
    const auto ends = info[2].As<Napi::Uint32Array>();
    return worker_.Start(
        0, [has_failed = *info[0].As<Napi::External<Run>>().Data(), operations = CopyBytes(info[1]),
            wave_ends = std::vector<uint32_t>(ends.Data(), ends.Data() + ends.ElementLength())](WorkContext& context) {
          if (*has_failed) return 0;
          const int error = packed::Apply(context.connection, operations, wave_ends, context.result);
          *has_failed = error != 0 || !HaveAllSucceeded(context.result, wave_ends.empty() ? 0 : wave_ends.back());
          return error;
        });
  }

  Napi::Value ReadTable(const Napi::CallbackInfo& info) {
    return worker_.Start(
        info[0].As<Napi::Number>(),
        [counters = info[1].As<Napi::Boolean>().Value()](WorkContext& context) {
          return packed::ReadTable(context.connection, {counters, context.cancelled, context.emit});
        },
        info[2].As<Napi::Function>());
  }

  Napi::Value ReadServices(const Napi::CallbackInfo& info) {
    return worker_.Start(
        info[0].As<Napi::Number>(),
        [keys = CopyBytes(info[3]), counters = info[1].As<Napi::Boolean>().Value()](WorkContext& context) {
          return packed::ReadServices(context.connection, keys, {counters, context.cancelled, context.emit});
        },
        info[2].As<Napi::Function>());
  }

  Napi::Value ReadInfo(const Napi::CallbackInfo&) {
    return worker_.Start(0, [](WorkContext& context) { return packed::ReadInfo(context.connection, context.result); });
  }

  Napi::Value ReadTimeouts(const Napi::CallbackInfo&) {
    return worker_.Start(0,
                         [](WorkContext& context) { return packed::ReadTimeouts(context.connection, context.result); });
  }

  Napi::Value ListDaemons(const Napi::CallbackInfo&) {
    return worker_.Start(0,
                         [](WorkContext& context) { return packed::ListDaemons(context.connection, context.result); });
  }

  void Cancel(const Napi::CallbackInfo& info) { worker_.Cancel(info[0].As<Napi::Number>()); }

  void Close(const Napi::CallbackInfo&) { worker_.Stop(); }

  Worker worker_;
};

// sendNotification(address, message): an errno, 0 where it was sent.
static Napi::Value SendNotification(const Napi::CallbackInfo& info) {
  const int error = notify::Send(info[0].As<Napi::String>(), info[1].As<Napi::String>());
  return Napi::Number::New(info.Env(), error);
}

// forbidNewPrivileges(): an errno, 0 where it is so. It must be called where programs are started from.
static Napi::Value ForbidNewPrivileges(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), privileges::ForbidNew());
}

}  // namespace addon

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("Client", addon::Client::Define(env));
  exports.Set("sendNotification", Napi::Function::New<addon::SendNotification>(env));
  exports.Set("forbidNewPrivileges", Napi::Function::New<addon::ForbidNewPrivileges>(env));
  addon::DefineProbes(env, exports);
  return exports;
}

NODE_API_MODULE(ipvs, Init)
