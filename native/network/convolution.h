// One convolution edge: its algorithm, and its weights and their gradient in the forms that the kernels want.
#pragma once

#include <vector>

#include "../kernels/kernels.h"
#include "memory.h"
#include "plan.h"

namespace fear_nas {

/** Whether Winograd's algorithm computes an edge; else its taps do, one by one. */
bool uses_winograd(const Plan& plan, const EdgePlan& edge);

/** How the edge sees its input. */
PlaneGeometry plane_geometry(const Plan& plan, const EdgePlan& edge);

class Convolution {
 public:
  Convolution(std::size_t& memory, const Kernels& kernels, const Plan& plan, const EdgePlan& edge);

  /** Puts `weight` [output][input][kernel][kernel] into the kernels' order. */
  void pack(const float* weight);

  void start_weight_gradient();
  /** Writes the gradient of the weight, [output][input][kernel][kernel]. */
  void finish_weight_gradient(float* gradient) const;

  // For Winograd's kernels.
  const float* forward_weights() const { return forward_weights_.data(); }
  const float* backward_weights() const { return backward_weights_.data(); }
  float* weight_sums() { return weight_sums_.data(); }
  int output_channels() const { return output_channels_; }
  int weight_count() const { return output_channels_ * (depthwise_ ? 1 : input_channels_) * kernel_ * kernel_; }

  // For direct kernels.
  const DirectJob& job() const { return job_; }
  const std::vector<int>& gradient_offsets() const { return gradient_offsets_; }
  const std::vector<int>& backward_offsets() const { return backward_offsets_; }
  const std::vector<int>& backward_terms() const { return backward_terms_; }
  /** The job of a depthwise convolution, otherwise null. Weights and their sums are where the other algorithms have them. */
  const DepthwiseJob* depthwise() const { return depthwise_ ? &depthwise_job_ : nullptr; }
  /** Values of the output's gradient with its halo. */
  int padded_gradient_values() const;

 private:
  /** An entry of the kernel, and where in its phase's plane it reads. */
  struct Tap {
    int row;
    int column;
    int phase;
    int plane_row;
    int plane_column;
  };

  void pack_direct(const float* weight);
  void finish_direct_gradient(float* gradient) const;
  void finish_depthwise_gradient(float* gradient) const;
  void build_offsets();
  void build_depthwise();
  /** The taps, those of a phase together. */
  std::vector<Tap> taps() const;

  const Kernels& kernels_;
  bool winograd_;
  bool depthwise_;
  int kernel_;
  int dilation_;
  int input_channels_;
  int output_channels_;
  DirectJob job_;
  DepthwiseJob depthwise_job_;
  std::vector<DepthwiseTap> depthwise_taps_;
  std::vector<int> forward_offsets_;
  std::vector<int> gradient_offsets_;
  std::vector<int> backward_offsets_;
  std::vector<int> backward_terms_;
  Buffer<float> forward_weights_;
  Buffer<float> backward_weights_;
  Buffer<float> weight_sums_;
};

}  // namespace fear_nas
