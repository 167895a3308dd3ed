// Where a pass keeps its arrays. Times run from node to node: node i is computed at time i, the head at time n, and
// node i is gone back over at time 2 n - i. Arrays whose times do not meet share room.
#include <algorithm>

#include "network.h"

namespace fear_nas {

/** Whether an edge leads from `node` past the node `over`; only nodes that no image influences may have such. */
bool Network::skips(int node, int over) const {
  if (node >= over) return false;
  const std::vector<int>& outgoing = nodes_[node].outgoing;
  return std::any_of(outgoing.begin(), outgoing.end(), [&](int e) { return edges_[e].plan.to > over; });
}

/** Whether one block of the node's value is enough. */
bool Network::is_streamed(const PassShape& shape, int node) const {
  if (node > shape.streamed || node == shape.kept) return false;
  return shape.kept < 0 || !skips(node, shape.kept);
}

void Network::lay_out(const PassShape& shape) {
  const int end = 2 * int(nodes_.size());
  for (int i = 0; i <= shape.last; i++) lay_out_node(shape, i);
  lay_out_scratch(shape, end);
  workspace_.place();
  // Nothing is known of what lies below features; only nodes of value zero can matter above them.
  for (int i = 0; i < shape.source; i++) {
    if (skips(i, shape.source)) std::fill_n(nodes_[i].value, block_floats(nodes_[i].extent), 0.0f);
  }
}

void Network::lay_out_node(const PassShape& shape, int i) {
  if (i < shape.source && !skips(i, shape.source)) return;
  const int count = int(nodes_.size());
  Node& node = nodes_[i];
  const std::size_t block = block_floats(node.extent);
  const bool one_block = i < shape.source || is_streamed(shape, i);
  // What outlives the streamed trunk is there from its first block on.
  const int first = i < shape.source || (i <= shape.streamed && !one_block) ? 0 : i;
  int last = i == plan_.head || i == shape.last ? count : i;
  bool differentiated = wants_gradient(i, shape.cut);
  for (const int e : node.outgoing) {
    Edge& edge = edges_[e];
    const int to = edge.plan.to;
    if (to > shape.last || (i < shape.source && to <= shape.source)) continue;
    last = std::max(last, to);
    const bool trained = shape.backward && wants_gradient(to, shape.cut);
    differentiated |= trained;
    if (!edge.convolution) continue;
    const bool output_streamed = to <= shape.streamed;
    const std::size_t output_block = block_floats(nodes_[to].extent);
    edge.output_stride = output_streamed ? 0 : output_block;
    workspace_.request(&edge.output, output_streamed ? output_block : output_block * shape.blocks, i,
                       trained && (edge.batch_norm || shape.keep_outputs) ? 2 * count - i : to);
  }
  if (shape.backward && differentiated) last = 2 * count - i;
  node.value_stride = one_block ? 0 : block;
  workspace_.request(&node.value, one_block ? block : block * shape.blocks, first, last);
  if (!shape.backward || !wants_gradient(i, shape.cut)) return;
  int lowest = i;
  for (const int e : node.incoming) lowest = std::min(lowest, edges_[e].plan.from);
  workspace_.request(&node.gradient, block * shape.blocks, i == plan_.head ? count : 2 * count - i,
                     2 * count - lowest);
}

void Network::lay_out_scratch(const PassShape& shape, int end) {
  std::size_t planes = 0, padded = 0, winograd = 0, pooled = 0, plane = 0, channels = 1;
  for (int i = 0; i <= shape.last; i++) {
    const Node& node = nodes_[i];
    channels = std::max<std::size_t>(channels, node.extent.channels);
    std::size_t pools = 0;
    for (const int e : node.incoming) pools += edges_[e].plan.operation == Operation::average_pool;
    pooled = std::max(pooled, pools * block_floats(node.extent));
    plane = std::max<std::size_t>(plane, std::size_t(node.extent.pixels()) * kernels_.lanes);
    for (const Group& group : node.groups) {
      planes = std::max(planes, std::size_t(group.geometry.values()) * kernels_.lanes);
      winograd = std::max(winograd, group.scratch_floats);
      if (group.winograd) continue;
      for (const int e : group.edges) {
        padded = std::max(padded, std::size_t(edges_[e].convolution->padded_gradient_values()) * kernels_.lanes);
      }
    }
  }
  const std::size_t rows = std::size_t(shape.blocks) * kernels_.lanes;
  workspace_.request(&scratch_.planes, planes, 0, end);
  workspace_.request(&scratch_.winograd, winograd, 0, end);
  workspace_.request(&scratch_.pooled, pooled, 0, end);
  workspace_.request(&scratch_.pool, plane, 0, end);
  workspace_.request(&scratch_.combined_shift, channels, 0, end);
  workspace_.request(&scratch_.lane_features, rows * head_norm_.channels(), 0, end);
  workspace_.request(&scratch_.feature_rows, rows * head_norm_.channels(), 0, end);
  workspace_.request(&scratch_.logits, rows * plan_.classes, 0, end);
  if (!shape.backward) return;
  workspace_.request(&scratch_.plane_gradients, planes, 0, end);
  workspace_.request(&scratch_.padded_gradient, padded, 0, end);
}

}  // namespace fear_nas
