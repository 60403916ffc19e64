// A thread of its own for everything that talks to the kernel, and how its results come back to JavaScript.
#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "requests.h"

namespace addon {

// What a job's work gets, on the worker's thread.
struct WorkContext {
  ipvs::Connection& connection;
  const std::atomic<bool>& cancelled;
  // Hands a part of the result over at once.
  std::function<void(packed::Buffer&& chunk)> emit;
  packed::Buffer& result;
};

// Returns an errno, kNoIpvs, or 0.
using Work = std::function<int(WorkContext& context)>;

// Runs jobs one after the other. Belongs to JavaScript's thread: all methods are for that one alone.
class Worker {
 public:
  explicit Worker(Napi::Env env);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The promise resolves with the result as an ArrayBuffer, or rejects with an Error whose `errno` says why. Chunks go
  // to the function, each as an ArrayBuffer, before that. `id` is for Cancel.
  Napi::Promise Start(uint32_t id, Work work, Napi::Function on_chunk = {});
  // Lets a job end early, if it is a read, and still there.
  void Cancel(uint32_t id);
  // Lets the job under way end, drops those behind it, and ends the thread.
  void Stop();

 private:
  struct Job;
  struct Event;
  static void Deliver(Napi::Env env, Napi::Function, Worker* worker, Event* event);
  using Deliveries = Napi::TypedThreadSafeFunction<Worker, Event, Deliver>;

  void RunJobs();
  void Settle(Napi::Env env, Job* job);

  Napi::Env env_;
  Deliveries deliveries_;
  // Owns all jobs; for JavaScript's thread alone, since they hold references to JavaScript's things.
  std::list<std::unique_ptr<Job>> jobs_;

  std::mutex mutex_;
  std::condition_variable wake_;
  // These two are guarded by the mutex.
  std::deque<Job*> queue_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace addon
