// Gradients at given weights, of more than training needs: of another objective, of the images, of the outputs of
// convolutions, and without batch norm.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "network.h"

namespace fear_nas {
namespace {

/** Powers of two beyond which a float has no full precision. */
constexpr int kMostExponent = 100;

}  // namespace

std::size_t Network::output_channels() const {
  std::size_t channels = plan_.classes;
  for (const Edge& edge : edges_) channels += edge.convolution ? edge.convolution->output_channels() : 0;
  return channels;
}

int Network::probe(const Input& input, const std::int32_t* labels, const ProbeOptions& options,
                   const ProbeGradients& gradients) {
  const int last = int(nodes_.size()) - 1;
  const int cut = gradients.inputs != nullptr ? -1 : 0;
  set_batch(input.count);
  pack_weights();
  lay_out({.blocks = batch_.blocks,
           .last = last,
           .backward = true,
           .cut = cut,
           .keep_outputs = gradients.outputs != nullptr});
  int exponent = 0;
  if (options.bypass) {
    exponent = forward_bare(input, !options.cross_entropy);
  } else {
    forward_batch(input, 0, last, false);
    head_statistics(false);
  }
  batch_logits();
  const std::vector<float> logits(scratch_.logits, scratch_.logits + std::size_t(batch_.count) * plan_.classes);
  if (options.cross_entropy) softmax(labels, batch_.count, scratch_.logits, true);
  else std::fill_n(scratch_.logits, logits.size(), 1.0f);
  batch_.outputs = gradients.outputs;
  if (batch_.outputs != nullptr) {
    std::fill_n(batch_.outputs, batch_.count * output_channels(), 0.0f);
    take_logits(logits.data(), exponent);
  }
  batch_.bypass = options.bypass;
  backward_from_logits(cut);
  copy_gradients(gradients, exponent);
  return exponent;
}

void Network::copy_gradients(const ProbeGradients& gradients, int exponent) const {
  if (gradients.parameters != nullptr) {
    std::memcpy(gradients.parameters, state_.gradients.data(), state_.gradients.size() * sizeof(float));
    // The bias alone is added to what was scaled.
    for (int k = 1; k <= plan_.classes; k++) {
      float& bias = gradients.parameters[plan_.parameter_count - k];
      bias = std::ldexp(bias, -exponent);
    }
  }
  if (gradients.inputs == nullptr) return;
  const Node& image = nodes_[0];
  const std::size_t values = image.extent.values();
  if (!image.reaches_head) std::fill_n(gradients.inputs, batch_.count * values, 0.0f);
  for (int block = 0; block < batch_.blocks && image.reaches_head; block++) {
    kernels_.from_lanes(gradient_of(0, block), images_in(block).active, int(values),
                        gradients.inputs + std::size_t(block) * kernels_.lanes * values);
  }
}

/**
 * A forward pass in which every batch norm is the identity. Without it values grow by a factor of ten or so a layer,
 * beyond float32 in a deep network. To `rescale`, the value of each node that every path passes is multiplied by a power
 * of two: all that follows is proportional to it (ReLU included, the classifier's bias aside), and so are all gradients
 * of a sum of logits. Returns the power by which true values are larger.
 */
int Network::forward_bare(const Input& input, bool rescale_nodes) {
  for (Edge& edge : edges_) {
    if (edge.batch_norm) edge.batch_norm->bypass();
  }
  head_norm_.bypass();
  int exponent = 0;
  for (int i = 0; i <= plan_.head; i++) {
    nodes_[i].exponent = 0;
    for (int block = 0; block < batch_.blocks; block++) {
      if (i == 0) load(input, block);
      else combine(i, block);
    }
    if (rescale_nodes && is_bottleneck(i)) exponent += rescale(i);
    for (int block = 0; block < batch_.blocks; block++) convolve(i, block, i, plan_.head, false);
  }
  return exponent;
}

/** Whether everything that reaches the head comes through the node. */
bool Network::is_bottleneck(int node) const {
  for (int below = 0; below < node; below++) {
    if (skips(below, node)) return false;
  }
  return true;
}

/** Brings the largest magnitude of a node's value near 1, and returns the power of two that was taken out. */
int Network::rescale(int node_index) {
  Node& node = nodes_[node_index];
  const std::size_t floats = block_floats(node.extent) * batch_.blocks;
  float largest = 0;
  for (std::size_t i = 0; i < floats; i++) largest = std::max(largest, std::fabs(node.value[i]));
  if (!(largest > 0) || !std::isfinite(largest)) return 0;
  node.exponent = std::clamp(-std::ilogb(largest), -kMostExponent, kMostExponent);
  const float factor = std::ldexp(1.0f, node.exponent);
  for (std::size_t i = 0; i < floats; i++) node.value[i] *= factor;
  return -node.exponent;
}

/** From the gradient of a node's scaled value to that of the sum of its edges. */
void Network::scale_gradient(int node_index) {
  Node& node = nodes_[node_index];
  if (node.exponent == 0) return;
  const std::size_t floats = block_floats(node.extent) * batch_.blocks;
  const float factor = std::ldexp(1.0f, node.exponent);
  for (std::size_t i = 0; i < floats; i++) node.gradient[i] *= factor;
}

/** Sums over the pixels of the outputs of the node's incoming convolutions times their gradients. */
void Network::take_outputs(int node_index) {
  const Node& node = nodes_[node_index];
  const int lanes = kernels_.lanes, pixels = node.extent.pixels();
  const std::size_t row = output_channels();
  std::vector<double> sums(lanes);
  std::size_t first = 0;
  for (const Edge& edge : edges_) {
    if (!edge.convolution) continue;
    for (int block = 0; block < batch_.blocks && edge.plan.to == node_index; block++) {
      const InputGradient gradient = output_gradient(edge, block);
      const float* output = edge.output + block * edge.output_stride;
      for (int c = 0; c < node.extent.channels; c++) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (int p = 0; p < pixels; p++) {
          const std::size_t at = (std::size_t(c) * pixels + p) * lanes;
          for (int lane = 0; lane < lanes; lane++) {
            const float a = output[at + lane];
            float slope = gradient.gradient[at + lane];
            if (gradient.value != nullptr) {
              slope = gradient.scale[c] * slope + (gradient.curve[c] * (a - gradient.mean[c]) + gradient.shift[c]);
            }
            sums[lane] += double(a) * slope;
          }
        }
        for (int lane = 0; lane < images_in(block).active; lane++) {
          batch_.outputs[(std::size_t(block) * lanes + lane) * row + first + c] = float(sums[lane]);
        }
      }
    }
    first += edge.convolution->output_channels();
  }
}

/** The same for the logits, whose gradients are in `scratch_`. */
void Network::take_logits(const float* logits, int exponent) {
  const float* bias = state_.parameters.data() + plan_.parameter_count - plan_.classes;
  const std::size_t row = output_channels();
  for (int n = 0; n < batch_.count; n++) {
    for (int k = 0; k < plan_.classes; k++) {
      const std::size_t at = std::size_t(n) * plan_.classes + k;
      const float logit = logits[at] - bias[k] + std::ldexp(bias[k], -exponent);
      batch_.outputs[n * row + (row - plan_.classes) + k] = logit * scratch_.logits[at];
    }
  }
}

}  // namespace fear_nas
