#include "worker.h"

#include <cstring>

namespace addon {

struct Worker::Job {
  Job(Napi::Env env, uint32_t id, Work work) : id(id), work(std::move(work)), deferred(env) {}

  const uint32_t id;
  const Work work;
  std::atomic<bool> cancelled{false};
  Napi::Promise::Deferred deferred;
  Napi::FunctionReference on_chunk;
  // Written by the worker's thread, read by JavaScript's once the job is over.
  packed::Buffer result;
  int error = 0;
};

struct Worker::Event {
  Job* job;
  packed::Buffer chunk;
  bool over;
};

namespace {

Napi::ArrayBuffer CopyToJavaScript(Napi::Env env, const packed::Buffer& bytes) {
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(buffer.Data(), bytes.data(), bytes.size());
  return buffer;
}

Napi::Value MakeError(Napi::Env env, int error) {
  const char* text = error == ipvs::kNoIpvs ? "no IPVS" : std::strerror(error);
  Napi::Error value = Napi::Error::New(env, text);
  value.Set("errno", Napi::Number::New(env, error));
  return value.Value();
}

}  // namespace

Worker::Worker(Napi::Env env)
    : env_(env), deliveries_(Deliveries::New(env, "ipvs", 0, 1, this)), thread_([this] { RunJobs(); }) {
  // An idle worker keeps no process alive.
  deliveries_.Unref(env_);
}

Worker::~Worker() {
  Stop();
}

Napi::Promise Worker::Start(uint32_t id, Work work, Napi::Function on_chunk) {
  auto job = std::make_unique<Job>(env_, id, std::move(work));
  if (!on_chunk.IsEmpty()) job->on_chunk = Napi::Persistent(on_chunk);
  const Napi::Promise promise = job->deferred.Promise();
  if (jobs_.empty()) deliveries_.Ref(env_);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(job.get());
  }
  jobs_.push_back(std::move(job));
  wake_.notify_one();
  return promise;
}

void Worker::Cancel(uint32_t id) {
  for (const auto& job : jobs_) {
    if (job->id == id) job->cancelled = true;
  }
}

void Worker::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  for (const auto& job : jobs_) job->cancelled = true;
  wake_.notify_one();
  thread_.join();
  deliveries_.Abort();
}

void Worker::RunJobs() {
  netlink::Socket socket;
  ipvs::Connection connection(socket);
  for (;;) {
    Job* job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      job = queue_.front();
      queue_.pop_front();
    }
    WorkContext context{connection, job->cancelled,
                        [&](packed::Buffer&& chunk) {
                          deliveries_.NonBlockingCall(new Event{job, std::move(chunk), false});
                        },
                        job->result};
    job->error = job->work(context);
    deliveries_.NonBlockingCall(new Event{job, {}, true});
  }
}

// Without an environment, JavaScript has ended, and nobody waits for the event any more.
void Worker::Deliver(Napi::Env env, Napi::Function, Worker* worker, Event* event) {
  const std::unique_ptr<Event> owned(event);
  if (static_cast<napi_env>(env) == nullptr) return;
  if (event->over) {
    worker->Settle(env, event->job);
  } else if (!event->job->on_chunk.IsEmpty()) {
    event->job->on_chunk.Call({CopyToJavaScript(env, event->chunk)});
  }
}

void Worker::Settle(Napi::Env env, Job* job) {
  if (job->error == 0) {
    job->deferred.Resolve(CopyToJavaScript(env, job->result));
  } else {
    job->deferred.Reject(MakeError(env, job->error));
  }
  jobs_.remove_if([job](const auto& other) { return other.get() == job; });
  if (jobs_.empty()) deliveries_.Unref(env);
}

}  // namespace addon
