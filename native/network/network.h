// A trainable network: weights, optimiser state and running statistics, and the passes over batches.
//
// A batch is worked on in blocks of as many images as a vector has lanes. Training goes node by node, since batch norm
// needs a whole batch's statistics before anything reads the node; within a node it goes block by block, so that a
// block's values stay in the cache. Inference, and a frozen trunk with running statistics, go block by block through
// all nodes and hold one block of each.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../kernels/kernels.h"
#include "batch_norm.h"
#include "memory.h"
#include "network_state.h"
#include "phase_timer.h"
#include "plan.h"

namespace fear_nas {

/** See StepOptions of the TypeScript interface; clip_norm is infinite for no clipping. */
struct StepOptions {
  double learning_rate;
  double momentum;
  bool nesterov;
  double weight_decay;
  double clip_norm;
};

struct Score {
  /** Sum over the images, not mean. */
  double loss = 0;
  int correct = 0;
};

/** What a probe differentiates and of what it wants gradients; see ProbeOptions of the TypeScript interface. */
struct ProbeOptions {
  /** The mean cross-entropy; else the sum of all logits. */
  bool cross_entropy;
  /** Leave batch norms out; else they normalise by the batch. */
  bool bypass;
};

/** Where a probe leaves its gradients. Null: not wanted. */
struct ProbeGradients {
  float* parameters;
  /** [count][channels][height][width] */
  float* inputs;
  /** [count][output channels of all convolutions, classes] */
  float* outputs;
};

/** Images of the network's input, or features of a node, [count][channels][height][width]. */
struct Input {
  const float* values;
  int count;
  /** The node they are the value of: 0, or the frozen cut. */
  int node;
};

class Network {
 public:
  Network(Plan plan, const Kernels& kernels);

  const Plan& plan() const { return plan_; }
  const Kernels& kernels() const { return kernels_; }

  void set_weights(const float* parameters, const float* means, const float* variances);
  void get_weights(float* parameters, float* means, float* variances) const;

  /** Freezes everything at or below `node` (0: nothing) and forgets the momentum. */
  void freeze(int node, bool batch_statistics);
  int cut() const { return trunk_.cut; }

  Score train_step(const Input& input, const std::int32_t* labels, const StepOptions& options);
  Score evaluate(const Input& input, const std::int32_t* labels);
  void logits(const Input& input, float* logits);
  void gradients(const Input& input, const std::int32_t* labels, float* gradients);
  void features(const Input& input, int node, bool batch_statistics, float* features);
  /** Gradients at the present weights; true ones are 2 to the power of the result times as large. */
  int probe(const Input& input, const std::int32_t* labels, const ProbeOptions& options,
            const ProbeGradients& gradients);
  /** Gradients as `gradients` at `points` other vectors of parameters, with the ReLUs' pattern of the present ones. */
  void gradients_near(const Input& input, const std::int32_t* labels, const float* parameters, int points,
                      float* gradients);
  /** Floats of an image's outputs in a probe. */
  std::size_t output_channels() const;

  std::size_t memory_bytes() const { return memory_; }
  const PhaseTimers& timers() const { return timers_; }

 private:
  // network.cpp
  void build_groups();
  void set_batch(int count);
  BlockImages images_in(int block) const;
  const std::int32_t* lane_mask(int block) const;
  bool wants_gradient(int node, int cut) const;
  void pack_weights();
  void replace_parameters(const float* parameters);
  RunningStatistics running(int offset);
  std::size_t block_floats(const Extent& extent) const { return std::size_t(extent.values()) * kernels_.lanes; }
  /** A forward and backward pass with the batch's statistics; leaves the gradients in `state_`. */
  Score differentiate(const Input& input, const std::int32_t* labels, int cut, bool update_running);
  /** The logits of all blocks. */
  void batch_logits();
  /** From the gradient of the logits, in `scratch_`, to those of everything above the cut. */
  void backward_from_logits(int cut);
  /** Inference, calling `visit(first image, count)` for every block, whose logits are in `scratch_`. */
  template <typename Visit>
  void infer(const Input& input, Visit visit);

  // probe.cpp
  void copy_gradients(const ProbeGradients& gradients, int exponent) const;
  int forward_bare(const Input& input, bool rescale);
  bool is_bottleneck(int node) const;
  int rescale(int node);
  void scale_gradient(int node);
  void take_outputs(int node);
  void take_logits(const float* logits, int exponent);

  // pattern.cpp
  void record_pattern();
  void forget_pattern();
  const float* rectified(const Node& node, int block);
  const float* pattern_of(const Node& node, int block);
  void head_features_by_pattern(int block);
  void head_moments_by_pattern(int block);
  void head_backward_by_pattern(int block);

  // layout.cpp
  void lay_out(const PassShape& shape);
  void lay_out_node(const PassShape& shape, int node);
  void lay_out_scratch(const PassShape& shape, int end);
  bool is_streamed(const PassShape& shape, int node) const;
  bool skips(int node, int over) const;

  // forward.cpp
  void forward_streamed(const Input& input, int block, int last);
  void forward_batch(const Input& input, int first, int last, bool update_running);
  void load(const Input& input, int block);
  void combine(int node, int block);
  void gather(const Node& node, const Group& group, int block);
  void convolve(int node, int block, int above, int last, bool statistics);
  void convolve_winograd(const Node& node, const Group& group, const std::vector<Edge*>& edges, int block,
                         bool statistics);
  void convolve_direct(const std::vector<Edge*>& edges, int block, bool statistics);
  WinogradJob winograd_job(const Node& node, const Group& group, int block, float* input_gradient) const;
  Moments wanted_moments(Edge& edge, bool statistics);
  void take_statistics(Edge& edge, int block);
  void finish_statistics(int node, bool update_running);
  void use_running_statistics(int first, int last);

  // head.cpp
  const float* head_parameters() const { return state_.parameters.data() + plan_.head_parameters; }
  void head_statistics(bool update_running);
  void head_features(int block, float* rows);
  void linear(const float* rows, int count, float* logits) const;
  Score softmax(const std::int32_t* labels, int count, float* logits, bool gradient) const;
  void linear_backward();
  void head_backward(bool input_gradient);

  // backward.cpp
  void backward(int cut);
  void backward_node(int node, int block, int cut);
  void backward_without_weights(int node, int block, int cut, bool& accumulate);
  void backward_winograd(const Node& node, const Group& group, const std::vector<Edge*>& edges, int block,
                         bool wanted);
  void backward_direct(const std::vector<Edge*>& edges, int block, bool wanted);
  void take_gradient_statistics(int node, int block);
  const float* gradient_of(int node, int block) const;
  InputGradient output_gradient(const Edge& edge, int block) const;

  // optimizer.cpp
  void update(const StepOptions& options);
  std::size_t first_trainable() const;

  Plan plan_;
  const Kernels& kernels_;
  std::size_t memory_ = 0;
  PhaseTimers timers_;

  State state_;
  Workspace workspace_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  BatchNorm head_norm_;
  /** Masks of a full block, then of the last one: -1 in lanes that hold an image. */
  Buffer<std::int32_t> lane_masks_;
  Pattern pattern_;
  Trunk trunk_;
  Batch batch_;
  Scratch scratch_;
};

}  // namespace fear_nas
