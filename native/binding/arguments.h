// Reading the arguments of a call from JavaScript.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "calls.h"

namespace fear_nas {

/** N-API has thrown, or will: nothing left to do but return. */
struct PendingException {};

inline void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw PendingException();
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  throw NetworkError(info != nullptr && info->error_message != nullptr ? info->error_message : "N-API failed");
}

/** What a JavaScript handle owns. */
struct Handle {
  std::unique_ptr<Network> network;
  /** Bytes last reported to the garbage collector. */
  std::int64_t reported = 0;
};

// Marks the handles of this addon, so that no other object passes for one.
inline constexpr napi_type_tag kHandleTag = {0x9d1c6f0a54e84c17, 0xb2a7e3f8135d4c61};

/** Tells the garbage collector how much a handle holds outside of its heap. */
inline void report_memory(napi_env env, Handle& handle) {
  const std::int64_t bytes = handle.network ? std::int64_t(handle.network->memory_bytes()) : 0;
  std::int64_t total = 0;
  napi_adjust_external_memory(env, bytes - handle.reported, &total);
  handle.reported = bytes;
}

inline void finalize(napi_env env, void* data, void*) {
  Handle* handle = static_cast<Handle*>(data);
  handle->network.reset();
  report_memory(env, *handle);
  delete handle;
}

using calls::Doubles;
using calls::Floats;
using calls::Integers;
using calls::Span;

/** The arguments of one call. */
class Arguments {
 public:
  static constexpr std::size_t kMost = 9;

  Arguments(napi_env env, napi_callback_info info) : env_(env) {
    check(env, napi_get_cb_info(env, info, &count_, values_, nullptr, nullptr));
  }

  Handle& handle() {
    const napi_value value = next();
    bool tagged = false;
    napi_valuetype type;
    check(env_, napi_typeof(env_, value, &type));
    if (type == napi_external) check(env_, napi_check_object_type_tag(env_, value, &kHandleTag, &tagged));
    if (!tagged) throw NetworkError("expected the handle of a network");
    void* data = nullptr;
    check(env_, napi_get_value_external(env_, value, &data));
    return *static_cast<Handle*>(data);
  }

  Network& network() {
    Handle& found = handle();
    if (!found.network) throw NetworkError("the network has been disposed of");
    return *found.network;
  }

  Floats floats() { return array<float>(napi_float32_array, "a Float32Array"); }
  Integers integers() { return array<std::int32_t>(napi_int32_array, "an Int32Array"); }
  Doubles doubles() { return array<double>(napi_float64_array, "a Float64Array"); }

  int integer() {
    std::int32_t value = 0;
    check(env_, napi_get_value_int32(env_, next(), &value));
    return value;
  }

  bool boolean() {
    bool value = false;
    check(env_, napi_get_value_bool(env_, next(), &value));
    return value;
  }

  std::string text() {
    char buffer[64];
    std::size_t length = 0;
    check(env_, napi_get_value_string_utf8(env_, next(), buffer, sizeof buffer, &length));
    return std::string(buffer, length);
  }

 private:
  napi_value next() {
    if (used_ >= count_ || used_ >= kMost) throw NetworkError("too few arguments");
    return values_[used_++];
  }

  template <typename T>
  Span<T> array(napi_typedarray_type wanted, const char* name) {
    const napi_value value = next();
    bool is_typed_array = false;
    check(env_, napi_is_typedarray(env_, value, &is_typed_array));
    napi_typedarray_type type = napi_int8_array;
    void* data = nullptr;
    std::size_t length = 0;
    if (is_typed_array) {
      check(env_, napi_get_typedarray_info(env_, value, &type, &length, &data, nullptr, nullptr));
    }
    if (!is_typed_array || type != wanted) throw NetworkError(std::string("expected ") + name);
    return {static_cast<T*>(data), length};
  }

  napi_env env_;
  std::size_t count_ = kMost;
  std::size_t used_ = 0;
  napi_value values_[kMost];
};

}  // namespace fear_nas
