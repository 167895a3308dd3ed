// One batch norm: statistics of the batch, the affine map they amount to, and its gradient.
#pragma once

#include "../kernels/kernels.h"
#include "memory.h"

namespace fear_nas {

/** The images of a batch that one block holds. */
struct BlockImages {
  int lanes;
  int active;
};

/** One batch norm's slices of the flat vectors of running statistics; null where they are not to be touched. */
struct RunningStatistics {
  float* mean;
  float* variance;
};

class BatchNorm {
 public:
  BatchNorm(std::size_t& memory, int channels, int lanes);

  // Forward, per block: the kernels leave sums in `moments()`, then `add_block` takes them up.
  //
  // Sums of squares are taken about the mean of the batch's first block, not about zero: where the mean is large
  // beside the deviation, E[x^2] - E[x]^2 would cancel in float32.
  void start_statistics();
  Moments moments();
  /** Sets the centre from the first block's sums; its moments are then to be taken again, about the centre. */
  void centre(const BlockImages& images, int pixels);
  void add_block(const BlockImages& images, int pixels);
  /** The affine map that normalises by the batch; `running` is updated unless its pointers are null. */
  void finish_statistics(const float* gamma_beta, const RunningStatistics& running);
  /** The affine map that normalises by the running statistics. */
  void use_running(const float* gamma_beta, const RunningStatistics& running);

  /** The identity, and its gradient. */
  void bypass();

  /** normalised = scale value + shift. */
  const float* scale() const { return values_.data(); }
  const float* shift() const { return scale() + channels_; }
  /** The batch's mean, after `finish_statistics`. */
  const float* mean() const { return shift() + channels_; }

  // Backward, per block: sums of the output's gradient and of it times (value - mean), per channel and lane.
  void start_gradient();
  void clear_gradient_block() { lane_sums_.clear(); }
  float* gradient_sums() { return lane_sums_.data(); }
  float* gradient_products() { return lane_sums_.data() + std::size_t(channels_) * lanes_; }
  void add_gradient_block(const float* lane_sums, const float* lane_products);
  /** Writes the gradients of gamma and beta and makes `input_gradient` valid. */
  void finish_gradient(float* gamma_beta_gradient);
  InputGradient input_gradient(const float* gradient, const float* value) const;

  int channels() const { return channels_; }

 private:
  float* row(int index) { return values_.data() + index * channels_; }
  const float* row(int index) const { return values_.data() + index * channels_; }

  int channels_;
  int lanes_;
  /** Rows of channels: scale, shift, mean, reciprocal deviation, centre, curve, gradient's shift. */
  Buffer<float> values_;
  /** Per channel and lane, for the kernels: sums, then squares or products. */
  Buffer<float> lane_sums_;
  /** Sums, then squares or products. */
  Buffer<double> sums_;
  /** What the means lost when they were rounded to float. */
  Buffer<double> mean_errors_;
  double count_ = 0;
};

}  // namespace fear_nas
