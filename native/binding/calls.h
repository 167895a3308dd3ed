// The calls of a network that JavaScript makes, with every length and index checked, so that no call can reach memory
// it should not. Friendly checks are in TypeScript; what fails here is a fault of the binding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>

#include "../network/network.h"

namespace fear_nas::calls {

/** An array of JavaScript's. */
template <typename T>
struct Span {
  T* data;
  std::size_t length;
};

using Floats = Span<float>;
using Integers = Span<std::int32_t>;
using Doubles = Span<double>;

template <typename T>
T* sized(const Span<T>& span, std::size_t length, const char* what) {
  if (span.length != length) {
    throw NetworkError(std::string(what) + " must hold " + std::to_string(length) + " numbers, got " +
                       std::to_string(span.length));
  }
  return span.data;
}

inline std::size_t positive(int count) {
  if (count <= 0) throw NetworkError("the batch must not be empty");
  return std::size_t(count);
}

inline int checked_node(const Network& network, int node) {
  if (node < 0 || node > network.plan().head) throw NetworkError("the cut is not a node below the head");
  return node;
}

/** @throws std::bad_alloc if a node's values for a batch, in whole blocks, are beyond what pointers reach. */
inline void check_addressable(const Network& network, int count) {
  const std::uint64_t images = std::uint64_t(count) + network.kernels().lanes;
  for (const Extent& extent : network.plan().nodes) {
    if (images * extent.values() > std::uint64_t(PTRDIFF_MAX) / sizeof(float)) throw std::bad_alloc();
  }
}

/** The value of `node` for `count` images. */
inline Input checked_input(const Network& network, const Floats& values, int count, int node) {
  const std::size_t each = network.plan().nodes[checked_node(network, node)].values();
  const std::size_t images = positive(count);
  check_addressable(network, count);
  return {.values = sized(values, images * each, "the images"), .count = count, .node = node};
}

inline const std::int32_t* checked_labels(const Network& network, const Integers& labels, int count) {
  const std::int32_t* data = sized(labels, positive(count), "the labels");
  for (int n = 0; n < count; n++) {
    if (data[n] < 0 || data[n] >= network.plan().classes) throw NetworkError("a label is out of range");
  }
  return data;
}

/** Mean loss and number of correct images. */
inline void store_score(const Score& score, int count, double* result) {
  result[0] = score.loss / count;
  result[1] = score.correct;
}

inline void set_weights(Network& network, const Floats& parameters, const Floats& means, const Floats& variances) {
  const Plan& plan = network.plan();
  network.set_weights(sized(parameters, plan.parameter_count, "the parameters"),
                      sized(means, plan.statistics_count, "the running means"),
                      sized(variances, plan.statistics_count, "the running variances"));
}

inline void get_weights(Network& network, const Floats& parameters, const Floats& means, const Floats& variances) {
  const Plan& plan = network.plan();
  network.get_weights(sized(parameters, plan.parameter_count, "the parameters"),
                      sized(means, plan.statistics_count, "the running means"),
                      sized(variances, plan.statistics_count, "the running variances"));
}

inline void get_momentum(const Network& network, const Floats& momentum) {
  network.get_momentum(sized(momentum, network.plan().parameter_count, "the momentum"));
}

inline void set_momentum(Network& network, const Floats& momentum) {
  network.set_momentum(sized(momentum, network.plan().parameter_count, "the momentum"));
}

inline void freeze(Network& network, int node, bool batch_statistics) {
  network.freeze(checked_node(network, node), batch_statistics);
}

/** `options`: learning rate, momentum, nesterov, weight decay, clip norm. */
inline void train_step(Network& network, int node, const Floats& values, const Integers& labels, int count,
                       const Doubles& options, const Doubles& result) {
  const double* numbers = sized(options, 5, "the options");
  double* out = sized(result, 2, "the result");
  if (node > network.cut()) throw NetworkError("features must come from the frozen cut");
  const Input input = checked_input(network, values, count, node);
  const StepOptions step = {.learning_rate = numbers[0],
                            .momentum = numbers[1],
                            .nesterov = numbers[2] != 0,
                            .weight_decay = numbers[3],
                            .clip_norm = numbers[4]};
  store_score(network.train_step(input, checked_labels(network, labels, count), step), count, out);
}

inline void evaluate(Network& network, int node, const Floats& values, const Integers& labels, int count,
                     const Doubles& result) {
  double* out = sized(result, 2, "the result");
  const Input input = checked_input(network, values, count, node);
  store_score(network.evaluate(input, checked_labels(network, labels, count)), count, out);
}

inline void logits(Network& network, const Floats& images, int count, const Floats& logits) {
  const Input input = checked_input(network, images, count, 0);
  network.logits(input, sized(logits, std::size_t(count) * network.plan().classes, "the logits"));
}

inline void gradients(Network& network, const Floats& images, const Integers& labels, int count,
                      const Floats& gradients) {
  float* out = sized(gradients, network.plan().parameter_count, "the gradients");
  const Input input = checked_input(network, images, count, 0);
  network.gradients(input, checked_labels(network, labels, count), out);
}

/** Empty: not wanted. */
inline float* wanted(const Floats& floats, std::size_t length, const char* what) {
  return floats.length == 0 ? nullptr : sized(floats, length, what);
}

inline int probe(Network& network, const Floats& images, const Integers& labels, int count, bool cross_entropy,
                 bool bypass, const Floats& parameters, const Floats& inputs, const Floats& outputs) {
  const Input input = checked_input(network, images, count, 0);
  const std::size_t rows = std::size_t(count);
  const ProbeGradients gradients = {
      .parameters = wanted(parameters, network.plan().parameter_count, "the gradients of the parameters"),
      .inputs = wanted(inputs, images.length, "the gradients of the inputs"),
      .outputs = wanted(outputs, rows * network.output_channels(), "the outputs")};
  const ProbeOptions options = {.cross_entropy = cross_entropy, .bypass = bypass};
  return network.probe(input, checked_labels(network, labels, count), options, gradients);
}

inline void gradients_near(Network& network, const Floats& images, const Integers& labels, int count,
                           const Floats& points, const Floats& gradients) {
  const std::size_t each = network.plan().parameter_count;
  if (points.length == 0 || points.length % each != 0) throw NetworkError("the points must hold whole vectors");
  const Input input = checked_input(network, images, count, 0);
  network.gradients_near(input, checked_labels(network, labels, count), points.data, int(points.length / each),
                         sized(gradients, points.length, "the gradients"));
}

inline void features(Network& network, int node, const Floats& images, int count, bool batch_statistics,
                     const Floats& features) {
  const std::size_t each = network.plan().nodes[checked_node(network, node)].values();
  const Input input = checked_input(network, images, count, 0);
  network.features(input, node, batch_statistics, sized(features, std::size_t(count) * each, "the features"));
}

}  // namespace fear_nas::calls
