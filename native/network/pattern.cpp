// Passes whose ReLUs keep to a recorded pattern instead of looking at their input. They are rare, so they get by without
// kernels of their own.
#include <algorithm>
#include <bit>
#include <cstring>

#include "network.h"

namespace fear_nas {

void Network::gradients_near(const Input& input, const std::int32_t* labels, const float* parameters, int points,
                             float* gradients) {
  const int last = int(nodes_.size()) - 1;
  // Puts everything back, also where memory runs out on the way.
  struct Restore {
    Network& network;
    std::vector<float> parameters;
    ~Restore() {
      network.replace_parameters(parameters.data());
      network.forget_pattern();
    }
  } restore{*this, {state_.parameters.data(), state_.parameters.data() + state_.parameters.size()}};
  set_batch(input.count);
  pack_weights();
  lay_out({.blocks = batch_.blocks, .last = last, .backward = true});
  forward_batch(input, 0, last, false);
  head_statistics(false);
  record_pattern();
  batch_.by_pattern = true;
  for (int point = 0; point < points; point++) {
    replace_parameters(parameters + point * state_.parameters.size());
    pack_weights();
    forward_batch(input, 0, last, false);
    head_statistics(false);
    batch_logits();
    softmax(labels, batch_.count, scratch_.logits, true);
    backward_from_logits(0);
    std::memcpy(gradients + point * state_.parameters.size(), state_.gradients.data(),
                state_.gradients.size() * sizeof(float));
  }
}

/** Records the ReLU pattern of the last forward pass. */
void Network::record_pattern() {
  for (Node& node : nodes_) {
    const bool rectifies = std::any_of(node.groups.begin(), node.groups.end(), [](const Group& g) { return g.relu; });
    if (!rectifies || node.value == nullptr) continue;
    const std::size_t floats = block_floats(node.extent);
    node.passes.resize(floats * batch_.blocks);
    std::uint8_t* passes = node.passes.data();
    const float* value = node.value;
    for (std::size_t i = 0; i < floats * batch_.blocks; i++) passes[i] = value[i] > 0;
  }
  const Node& head = nodes_[plan_.head];
  const std::size_t pixels = std::size_t(head.extent.pixels()) * kernels_.lanes;
  pattern_.head_passes.resize(block_floats(head.extent) * batch_.blocks);
  for (std::size_t i = 0; i < pattern_.head_passes.size(); i++) {
    const int c = int(i / pixels % head.extent.channels);
    pattern_.head_passes[i] = head_norm_.scale()[c] * head.value[i] + head_norm_.shift()[c] > 0;
  }
  std::size_t largest = 0;
  for (const Node& node : nodes_) largest = std::max(largest, block_floats(node.extent));
  if (pattern_.block.size() < largest) pattern_.block.reset(largest);
}

void Network::forget_pattern() {
  for (Node& node : nodes_) std::vector<std::uint8_t>().swap(node.passes);
  std::vector<std::uint8_t>().swap(pattern_.head_passes);
  pattern_.block.release();
  batch_.by_pattern = false;
}

/** The value of a node behind a ReLU. */
const float* Network::rectified(const Node& node, int block) {
  const std::size_t floats = block_floats(node.extent);
  const std::uint8_t* passes = node.passes.data() + block * floats;
  const float* value = node.value + block * node.value_stride;
  float* rectified = pattern_.block.data();
  // By a mask: what a branch decides at random takes ten times as long.
  for (std::size_t i = 0; i < floats; i++) {
    rectified[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value[i]) & (0u - passes[i]));
  }
  return rectified;
}

/** Something positive where a ReLU lets the node's value through, else 0. */
const float* Network::pattern_of(const Node& node, int block) {
  const std::size_t floats = block_floats(node.extent);
  const std::uint8_t* passes = node.passes.data() + block * floats;
  float* pattern = pattern_.block.data();
  for (std::size_t i = 0; i < floats; i++) pattern[i] = passes[i];
  return pattern;
}

/** The head's mean over all pixels, channel by channel and lane by lane. */
void Network::head_features_by_pattern(int block) {
  const Node& node = nodes_[plan_.head];
  const int lanes = kernels_.lanes, pixels = node.extent.pixels();
  const std::size_t first = block * block_floats(node.extent);
  for (int c = 0; c < node.extent.channels; c++) {
    const float scale = head_norm_.scale()[c], shift = head_norm_.shift()[c];
    for (int lane = 0; lane < lanes; lane++) {
      double sum = 0;
      for (int p = 0; p < pixels; p++) {
        const std::size_t i = first + (std::size_t(c) * pixels + p) * lanes + lane;
        if (pattern_.head_passes[i]) sum += scale * node.value[i] + shift;
      }
      scratch_.lane_features[c * lanes + lane] = float(sum / pixels);
    }
  }
}

void Network::head_moments_by_pattern(int block) {
  const Node& node = nodes_[plan_.head];
  const int lanes = kernels_.lanes, pixels = node.extent.pixels();
  const std::size_t first = block * block_floats(node.extent);
  const float* gradients = scratch_.lane_features + std::size_t(block) * head_norm_.channels() * lanes;
  for (int c = 0; c < node.extent.channels; c++) {
    for (int lane = 0; lane < lanes; lane++) {
      double sum = 0, product = 0;
      for (int p = 0; p < pixels; p++) {
        const std::size_t i = first + (std::size_t(c) * pixels + p) * lanes + lane;
        if (!pattern_.head_passes[i]) continue;
        sum += 1;
        product += node.value[i] - head_norm_.mean()[c];
      }
      head_norm_.gradient_sums()[c * lanes + lane] = float(sum * gradients[c * lanes + lane]);
      head_norm_.gradient_products()[c * lanes + lane] = float(product * gradients[c * lanes + lane]);
    }
  }
}

void Network::head_backward_by_pattern(int block) {
  Node& node = nodes_[plan_.head];
  const int lanes = kernels_.lanes, pixels = node.extent.pixels(), active = images_in(block).active;
  const std::size_t first = block * block_floats(node.extent);
  const float* gradients = scratch_.lane_features + std::size_t(block) * head_norm_.channels() * lanes;
  const InputGradient norm = head_norm_.input_gradient(nullptr, nullptr);
  for (int c = 0; c < node.extent.channels; c++) {
    for (int p = 0; p < pixels; p++) {
      for (int lane = 0; lane < lanes; lane++) {
        const std::size_t i = first + (std::size_t(c) * pixels + p) * lanes + lane;
        const float gradient = pattern_.head_passes[i] ? gradients[c * lanes + lane] : 0.0f;
        node.gradient[i] =
            lane < active
                ? norm.scale[c] * gradient + (norm.curve[c] * (node.value[i] - norm.mean[c]) + norm.shift[c])
                : 0.0f;
      }
    }
  }
}

}  // namespace fear_nas
