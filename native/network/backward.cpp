#include "network.h"

namespace fear_nas {

/** Gradients of all convolutions and batch norms above the cut. */
void Network::backward(int cut) {
  for (Edge& edge : edges_) {
    if (!wants_gradient(edge.plan.to, cut)) continue;
    if (edge.convolution) edge.convolution->start_weight_gradient();
    if (edge.batch_norm) edge.batch_norm->start_gradient();
  }
  for (int i = plan_.head; i >= 0; i--) {
    for (int block = 0; block < batch_.blocks; block++) {
      if (i != plan_.head) backward_node(i, block, cut);
      if (wants_gradient(i, cut) && !batch_.bypass) take_gradient_statistics(i, block);
    }
    if (!wants_gradient(i, cut)) continue;
    for (const int e : nodes_[i].incoming) {
      Edge& edge = edges_[e];
      if (edge.batch_norm && !batch_.bypass) edge.batch_norm->finish_gradient(state_.gradients.data() + edge.gamma);
    }
    if (batch_.bypass) scale_gradient(i);
    if (batch_.outputs != nullptr) take_outputs(i);
  }
  const auto span = timers_.span(Phase::weights);
  for (Edge& edge : edges_) {
    if (edge.convolution && wants_gradient(edge.plan.to, cut)) {
      edge.convolution->finish_weight_gradient(state_.gradients.data() + edge.plan.parameters);
    }
  }
}

/** The gradients of the node's outgoing edges, and from them the node's own if it wants one. */
void Network::backward_node(int node_index, int block, int cut) {
  Node& node = nodes_[node_index];
  bool accumulate = false;
  backward_without_weights(node_index, block, cut, accumulate);
  for (Group& group : node.groups) {
    std::vector<Edge*> edges;
    for (const int e : group.edges) {
      if (wants_gradient(edges_[e].plan.to, cut)) edges.push_back(&edges_[e]);
    }
    if (edges.empty()) continue;
    gather(node, group, block);
    const bool wanted = wants_gradient(node_index, cut);
    {
      const auto span = timers_.span(Phase::backward);
      if (group.winograd) backward_winograd(node, group, edges, block, wanted);
      else backward_direct(edges, block, wanted);
    }
    if (!wanted) continue;
    const auto span = timers_.span(Phase::scatter);
    const bool by_pattern = batch_.by_pattern && group.relu;
    const float* value = by_pattern ? pattern_of(node, block) : node.value + block * node.value_stride;
    kernels_.scatter(group.geometry, scratch_.plane_gradients, value, group.relu, accumulate,
                     node.gradient + block * block_floats(node.extent));
    accumulate = true;
  }
}

/** Skips and poolings. */
void Network::backward_without_weights(int node_index, int block, int cut, bool& accumulate) {
  Node& node = nodes_[node_index];
  if (!wants_gradient(node_index, cut)) return;
  const auto span = timers_.span(Phase::pooling);
  float* gradient = node.gradient + block * block_floats(node.extent);
  for (const int e : node.outgoing) {
    const Edge& edge = edges_[e];
    if (edge.convolution || !wants_gradient(edge.plan.to, cut)) continue;
    const float* from = gradient_of(edge.plan.to, block);
    if (edge.plan.operation == Operation::skip) {
      kernels_.add(node.extent.values(), from, accumulate, gradient);
    } else if (edge.plan.kernel == 2) {
      kernels_.average_pool2_backward(node.extent, from, accumulate, gradient);
    } else {
      kernels_.average_pool3(node.extent, from, true, accumulate, gradient, scratch_.pool);
    }
    accumulate = true;
  }
}

void Network::backward_winograd(const Node& node, const Group& group, const std::vector<Edge*>& edges, int block,
                                bool wanted) {
  std::vector<WinogradBackwardEdge> jobs;
  for (Edge* edge : edges) {
    jobs.push_back({.weights = edge->convolution->backward_weights(),
                    .channels = edge->convolution->output_channels(),
                    .gradient = output_gradient(*edge, block),
                    .weight_sums = edge->convolution->weight_sums()});
  }
  kernels_.winograd_backward(winograd_job(node, group, block, wanted ? scratch_.plane_gradients : nullptr), jobs.data(),
                             int(jobs.size()));
}

void Network::backward_direct(const std::vector<Edge*>& edges, int block, bool wanted) {
  bool accumulate = false;
  for (Edge* edge : edges) {
    Convolution& convolution = *edge->convolution;
    const DirectJob& job = convolution.job();
    kernels_.direct_output_gradient(job, output_gradient(*edge, block), lane_mask(block), scratch_.padded_gradient);
    if (const DepthwiseJob* depthwise = convolution.depthwise()) {
      kernels_.depthwise_weight_gradient(*depthwise, scratch_.planes, scratch_.padded_gradient,
                                         convolution.weight_sums());
      if (!wanted) continue;
      kernels_.depthwise_input_gradient(*depthwise, scratch_.padded_gradient, convolution.forward_weights(), accumulate,
                                        scratch_.plane_gradients);
      accumulate = true;
      continue;
    }
    const auto& offsets = convolution.gradient_offsets();
    kernels_.direct_weight_gradient(job, scratch_.planes, scratch_.padded_gradient, offsets.data(), int(offsets.size()),
                                    convolution.weight_sums());
    if (!wanted) continue;
    kernels_.direct_input_gradient(job, scratch_.padded_gradient, convolution.backward_offsets().data(),
                                   convolution.backward_terms().data(), convolution.backward_weights(), accumulate,
                                   scratch_.plane_gradients);
    accumulate = true;
  }
}

/** What the batch norms of the node's incoming edges need of its gradient. */
void Network::take_gradient_statistics(int node_index, int block) {
  const auto span = timers_.span(Phase::statistics);
  Node& node = nodes_[node_index];
  std::vector<Edge*> edges;
  for (const int e : node.incoming) {
    if (edges_[e].batch_norm) edges.push_back(&edges_[e]);
  }
  for (std::size_t first = 0; first < edges.size(); first += kMaxGradientOutputs) {
    const float* outputs[kMaxGradientOutputs];
    const float* means[kMaxGradientOutputs];
    float* products[kMaxGradientOutputs];
    int count = 0;
    for (std::size_t e = first; e < edges.size() && count < kMaxGradientOutputs; e++, count++) {
      edges[e]->batch_norm->clear_gradient_block();
      outputs[count] = edges[e]->output + block * edges[e]->output_stride;
      means[count] = edges[e]->batch_norm->mean();
      products[count] = edges[e]->batch_norm->gradient_products();
    }
    float* sums = edges[first]->batch_norm->gradient_sums();
    kernels_.gradient_moments(node.extent, gradient_of(node_index, block), outputs, means, count, sums, products);
    for (int e = 0; e < count; e++) edges[first + e]->batch_norm->add_gradient_block(sums, products[e]);
  }
}

const float* Network::gradient_of(int node, int block) const {
  return nodes_[node].gradient + block * block_floats(nodes_[node].extent);
}

InputGradient Network::output_gradient(const Edge& edge, int block) const {
  const float* gradient = gradient_of(edge.plan.to, block);
  if (edge.batch_norm) return edge.batch_norm->input_gradient(gradient, edge.output + block * edge.output_stride);
  return {gradient, nullptr, nullptr, nullptr, nullptr, nullptr};
}

}  // namespace fear_nas
