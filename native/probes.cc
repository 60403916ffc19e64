#include "probes.h"

#include <uv.h>

#include <algorithm>

#include "echo_socket.h"

namespace addon {
namespace {

// Messages that are taken before others get their turn.
constexpr int kMessagesPerTurn = 64;

std::vector<uint8_t> CopyBytes(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.Data() + array.ByteLength()};
}

// (isIPv6, source, mark)
probe::Route ReadRoute(const Napi::CallbackInfo& info, size_t first) {
  return {info[first].As<Napi::Boolean>() ? AF_INET6 : AF_INET, CopyBytes(info[first + 1]),
          info[first + 2].As<Napi::Number>()};
}

// openSocket(isStream, isIPv6, source, mark): a descriptor, or an errno below zero.
Napi::Value OpenSocket(const Napi::CallbackInfo& info) {
  const int type = info[0].As<Napi::Boolean>() ? SOCK_STREAM : SOCK_DGRAM;
  return Napi::Number::New(info.Env(), probe::OpenSocket(type, ReadRoute(info, 1)));
}

// sourceTowards(isIPv6, address): bytes, or an errno below zero.
Napi::Value SourceTowards(const Napi::CallbackInfo& info) {
  int error = 0;
  const probe::Address source =
      probe::SourceTowards(info[0].As<Napi::Boolean>() ? AF_INET6 : AF_INET, CopyBytes(info[1]), error);
  if (error != 0) return Napi::Number::New(info.Env(), -error);
  auto bytes = Napi::Uint8Array::New(info.Env(), source.size());
  std::copy(source.begin(), source.end(), bytes.Data());
  return bytes;
}

class EchoSocket;

// What the event loop holds on to until it has let go of the descriptor, which may be after JavaScript has.
struct Watch {
  uv_poll_t poll;
  probe::EchoSocket socket;
  // None once it is being closed.
  EchoSocket* owner;
  napi_async_cleanup_hook_handle cleanup = nullptr;
};

// One socket for echo messages, watched by the event loop without keeping it alive.
class EchoSocket final : public Napi::ObjectWrap<EchoSocket> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "EchoSocket",
                       {
                           InstanceMethod<&EchoSocket::Open>("open"),
                           InstanceMethod<&EchoSocket::Send>("send"),
                           InstanceMethod<&EchoSocket::Close>("close"),
                       });
  }

  explicit EchoSocket(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<EchoSocket>(info),
        on_message_(Napi::Persistent(info[0].As<Napi::Function>())),
        context_(info.Env(), "EchoSocket") {}

  ~EchoSocket() override { EndWatch(watch_); }

 private:
  // open(isIPv6, source, mark): an errno, 0 where it is open. Once.
  Napi::Value Open(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), StartWatch(info.Env(), ReadRoute(info, 0)));
  }

  // send(to, message): an errno, 0 where it was sent.
  Napi::Value Send(const Napi::CallbackInfo& info) {
    const auto message = info[1].As<Napi::Uint8Array>();
    const int error =
        watch_ == nullptr ? EBADF : watch_->socket.Send(CopyBytes(info[0]), {message.Data(), message.ByteLength()});
    return Napi::Number::New(info.Env(), error);
  }

  void Close(const Napi::CallbackInfo&) { EndWatch(watch_); }

  int StartWatch(Napi::Env env, const probe::Route& route) {
    uv_loop_t* loop = nullptr;
    if (watch_ != nullptr || napi_get_uv_event_loop(env, &loop) != napi_ok) return EINVAL;
    auto watch = std::make_unique<Watch>();
    watch->owner = this;
    const int error = watch->socket.Open(route);
    if (error != 0) return error;
    const int poll_error = uv_poll_init(loop, &watch->poll, watch->socket.descriptor());
    if (poll_error != 0) return -poll_error;
    watch->poll.data = watch.get();
    watch_ = watch.release();
    uv_poll_start(&watch_->poll, UV_READABLE, TakeMessages);
    uv_unref(reinterpret_cast<uv_handle_t*>(&watch_->poll));
    // A loop with open handles must not end.
    napi_add_async_cleanup_hook(
        env, [](napi_async_cleanup_hook_handle, void* watch) { EndWatch(static_cast<Watch*>(watch)); }, watch_,
        &watch_->cleanup);
    return 0;
  }

  static void EndWatch(Watch* watch) {
    if (watch == nullptr || watch->owner == nullptr) return;
    watch->owner->watch_ = nullptr;
    watch->owner = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&watch->poll), [](uv_handle_t* handle) {
      auto* closed = static_cast<Watch*>(handle->data);
      napi_remove_async_cleanup_hook(closed->cleanup);
      delete closed;
    });
    watch->socket.Close();
  }

  static void TakeMessages(uv_poll_t* poll, int, int) {
    auto* watch = static_cast<Watch*>(poll->data);
    netlink::Bytes from;
    netlink::Bytes message;
    for (int i = 0; i < kMessagesPerTurn && watch->owner != nullptr; i++) {
      if (!watch->socket.Receive(from, message)) return;
      watch->owner->Tell(from, message);
    }
  }

  // JavaScript may close the socket meanwhile, and may have forgotten it before. All of these calls fail where the
  // environment is about to end: nobody is left to be told, not even of that.
  void Tell(netlink::Bytes from, netlink::Bytes message) {
    const napi_env env = Env();
    const Napi::HandleScope scope(env);
    const size_t size = from.size + message.size;
    void* bytes = nullptr;
    napi_value buffer, packet, global, error;
    bool threw = false;
    if (napi_create_arraybuffer(env, size, &bytes, &buffer) != napi_ok) return;
    std::copy_n(message.data, message.size, std::copy_n(from.data, from.size, static_cast<uint8_t*>(bytes)));
    if (napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &packet) != napi_ok) return;
    if (napi_get_global(env, &global) != napi_ok) return;
    napi_make_callback(env, context_, global, on_message_.Value(), 1, &packet, nullptr);
    if (napi_is_exception_pending(env, &threw) != napi_ok || !threw) return;
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
  }

  Napi::FunctionReference on_message_;
  Napi::AsyncContext context_;
  Watch* watch_ = nullptr;
};

}  // namespace

void DefineProbes(Napi::Env env, Napi::Object exports) {
  exports.Set("openSocket", Napi::Function::New<OpenSocket>(env));
  exports.Set("sourceTowards", Napi::Function::New<SourceTowards>(env));
  exports.Set("EchoSocket", EchoSocket::Define(env));
}

}  // namespace addon
