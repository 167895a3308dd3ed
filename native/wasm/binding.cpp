// The exports of the WebAssembly module: the checked calls of calls.h on arrays that JavaScript has copied in. An array
// comes as address and length; a length counts numbers.
#include <cstdlib>
#include <memory>
#include <new>

#include "../binding/calls.h"
#include "../network/choose_kernels.h"

namespace fear_nas::wasm {

using std::size_t;

/** Room for an array of JavaScript's, to be given back with `release`. */
[[clang::export_name("allocate")]] void* allocate(size_t bytes) {
  void* data = std::aligned_alloc(kAlignment, bytes);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

[[clang::export_name("release")]] void release(void* data) { std::free(data); }

/** The name of the instruction set, ended by a zero. */
[[clang::export_name("instruction_set")]] const char* instruction_set() { return choose_kernels("").name; }

[[clang::export_name("create")]] Network* create(std::int32_t* plan, size_t length) {
  return std::make_unique<Network>(Plan::decode(plan, length), choose_kernels("")).release();
}

[[clang::export_name("dispose")]] void dispose(Network* network) { delete network; }

[[clang::export_name("set_weights")]] void set_weights(Network& network, float* parameters, size_t parameter_count,
                                                       float* means, size_t mean_count, float* variances,
                                                       size_t variance_count) {
  calls::set_weights(network, {parameters, parameter_count}, {means, mean_count}, {variances, variance_count});
}

[[clang::export_name("get_weights")]] void get_weights(Network& network, float* parameters, size_t parameter_count,
                                                       float* means, size_t mean_count, float* variances,
                                                       size_t variance_count) {
  calls::get_weights(network, {parameters, parameter_count}, {means, mean_count}, {variances, variance_count});
}

[[clang::export_name("get_momentum")]] void get_momentum(const Network& network, float* momentum, size_t count) {
  calls::get_momentum(network, {momentum, count});
}

[[clang::export_name("set_momentum")]] void set_momentum(Network& network, float* momentum, size_t count) {
  calls::set_momentum(network, {momentum, count});
}

[[clang::export_name("freeze")]] void freeze(Network& network, int node, bool batch_statistics) {
  calls::freeze(network, node, batch_statistics);
}

[[clang::export_name("train_step")]] void train_step(Network& network, int node, float* values, size_t value_count,
                                                     std::int32_t* labels, size_t label_count, int count,
                                                     double* options, size_t option_count, double* result,
                                                     size_t result_count) {
  calls::train_step(network, node, {values, value_count}, {labels, label_count}, count, {options, option_count},
                    {result, result_count});
}

[[clang::export_name("evaluate")]] void evaluate(Network& network, int node, float* values, size_t value_count,
                                                 std::int32_t* labels, size_t label_count, int count, double* result,
                                                 size_t result_count) {
  calls::evaluate(network, node, {values, value_count}, {labels, label_count}, count, {result, result_count});
}

[[clang::export_name("logits")]] void logits(Network& network, float* images, size_t image_values, int count,
                                             float* logits, size_t logit_count) {
  calls::logits(network, {images, image_values}, count, {logits, logit_count});
}

[[clang::export_name("gradients")]] void gradients(Network& network, float* images, size_t image_values,
                                                   std::int32_t* labels, size_t label_count, int count,
                                                   float* gradients, size_t gradient_count) {
  calls::gradients(network, {images, image_values}, {labels, label_count}, count, {gradients, gradient_count});
}

[[clang::export_name("features")]] void features(Network& network, int node, float* images, size_t image_values,
                                                 int count, bool batch_statistics, float* features,
                                                 size_t feature_count) {
  calls::features(network, node, {images, image_values}, count, batch_statistics, {features, feature_count});
}

[[clang::export_name("probe")]] int probe(Network& network, float* images, size_t image_values, std::int32_t* labels,
                                          size_t label_count, int count, bool cross_entropy, bool bypass,
                                          float* parameters, size_t parameter_count, float* inputs,
                                          size_t input_values, float* outputs, size_t output_count) {
  return calls::probe(network, {images, image_values}, {labels, label_count}, count, cross_entropy, bypass,
                      {parameters, parameter_count}, {inputs, input_values}, {outputs, output_count});
}

[[clang::export_name("gradients_near")]] void gradients_near(Network& network, float* images, size_t image_values,
                                                             std::int32_t* labels, size_t label_count, int count,
                                                             float* points, size_t point_values, float* gradients,
                                                             size_t gradient_count) {
  calls::gradients_near(network, {images, image_values}, {labels, label_count}, count, {points, point_values},
                        {gradients, gradient_count});
}

[[clang::export_name("memory_bytes")]] double memory_bytes(const Network& network) {
  return double(network.memory_bytes());
}

[[clang::export_name("phase_count")]] int phase_count() { return int(Phase::count); }

/** The name of a phase, ended by a zero. */
[[clang::export_name("phase_name")]] const char* phase_name(int phase) { return kPhaseNames[phase]; }

[[clang::export_name("phase_seconds")]] double phase_seconds(const Network& network, int phase) {
  return network.timers().seconds(Phase(phase));
}

}  // namespace fear_nas::wasm
