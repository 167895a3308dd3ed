#include "network.h"

#include <algorithm>
#include <cstring>

namespace fear_nas {
namespace {

// Tiles of a chunk of Winograd's algorithm: enough to fill the kernels' register tiles, few enough for the
// transformed values of a chunk to stay in the second-level cache.
constexpr int kChunkTiles = 8;

}  // namespace

Network::Network(Plan plan, const Kernels& kernels)
    : plan_(std::move(plan)),
      kernels_(kernels),
      state_{.parameters = Buffer<float>(memory_, plan_.parameter_count),
             .gradients = Buffer<float>(memory_, plan_.parameter_count),
             .momentum = Buffer<float>(memory_),
             .running_means = Buffer<float>(memory_, plan_.statistics_count),
             .running_variances = Buffer<float>(memory_, plan_.statistics_count)},
      workspace_(memory_),
      head_norm_(memory_, plan_.nodes[plan_.head].channels, kernels.lanes),
      lane_masks_(memory_, 2 * kernels.lanes),
      pattern_{.head_passes = {}, .block = Buffer<float>(memory_)} {
  for (const Extent& extent : plan_.nodes) {
    Node node;
    node.extent = extent;
    nodes_.push_back(std::move(node));
  }
  edges_.reserve(plan_.edges.size());
  for (std::size_t e = 0; e < plan_.edges.size(); e++) {
    const EdgePlan& edge_plan = plan_.edges[e];
    Edge& edge = edges_.emplace_back();
    edge.plan = edge_plan;
    if (edge_plan.operation == Operation::convolution) {
      edge.convolution.emplace(memory_, kernels_, plan_, edge_plan);
      edge.gamma = edge_plan.parameters + edge.convolution->weight_count();
      if (edge_plan.batch_norm) edge.batch_norm.emplace(memory_, plan_.nodes[edge_plan.to].channels, kernels_.lanes);
    }
    nodes_[edge_plan.from].outgoing.push_back(int(e));
    nodes_[edge_plan.to].incoming.push_back(int(e));
  }
  nodes_[plan_.head].reaches_head = true;
  for (int i = plan_.head; i >= 0; i--) {
    if (!nodes_[i].reaches_head) continue;
    for (const int e : nodes_[i].incoming) nodes_[edges_[e].plan.from].reaches_head = true;
  }
  build_groups();
}

void Network::build_groups() {
  for (std::size_t e = 0; e < edges_.size(); e++) {
    const EdgePlan& plan = edges_[e].plan;
    if (plan.operation != Operation::convolution) continue;
    const bool winograd = uses_winograd(plan_, plan);
    std::vector<Group>& groups = nodes_[plan.from].groups;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      const EdgePlan& other = edges_[group.edges.front()].plan;
      return group.winograd == winograd && group.relu == plan.relu && other.kernel == plan.kernel &&
             other.stride == plan.stride && other.dilation == plan.dilation;
    });
    if (same != groups.end()) {
      same->edges.push_back(int(e));
    } else {
      Group group;
      group.winograd = winograd;
      group.relu = plan.relu;
      group.geometry = plane_geometry(plan_, plan);
      group.edges.push_back(int(e));
      groups.push_back(std::move(group));
    }
  }
  for (Node& node : nodes_) {
    for (Group& group : node.groups) {
      if (!group.winograd) continue;
      int widest = 0;
      for (const int e : group.edges) widest = std::max(widest, edges_[e].convolution->output_channels());
      const int columns = (node.extent.width + kWinogradTile - 1) / kWinogradTile;
      const int rows = (node.extent.height + kWinogradTile - 1) / kWinogradTile;
      const int runs = (columns + kChunkTiles - 1) / kChunkTiles;
      group.chunk_columns = (columns + runs - 1) / runs;
      group.chunk_rows = runs > 1 ? 1 : std::clamp(kChunkTiles / columns, 1, rows);
      const int tiles = group.chunk_rows * group.chunk_columns;
      const int channels = (std::max(widest, node.extent.channels) + 3) / 4 * 4;
      for (int c = 0; c < channels; c++) group.offsets.push_back(c * tiles);
      const std::size_t vectors = 2 * winograd_stride(node.extent.channels, tiles) + winograd_stride(widest, tiles);
      group.scratch_floats = kWinogradCoefficients * vectors * kernels_.lanes;
    }
  }
}

void Network::set_weights(const float* parameters, const float* means, const float* variances) {
  replace_parameters(parameters);
  std::memcpy(state_.running_means.data(), means, state_.running_means.size() * sizeof(float));
  std::memcpy(state_.running_variances.data(), variances, state_.running_variances.size() * sizeof(float));
}

void Network::replace_parameters(const float* parameters) {
  std::memcpy(state_.parameters.data(), parameters, state_.parameters.size() * sizeof(float));
  for (Edge& edge : edges_) edge.packed = false;
}

void Network::get_weights(float* parameters, float* means, float* variances) const {
  std::memcpy(parameters, state_.parameters.data(), state_.parameters.size() * sizeof(float));
  std::memcpy(means, state_.running_means.data(), state_.running_means.size() * sizeof(float));
  std::memcpy(variances, state_.running_variances.data(), state_.running_variances.size() * sizeof(float));
}

void Network::freeze(int node, bool batch_statistics) {
  trunk_ = {.cut = node, .batch_statistics = batch_statistics};
  state_.momentum.release();
  // The next pass needs less.
  workspace_.release();
}

RunningStatistics Network::running(int offset) {
  return {state_.running_means.data() + offset, state_.running_variances.data() + offset};
}

BlockImages Network::images_in(int block) const {
  return {kernels_.lanes, std::min(kernels_.lanes, batch_.count - block * kernels_.lanes)};
}

const std::int32_t* Network::lane_mask(int block) const {
  return lane_masks_.data() + (images_in(block).active == kernels_.lanes ? 0 : kernels_.lanes);
}

void Network::set_batch(int count) {
  batch_ = {.count = count, .blocks = (count + kernels_.lanes - 1) / kernels_.lanes};
  const int active = count - (batch_.blocks - 1) * kernels_.lanes;
  for (int lane = 0; lane < kernels_.lanes; lane++) {
    lane_masks_[lane] = -1;
    lane_masks_[kernels_.lanes + lane] = lane < active ? -1 : 0;
  }
}

bool Network::wants_gradient(int node, int cut) const {
  // Below every cut lies the image: it wants one only where `cut` is -1.
  return node > cut && nodes_[node].reaches_head && (node == 0 || !nodes_[node].incoming.empty());
}

void Network::pack_weights() {
  const auto span = timers_.span(Phase::weights);
  for (Edge& edge : edges_) {
    if (edge.packed || !edge.convolution) continue;
    edge.convolution->pack(state_.parameters.data() + edge.plan.parameters);
    edge.packed = true;
  }
}

Score Network::train_step(const Input& input, const std::int32_t* labels, const StepOptions& options) {
  const Score score = differentiate(input, labels, trunk_.cut, true);
  update(options);
  return score;
}

void Network::gradients(const Input& input, const std::int32_t* labels, float* gradients) {
  differentiate(input, labels, 0, false);
  std::memcpy(gradients, state_.gradients.data(), state_.gradients.size() * sizeof(float));
}

Score Network::differentiate(const Input& input, const std::int32_t* labels, int cut, bool update_running) {
  set_batch(input.count);
  pack_weights();
  const int last = int(nodes_.size()) - 1;
  const bool streamed = input.node < cut && !trunk_.batch_statistics;
  const int streamed_to = streamed ? cut : -1;
  lay_out({.blocks = batch_.blocks,
           .source = input.node,
           .last = last,
           .streamed = streamed_to,
           .kept = streamed_to,
           .backward = true,
           .cut = cut});
  if (streamed) {
    use_running_statistics(0, cut);
    for (int block = 0; block < batch_.blocks; block++) forward_streamed(input, block, cut);
  }
  forward_batch(input, streamed ? cut : input.node, last, update_running);
  head_statistics(update_running);
  batch_logits();
  const Score score = softmax(labels, batch_.count, scratch_.logits, true);
  backward_from_logits(cut);
  return score;
}

void Network::batch_logits() {
  for (int block = 0; block < batch_.blocks; block++) {
    head_features(block, scratch_.feature_rows + std::size_t(block) * kernels_.lanes * head_norm_.channels());
  }
  linear(scratch_.feature_rows, batch_.count, scratch_.logits);
}

void Network::backward_from_logits(int cut) {
  state_.gradients.clear();
  linear_backward();
  head_backward(wants_gradient(plan_.head, cut));
  backward(cut);
}

template <typename Visit>
void Network::infer(const Input& input, Visit visit) {
  set_batch(input.count);
  pack_weights();
  lay_out({.blocks = 1, .source = input.node, .last = plan_.head, .streamed = plan_.head});
  use_running_statistics(input.node, plan_.head);
  head_norm_.use_running(head_parameters(), running(plan_.head_statistics));
  for (int block = 0; block < batch_.blocks; block++) {
    forward_streamed(input, block, plan_.head);
    head_features(block, scratch_.feature_rows);
    const int active = images_in(block).active;
    linear(scratch_.feature_rows, active, scratch_.logits);
    visit(block * kernels_.lanes, active);
  }
}

Score Network::evaluate(const Input& input, const std::int32_t* labels) {
  Score sum;
  infer(input, [&](int first, int active) {
    const Score score = softmax(labels + first, active, scratch_.logits, false);
    sum.loss += score.loss;
    sum.correct += score.correct;
  });
  return sum;
}

void Network::logits(const Input& input, float* logits) {
  infer(input, [&](int first, int active) {
    std::memcpy(logits + std::size_t(first) * plan_.classes, scratch_.logits,
                std::size_t(active) * plan_.classes * sizeof(float));
  });
}

void Network::features(const Input& input, int node, bool batch_statistics, float* features) {
  set_batch(input.count);
  pack_weights();
  const Node& target = nodes_[node];
  const std::size_t values = target.extent.values();
  const auto store = [&](int block) {
    const auto span = timers_.span(Phase::input);
    kernels_.from_lanes(target.value + block * target.value_stride, images_in(block).active, int(values),
                        features + block * kernels_.lanes * values);
  };
  if (batch_statistics) {
    lay_out({.blocks = batch_.blocks, .last = node});
    forward_batch(input, 0, node, true);
    for (int block = 0; block < batch_.blocks; block++) store(block);
  } else {
    lay_out({.blocks = 1, .last = node, .streamed = node});
    use_running_statistics(0, node);
    for (int block = 0; block < batch_.blocks; block++) {
      forward_streamed(input, block, node);
      store(block);
    }
  }
}

}  // namespace fear_nas
