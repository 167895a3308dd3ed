// The head: batch norm, ReLU, global average pooling, a linear layer and softmax cross-entropy.
#include <cmath>

#include "network.h"

namespace fear_nas {

void Network::head_statistics(bool update_running) {
  const auto span = timers_.span(Phase::head);
  const Node& node = nodes_[plan_.head];
  head_norm_.start_statistics();
  for (int block = 0; block < batch_.blocks; block++) {
    const float* value = node.value + block * node.value_stride;
    const BlockImages images = images_in(block);
    kernels_.moments(node.extent, value, head_norm_.moments());
    if (block == 0) {
      head_norm_.centre(images, node.extent.pixels());
      kernels_.moments(node.extent, value, head_norm_.moments());
    }
    head_norm_.add_block(images, node.extent.pixels());
  }
  head_norm_.finish_statistics(head_parameters(), update_running ? running(plan_.head_statistics)
                                                                 : RunningStatistics{nullptr, nullptr});
}

/** The pooled features of a block's images, [image][channel]. */
void Network::head_features(int block, float* rows) {
  const auto span = timers_.span(Phase::head);
  const Node& node = nodes_[plan_.head];
  if (batch_.by_pattern) {
    head_features_by_pattern(block);
  } else {
    kernels_.head_forward(node.extent, node.value + block * node.value_stride, head_norm_.scale(), head_norm_.shift(),
                          scratch_.lane_features);
  }
  kernels_.from_lanes(scratch_.lane_features, images_in(block).active, node.extent.channels, rows);
}

void Network::linear(const float* rows, int count, float* logits) const {
  const int channels = head_norm_.channels();
  const float* weight = head_parameters() + 2 * channels;
  const float* bias = weight + std::size_t(plan_.classes) * channels;
  for (int n = 0; n < count; n++) {
    const float* row = rows + std::size_t(n) * channels;
    for (int k = 0; k < plan_.classes; k++) {
      double sum = bias[k];
      for (int c = 0; c < channels; c++) sum += double(weight[std::size_t(k) * channels + c]) * row[c];
      logits[std::size_t(n) * plan_.classes + k] = float(sum);
    }
  }
}

/** Scores logits; with `gradient`, replaces them by the gradient of the mean loss. */
Score Network::softmax(const std::int32_t* labels, int count, float* logits, bool gradient) const {
  Score score;
  for (int n = 0; n < count; n++) {
    float* row = logits + std::size_t(n) * plan_.classes;
    const int label = labels[n];
    float largest = row[0];
    for (int k = 1; k < plan_.classes; k++) largest = row[k] > largest ? row[k] : largest;
    double sum = 0;
    // The first of equal logits is the prediction; a NaN predicts nothing.
    bool correct = true;
    for (int k = 0; k < plan_.classes; k++) {
      sum += std::exp(double(row[k]) - largest);
      correct = correct && (k == label ? row[k] == row[k] : k < label ? row[k] < row[label] : row[k] <= row[label]);
    }
    score.loss += std::log(sum) + largest - row[label];
    score.correct += correct;
    if (!gradient) continue;
    for (int k = 0; k < plan_.classes; k++) {
      const double probability = std::exp(double(row[k]) - largest) / sum;
      row[k] = float((probability - (k == label)) / count);
    }
  }
  return score;
}

/** Gradients of the linear layer; leaves those of the features, divided by the pixels, lane by lane. */
void Network::linear_backward() {
  const auto span = timers_.span(Phase::head);
  const int channels = head_norm_.channels(), lanes = kernels_.lanes;
  const float* weight = head_parameters() + 2 * channels;
  float* weight_gradient = state_.gradients.data() + plan_.head_parameters + 2 * channels;
  float* bias_gradient = weight_gradient + std::size_t(plan_.classes) * channels;
  const float per_pixel = 1.0f / float(nodes_[plan_.head].extent.pixels());
  std::vector<float> feature_gradient(channels);
  for (int n = 0; n < batch_.blocks * lanes; n++) {
    std::fill(feature_gradient.begin(), feature_gradient.end(), 0.0f);
    const float* logit_gradient = scratch_.logits + std::size_t(n) * plan_.classes;
    const float* row = scratch_.feature_rows + std::size_t(n) * channels;
    for (int k = 0; n < batch_.count && k < plan_.classes; k++) {
      const float g = logit_gradient[k];
      bias_gradient[k] += g;
      for (int c = 0; c < channels; c++) {
        weight_gradient[std::size_t(k) * channels + c] += g * row[c];
        feature_gradient[c] += g * weight[std::size_t(k) * channels + c];
      }
    }
    float* lane = scratch_.lane_features + std::size_t(n / lanes) * channels * lanes + n % lanes;
    for (int c = 0; c < channels; c++) lane[c * lanes] = feature_gradient[c] * per_pixel;
  }
}

/** Gradients of the head's batch norm and, if wanted, of the node it reads. */
void Network::head_backward(bool input_gradient) {
  const auto span = timers_.span(Phase::head);
  Node& node = nodes_[plan_.head];
  const std::size_t features = std::size_t(head_norm_.channels()) * kernels_.lanes;
  head_norm_.start_gradient();
  for (int block = 0; block < batch_.blocks && !batch_.bypass; block++) {
    head_norm_.clear_gradient_block();
    if (batch_.by_pattern) {
      head_moments_by_pattern(block);
    } else {
      kernels_.head_moments(node.extent, node.value + block * node.value_stride, head_norm_.scale(),
                            head_norm_.shift(), head_norm_.mean(), scratch_.lane_features + block * features,
                            head_norm_.gradient_sums(), head_norm_.gradient_products());
    }
    head_norm_.add_gradient_block(head_norm_.gradient_sums(), head_norm_.gradient_products());
  }
  if (!batch_.bypass) head_norm_.finish_gradient(state_.gradients.data() + plan_.head_parameters);
  if (!input_gradient) return;
  for (int block = 0; block < batch_.blocks; block++) {
    if (batch_.by_pattern) {
      head_backward_by_pattern(block);
      continue;
    }
    const std::size_t offset = block * block_floats(node.extent);
    kernels_.head_backward(node.extent, node.value + block * node.value_stride, head_norm_.scale(),
                           head_norm_.shift(), scratch_.lane_features + block * features,
                           head_norm_.input_gradient(nullptr, nullptr), lane_mask(block), node.gradient + offset);
  }
}

}  // namespace fear_nas
