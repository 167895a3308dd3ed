// The N-API surface: flat functions on an opaque handle. Arguments are checked here once more, so that no call from
// JavaScript can reach memory it should not; friendly checks are in the TypeScript binding.
#include <node_api.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include "../network/choose_kernels.h"
#include "../network/network.h"

namespace {

using fear_nas::Input;
using fear_nas::Network;
using fear_nas::NetworkError;
using fear_nas::Score;

/** N-API has thrown, or will: nothing left to do but return. */
struct PendingException {};

void check(napi_env env, napi_status status) {
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
constexpr napi_type_tag kHandleTag = {0x9d1c6f0a54e84c17, 0xb2a7e3f8135d4c61};

/** Tells the garbage collector how much a handle holds outside of its heap. */
void report_memory(napi_env env, Handle& handle) {
  const std::int64_t bytes = handle.network ? std::int64_t(handle.network->memory_bytes()) : 0;
  std::int64_t total = 0;
  napi_adjust_external_memory(env, bytes - handle.reported, &total);
  handle.reported = bytes;
}

void finalize(napi_env env, void* data, void*) {
  Handle* handle = static_cast<Handle*>(data);
  handle->network.reset();
  report_memory(env, *handle);
  delete handle;
}

template <typename T>
struct Span {
  T* data;
  std::size_t length;
};

/** The arguments of one call. */
class Arguments {
 public:
  static constexpr std::size_t kMost = 8;

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

  Span<float> floats() { return array<float>(napi_float32_array, "a Float32Array"); }
  Span<std::int32_t> integers() { return array<std::int32_t>(napi_int32_array, "an Int32Array"); }
  Span<double> doubles() { return array<double>(napi_float64_array, "a Float64Array"); }

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

template <typename T>
T* sized(const Span<T>& span, std::size_t length, const char* what) {
  if (span.length != length) {
    throw NetworkError(std::string(what) + " must hold " + std::to_string(length) + " numbers, got " +
                       std::to_string(span.length));
  }
  return span.data;
}

std::size_t positive(int count) {
  if (count <= 0) throw NetworkError("the batch must not be empty");
  return std::size_t(count);
}

/** The value of `node` for `count` images. */
Input checked_input(const Network& network, const Span<float>& values, int count, int node) {
  const std::size_t each = network.plan().nodes[node].values();
  return {sized(values, positive(count) * each, "the images"), count, node};
}

const std::int32_t* checked_labels(const Network& network, const Span<std::int32_t>& labels, int count) {
  const std::int32_t* data = sized(labels, positive(count), "the labels");
  for (int n = 0; n < count; n++) {
    if (data[n] < 0 || data[n] >= network.plan().classes) throw NetworkError("a label is out of range");
  }
  return data;
}

int checked_node(const Network& network, int node) {
  if (node < 0 || node > network.plan().head) throw NetworkError("the cut is not a node below the head");
  return node;
}

void store_score(const Score& score, int count, const Span<double>& result) {
  double* out = sized(result, 2, "the result");
  out[0] = score.loss / count;
  out[1] = score.correct;
}

// Each of these is one function of the addon; what it returns may be null for undefined.

/** instructionSets(): the names of those this processor has, best first, separated by commas. */
napi_value instruction_sets(napi_env env, Arguments&) {
  napi_value result = nullptr;
  const std::string names = fear_nas::instruction_sets();
  check(env, napi_create_string_utf8(env, names.data(), names.size(), &result));
  return result;
}

/** create(plan: Int32Array, instruction set: string): handle */
napi_value create(napi_env env, Arguments& arguments) {
  const Span<std::int32_t> plan = arguments.integers();
  const fear_nas::Kernels& kernels = fear_nas::choose_kernels(arguments.text());
  auto handle = std::make_unique<Handle>();
  handle->network = std::make_unique<Network>(fear_nas::Plan::decode(plan.data, plan.length), kernels);
  napi_value value = nullptr;
  check(env, napi_create_external(env, handle.get(), finalize, nullptr, &value));
  Handle& owned = *handle.release();
  check(env, napi_type_tag_object(env, value, &kHandleTag));
  report_memory(env, owned);
  return value;
}

/** dispose(handle) */
napi_value dispose(napi_env env, Arguments& arguments) {
  Handle& handle = arguments.handle();
  handle.network.reset();
  report_memory(env, handle);
  return nullptr;
}

/** setWeights(handle, parameters, running means, running variances) */
napi_value set_weights(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const float* parameters = sized(arguments.floats(), network.plan().parameter_count, "the parameters");
  const float* means = sized(arguments.floats(), network.plan().statistics_count, "the running means");
  const float* variances = sized(arguments.floats(), network.plan().statistics_count, "the running variances");
  network.set_weights(parameters, means, variances);
  return nullptr;
}

/** getWeights(handle, parameters, running means, running variances): fills the arrays */
napi_value get_weights(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  float* parameters = sized(arguments.floats(), network.plan().parameter_count, "the parameters");
  float* means = sized(arguments.floats(), network.plan().statistics_count, "the running means");
  float* variances = sized(arguments.floats(), network.plan().statistics_count, "the running variances");
  network.get_weights(parameters, means, variances);
  return nullptr;
}

/** freeze(handle, node, batch statistics) */
napi_value freeze(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = checked_node(network, arguments.integer());
  network.freeze(node, arguments.boolean());
  return nullptr;
}

/** trainStep(handle, node, values, labels, count, [rate, momentum, nesterov, decay, clip], result) */
napi_value train_step(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = checked_node(network, arguments.integer());
  const Span<float> values = arguments.floats();
  const Span<std::int32_t> labels = arguments.integers();
  const int count = arguments.integer();
  const double* numbers = sized(arguments.doubles(), 5, "the options");
  const Span<double> result = arguments.doubles();
  sized(result, 2, "the result");
  if (node > network.cut()) throw NetworkError("features must come from the frozen cut");
  const fear_nas::StepOptions options = {numbers[0], numbers[1], numbers[2] != 0, numbers[3], numbers[4]};
  const Input input = checked_input(network, values, count, node);
  store_score(network.train_step(input, checked_labels(network, labels, count), options), count, result);
  return nullptr;
}

/** evaluate(handle, node, values, labels, count, result) */
napi_value evaluate(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = checked_node(network, arguments.integer());
  const Span<float> values = arguments.floats();
  const Span<std::int32_t> labels = arguments.integers();
  const int count = arguments.integer();
  const Span<double> result = arguments.doubles();
  sized(result, 2, "the result");
  const Input input = checked_input(network, values, count, node);
  store_score(network.evaluate(input, checked_labels(network, labels, count)), count, result);
  return nullptr;
}

/** logits(handle, images, count, logits): fills the array */
napi_value logits(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const Span<float> values = arguments.floats();
  const int count = arguments.integer();
  float* out = sized(arguments.floats(), positive(count) * network.plan().classes, "the logits");
  network.logits(checked_input(network, values, count, 0), out);
  return nullptr;
}

/** gradients(handle, images, labels, count, gradients): fills the array */
napi_value gradients(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const Span<float> values = arguments.floats();
  const Span<std::int32_t> labels = arguments.integers();
  const int count = arguments.integer();
  float* out = sized(arguments.floats(), network.plan().parameter_count, "the gradients");
  const Input input = checked_input(network, values, count, 0);
  network.gradients(input, checked_labels(network, labels, count), out);
  return nullptr;
}

/** features(handle, node, images, count, batch statistics, features): fills the array */
napi_value features(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = checked_node(network, arguments.integer());
  const Span<float> values = arguments.floats();
  const int count = arguments.integer();
  const bool batch_statistics = arguments.boolean();
  const std::size_t each = network.plan().nodes[node].values();
  float* out = sized(arguments.floats(), positive(count) * each, "the features");
  network.features(checked_input(network, values, count, 0), node, batch_statistics, out);
  return nullptr;
}

/** memoryBytes(handle): number */
napi_value memory_bytes(napi_env env, Arguments& arguments) {
  napi_value result = nullptr;
  check(env, napi_create_double(env, double(arguments.network().memory_bytes()), &result));
  return result;
}

/** phases(handle): seconds by phase since creation */
napi_value phases(napi_env env, Arguments& arguments) {
  const fear_nas::PhaseTimers& timers = arguments.network().timers();
  napi_value result = nullptr;
  check(env, napi_create_object(env, &result));
  for (int i = 0; i < int(fear_nas::Phase::count); i++) {
    napi_value seconds = nullptr;
    check(env, napi_create_double(env, timers.seconds(fear_nas::Phase(i)), &seconds));
    check(env, napi_set_named_property(env, result, fear_nas::kPhaseNames[i], seconds));
  }
  return result;
}

/** Wraps a function: C++ exceptions become JavaScript errors, and memory is reported after every call. */
template <napi_value (*Function)(napi_env, Arguments&)>
napi_value call(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments(env, info);
    return Function(env, arguments);
  } catch (const PendingException&) {
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, nullptr, "out of memory: use a smaller batch or fewer channels");
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return nullptr;
}

/** As `call`, for functions of a network whose memory they may change. */
template <napi_value (*Function)(napi_env, Arguments&)>
napi_value call_network(napi_env env, napi_callback_info info) {
  const napi_value result = call<Function>(env, info);
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) return nullptr;
  try {
    Arguments arguments(env, info);
    report_memory(env, arguments.handle());
  } catch (...) {
  }
  return result;
}

}  // namespace

// Context-aware: nothing here is shared between the threads that load the addon.
NAPI_MODULE_INIT() {
  const napi_property_attributes attributes = napi_enumerable;
  const auto method = [&](const char* name, napi_callback callback) {
    return napi_property_descriptor{name, nullptr, callback, nullptr, nullptr, nullptr, attributes, nullptr};
  };
  const napi_property_descriptor properties[] = {
      method("instructionSets", call<instruction_sets>),
      method("create", call<create>),
      method("dispose", call<dispose>),
      method("setWeights", call<set_weights>),
      method("getWeights", call<get_weights>),
      method("freeze", call_network<freeze>),
      method("trainStep", call_network<train_step>),
      method("evaluate", call_network<evaluate>),
      method("logits", call_network<logits>),
      method("gradients", call_network<gradients>),
      method("features", call_network<features>),
      method("memoryBytes", call<memory_bytes>),
      method("phases", call<phases>),
  };
  napi_define_properties(env, exports, sizeof properties / sizeof properties[0], properties);
  return exports;
}
