#include "plan.h"

namespace fear_nas {
namespace {

constexpr int kVersion = 2;

class Reader {
 public:
  Reader(const std::int32_t* data, std::size_t length) : data_(data), length_(length) {}

  int next() {
    if (position_ >= length_) throw NetworkError("the network's plan ends too early");
    return data_[position_++];
  }

  int next_in(int low, int high, const char* what) {
    const int value = next();
    if (value < low || value > high) {
      throw NetworkError(std::string(what) + " must lie in " + std::to_string(low) + ".." + std::to_string(high) +
                         ", got " + std::to_string(value));
    }
    return value;
  }

  bool at_end() const { return position_ == length_; }

 private:
  const std::int32_t* data_;
  std::size_t length_;
  std::size_t position_ = 0;
};

int output_size(const EdgePlan& edge, int size) {
  if (edge.operation == Operation::average_pool && edge.kernel == 2) return size / 2;
  return (size + edge.stride - 1) / edge.stride;
}

void check_edge(const Plan& plan, const EdgePlan& edge) {
  const std::string name =
      "the edge from node " + std::to_string(edge.from) + " to node " + std::to_string(edge.to);
  const Extent& from = plan.nodes[edge.from];
  const Extent& to = plan.nodes[edge.to];
  const bool convolves = edge.operation == Operation::convolution;
  const bool large = edge.kernel > 3 || edge.dilation > 1;
  const bool has_kernel = convolves ? edge.kernel % 2 == 1 && (edge.depthwise || !large)
                                    : !large && (edge.operation == Operation::skip || edge.kernel != 1);
  if (!has_kernel) throw NetworkError(name + " has a kernel that its operation lacks");
  const bool same_channels = (convolves && !edge.depthwise) || from.channels == to.channels;
  if (!same_channels || output_size(edge, from.height) != to.height || output_size(edge, from.width) != to.width) {
    throw NetworkError(name + " does not produce the shape of its target");
  }
  if (!convolves) return;
  const std::int64_t weights = std::int64_t(edge.depthwise ? 1 : from.channels) * to.channels * edge.kernel * edge.kernel;
  const int norm = edge.batch_norm ? to.channels : 0;
  if (edge.parameters + weights + 2 * norm > plan.head_parameters || edge.statistics + norm > plan.head_statistics) {
    throw NetworkError(name + " has parameters beyond those of the network");
  }
}

}  // namespace

Plan Plan::decode(const std::int32_t* data, std::size_t length) {
  constexpr int kMost = 1 << 28;
  Reader reader(data, length);
  if (reader.next() != kVersion) throw NetworkError("the addon and its binding differ in version: rebuild the addon");
  Plan plan;
  plan.classes = reader.next_in(1, 1 << 20, "classes");
  const int nodes = reader.next_in(1, 1 << 16, "the number of nodes");
  const int edges = reader.next_in(0, 1 << 16, "the number of edges");
  plan.head = reader.next_in(0, nodes - 1, "the head's node");
  plan.head_parameters = reader.next_in(0, kMost, "a parameter offset");
  plan.head_statistics = reader.next_in(0, kMost, "a statistics offset");
  for (int i = 0; i < nodes; i++) {
    Extent extent;
    extent.channels = reader.next_in(1, 1 << 14, "channels");
    extent.height = reader.next_in(1, 1 << 12, "height");
    extent.width = reader.next_in(1, 1 << 12, "width");
    if (std::int64_t(extent.channels) * extent.height * extent.width > (1 << 22)) {
      throw TooLarge("node " + std::to_string(i) + " is too large");
    }
    plan.nodes.push_back(extent);
  }
  for (int i = 0; i < edges; i++) {
    EdgePlan edge;
    edge.operation = Operation(reader.next_in(0, 2, "an operation"));
    edge.from = reader.next_in(0, nodes - 1, "an edge's source");
    edge.to = reader.next_in(edge.from + 1, nodes - 1, "an edge's target");
    edge.kernel = reader.next_in(1, 5, "a kernel");
    edge.stride = reader.next_in(1, 2, "a stride");
    edge.dilation = reader.next_in(1, 2, "a dilation");
    edge.depthwise = reader.next_in(0, 1, "a flag") != 0;
    edge.relu = reader.next_in(0, 1, "a flag") != 0;
    edge.batch_norm = reader.next_in(0, 1, "a flag") != 0;
    edge.parameters = reader.next_in(0, kMost, "a parameter offset");
    edge.statistics = reader.next_in(0, kMost, "a statistics offset");
    check_edge(plan, edge);
    if (!plan.edges.empty() && edge.to < plan.edges.back().to) throw NetworkError("edges must be sorted by target");
    plan.edges.push_back(edge);
  }
  if (!reader.at_end()) throw NetworkError("the network's plan is longer than its contents");
  const int features = plan.nodes[plan.head].channels;
  const std::int64_t head = 2 * features + std::int64_t(plan.classes) * (features + 1);
  if (plan.head_parameters + head > kMost) throw TooLarge("the network has too many parameters");
  plan.parameter_count = plan.head_parameters + int(head);
  plan.statistics_count = plan.head_statistics + features;
  return plan;
}

}  // namespace fear_nas
