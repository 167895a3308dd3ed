// The N-API surface: flat functions on an opaque handle, which read their arguments and make the checked calls of
// calls.h.
#include <exception>
#include <memory>
#include <new>
#include <string>

#include "../network/choose_kernels.h"
#include "arguments.h"

namespace {

using namespace fear_nas;

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
  const Kernels& kernels = choose_kernels(arguments.text());
  auto handle = std::make_unique<Handle>();
  handle->network = std::make_unique<Network>(Plan::decode(plan.data, plan.length), kernels);
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
  const Floats parameters = arguments.floats(), means = arguments.floats(), variances = arguments.floats();
  calls::set_weights(network, parameters, means, variances);
  return nullptr;
}

/** getWeights(handle, parameters, running means, running variances): fills the arrays */
napi_value get_weights(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const Floats parameters = arguments.floats(), means = arguments.floats(), variances = arguments.floats();
  calls::get_weights(network, parameters, means, variances);
  return nullptr;
}

/** getMomentum(handle, momentum): fills the array */
napi_value get_momentum(napi_env, Arguments& arguments) {
  const Network& network = arguments.network();
  calls::get_momentum(network, arguments.floats());
  return nullptr;
}

/** setMomentum(handle, momentum) */
napi_value set_momentum(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  calls::set_momentum(network, arguments.floats());
  return nullptr;
}

/** freeze(handle, node, batch statistics) */
napi_value freeze(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = arguments.integer();
  calls::freeze(network, node, arguments.boolean());
  return nullptr;
}

/** trainStep(handle, node, values, labels, count, [rate, momentum, nesterov, decay, clip], result) */
napi_value train_step(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = arguments.integer();
  const Floats values = arguments.floats();
  const Integers labels = arguments.integers();
  const int count = arguments.integer();
  const Doubles options = arguments.doubles();
  calls::train_step(network, node, values, labels, count, options, arguments.doubles());
  return nullptr;
}

/** evaluate(handle, node, values, labels, count, result) */
napi_value evaluate(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = arguments.integer();
  const Floats values = arguments.floats();
  const Integers labels = arguments.integers();
  const int count = arguments.integer();
  calls::evaluate(network, node, values, labels, count, arguments.doubles());
  return nullptr;
}

/** logits(handle, images, count, logits): fills the array */
napi_value logits(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const Floats images = arguments.floats();
  const int count = arguments.integer();
  calls::logits(network, images, count, arguments.floats());
  return nullptr;
}

/** gradients(handle, images, labels, count, gradients): fills the array */
napi_value gradients(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const Floats images = arguments.floats();
  const Integers labels = arguments.integers();
  const int count = arguments.integer();
  calls::gradients(network, images, labels, count, arguments.floats());
  return nullptr;
}

/** gradientsNear(handle, images, labels, count, points, gradients): fills the array */
napi_value gradients_near(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const Floats images = arguments.floats();
  const Integers labels = arguments.integers();
  const int count = arguments.integer();
  const Floats points = arguments.floats();
  calls::gradients_near(network, images, labels, count, points, arguments.floats());
  return nullptr;
}

/** probe(handle, images, labels, count, cross-entropy, bypass, parameters, inputs, outputs): exponent; fills the arrays */
napi_value probe(napi_env env, Arguments& arguments) {
  Network& network = arguments.network();
  const Floats images = arguments.floats();
  const Integers labels = arguments.integers();
  const int count = arguments.integer();
  const bool cross_entropy = arguments.boolean(), bypass = arguments.boolean();
  const Floats parameters = arguments.floats(), inputs = arguments.floats(), outputs = arguments.floats();
  napi_value result = nullptr;
  check(env, napi_create_int32(env, calls::probe(network, images, labels, count, cross_entropy, bypass, parameters,
                                                 inputs, outputs),
                               &result));
  return result;
}

/** features(handle, node, images, count, batch statistics, features): fills the array */
napi_value features(napi_env, Arguments& arguments) {
  Network& network = arguments.network();
  const int node = arguments.integer();
  const Floats images = arguments.floats();
  const int count = arguments.integer();
  const bool batch_statistics = arguments.boolean();
  calls::features(network, node, images, count, batch_statistics, arguments.floats());
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
  const PhaseTimers& timers = arguments.network().timers();
  napi_value result = nullptr;
  check(env, napi_create_object(env, &result));
  for (int i = 0; i < int(Phase::count); i++) {
    napi_value seconds = nullptr;
    check(env, napi_create_double(env, timers.seconds(Phase(i)), &seconds));
    check(env, napi_set_named_property(env, result, kPhaseNames[i], seconds));
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
    napi_throw_error(env, kTooLargeCode, kOutOfMemory);
  } catch (const TooLarge& error) {
    napi_throw_error(env, kTooLargeCode, error.what());
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
      method("getMomentum", call<get_momentum>),
      method("setMomentum", call_network<set_momentum>),
      method("freeze", call_network<freeze>),
      method("trainStep", call_network<train_step>),
      method("evaluate", call_network<evaluate>),
      method("logits", call_network<logits>),
      method("gradients", call_network<gradients>),
      method("features", call_network<features>),
      method("probe", call_network<probe>),
      method("gradientsNear", call_network<gradients_near>),
      method("memoryBytes", call<memory_bytes>),
      method("phases", call<phases>),
  };
  napi_define_properties(env, exports, sizeof properties / sizeof properties[0], properties);
  return exports;
}
