#include "network.h"

namespace fear_nas {

/** One block through all nodes up to `last`, with running statistics. */
void Network::forward_streamed(const Input& input, int block, int last) {
  for (int i = 0; i < input.node; i++) {
    if (skips(i, input.node)) convolve(i, block, input.node, last, false);
  }
  for (int i = input.node; i <= last; i++) {
    if (i == input.node) load(input, block);
    else combine(i, block);
    convolve(i, block, i, last, false);
  }
}

/** All blocks through node after node, from `first`, with the batch's statistics. */
void Network::forward_batch(const Input& input, int first, int last, bool update_running) {
  for (Edge& edge : edges_) {
    if (edge.batch_norm && edge.plan.to > first && edge.plan.to <= last) edge.batch_norm->start_statistics();
  }
  for (int i = 0; i <= last; i++) {
    if (i < first && !skips(i, first)) continue;
    if (i > first) finish_statistics(i, update_running);
    for (int block = 0; block < batch_.blocks; block++) {
      if (i == input.node) load(input, block);
      else if (i > first) combine(i, block);
      convolve(i, block, i < first ? first : i, last, true);
    }
  }
}

void Network::load(const Input& input, int block) {
  const auto span = timers_.span(Phase::input);
  const Node& node = nodes_[input.node];
  const std::size_t values = node.extent.values();
  kernels_.to_lanes(input.values + block * kernels_.lanes * values, images_in(block).active, int(values),
                    node.value + block * node.value_stride);
}

void Network::combine(int node_index, int block) {
  Node& node = nodes_[node_index];
  const std::size_t floats = block_floats(node.extent);
  std::vector<const float*> terms, scales;
  const float* shift = nullptr;
  float* pooled = scratch_.pooled;
  for (const int e : node.incoming) {
    const Edge& edge = edges_[e];
    const Node& from = nodes_[edge.plan.from];
    const float* source = from.value + block * from.value_stride;
    scales.push_back(nullptr);
    switch (edge.plan.operation) {
      case Operation::convolution:
        terms.push_back(edge.output + block * edge.output_stride);
        if (!edge.batch_norm) break;
        scales.back() = edge.batch_norm->scale();
        if (shift == nullptr) {
          shift = edge.batch_norm->shift();
        } else {
          const float* other = edge.batch_norm->shift();
          for (int c = 0; c < node.extent.channels; c++) scratch_.combined_shift[c] = shift[c] + other[c];
          shift = scratch_.combined_shift;
        }
        break;
      case Operation::skip: terms.push_back(source); break;
      case Operation::average_pool: {
        const auto span = timers_.span(Phase::pooling);
        if (edge.plan.kernel == 2) kernels_.average_pool2(from.extent, source, pooled);
        else kernels_.average_pool3(from.extent, source, false, false, pooled, scratch_.pool);
        terms.push_back(pooled);
        pooled += floats;
        break;
      }
    }
  }
  const auto span = timers_.span(Phase::combine);
  kernels_.combine(node.extent, terms.data(), scales.data(), int(terms.size()), shift,
                   node.value + block * node.value_stride);
}

/** The node's outgoing convolutions to nodes above `above` and up to `last`. */
void Network::convolve(int node_index, int block, int above, int last, bool statistics) {
  Node& node = nodes_[node_index];
  for (Group& group : node.groups) {
    std::vector<Edge*> edges;
    for (const int e : group.edges) {
      if (edges_[e].plan.to > above && edges_[e].plan.to <= last) edges.push_back(&edges_[e]);
    }
    if (edges.empty()) continue;
    gather(node, group, block);
    {
      const auto span = timers_.span(Phase::convolve);
      if (group.winograd) convolve_winograd(node, group, edges, block, statistics);
      else convolve_direct(edges, block, statistics);
    }
    if (!statistics) continue;
    for (Edge* edge : edges) {
      if (edge->batch_norm) take_statistics(*edge, block);
    }
  }
}

/** Pads the node's value for a group of convolutions. */
void Network::gather(const Node& node, const Group& group, int block) {
  const auto span = timers_.span(Phase::gather);
  const bool by_pattern = batch_.by_pattern && group.relu;
  kernels_.gather(group.geometry, by_pattern ? rectified(node, block) : node.value + block * node.value_stride,
                  group.relu && !by_pattern, scratch_.planes);
}

void Network::convolve_winograd(const Node& node, const Group& group, const std::vector<Edge*>& edges, int block,
                                bool statistics) {
  std::vector<WinogradForwardEdge> jobs;
  for (Edge* edge : edges) {
    jobs.push_back({.weights = edge->convolution->forward_weights(),
                    .channels = edge->convolution->output_channels(),
                    .output = edge->output + block * edge->output_stride,
                    .moments = wanted_moments(*edge, statistics)});
  }
  kernels_.winograd_forward(winograd_job(node, group, block, nullptr), jobs.data(), int(jobs.size()));
}

void Network::convolve_direct(const std::vector<Edge*>& edges, int block, bool statistics) {
  for (Edge* edge : edges) {
    const Convolution& convolution = *edge->convolution;
    float* output = edge->output + block * edge->output_stride;
    const Moments moments = wanted_moments(*edge, statistics);
    if (const DepthwiseJob* job = convolution.depthwise()) {
      kernels_.depthwise_forward(*job, scratch_.planes, convolution.forward_weights(), output, moments);
    } else {
      kernels_.direct_forward(convolution.job(), scratch_.planes, convolution.forward_weights(), output, moments);
    }
  }
}

WinogradJob Network::winograd_job(const Node& node, const Group& group, int block, float* input_gradient) const {
  return {.extent = node.extent,
          .input = scratch_.planes,
          .input_gradient = input_gradient,
          .lane_mask = lane_mask(block),
          .scratch = scratch_.winograd,
          .offsets = group.offsets.data(),
          .chunk_rows = group.chunk_rows,
          .chunk_columns = group.chunk_columns};
}

Moments Network::wanted_moments(Edge& edge, bool statistics) {
  return statistics && edge.batch_norm ? edge.batch_norm->moments() : Moments{nullptr, nullptr, nullptr};
}

/** Takes up the sums that the convolution left. */
void Network::take_statistics(Edge& edge, int block) {
  const auto span = timers_.span(Phase::statistics);
  const Extent& extent = nodes_[edge.plan.to].extent;
  const BlockImages images = images_in(block);
  if (block == 0) {
    edge.batch_norm->centre(images, extent.pixels());
    kernels_.moments(extent, edge.output, edge.batch_norm->moments());
  }
  edge.batch_norm->add_block(images, extent.pixels());
}

void Network::finish_statistics(int node, bool update_running) {
  for (const int e : nodes_[node].incoming) {
    Edge& edge = edges_[e];
    if (!edge.batch_norm) continue;
    const float* gamma_beta = state_.parameters.data() + edge.gamma;
    edge.batch_norm->finish_statistics(gamma_beta, update_running ? running(edge.plan.statistics)
                                                                  : RunningStatistics{nullptr, nullptr});
  }
}

void Network::use_running_statistics(int first, int last) {
  for (Edge& edge : edges_) {
    if (!edge.batch_norm || edge.plan.to <= first || edge.plan.to > last) continue;
    edge.batch_norm->use_running(state_.parameters.data() + edge.gamma, running(edge.plan.statistics));
  }
}

}  // namespace fear_nas
