#include "batch_norm.h"

#include <cmath>

namespace fear_nas {
namespace {

constexpr double kEpsilon = 1e-5;
/** How much of the old running statistics a step keeps. */
constexpr double kKeep = 0.9;

enum Row { kScale, kShift, kMean, kReciprocalDeviation, kCentre, kCurve, kGradientShift, kRows };

double lane_sum(const float* lanes, int count) {
  double sum = 0;
  for (int lane = 0; lane < count; lane++) sum += lanes[lane];
  return sum;
}

}  // namespace

BatchNorm::BatchNorm(std::size_t& memory, int channels, int lanes)
    : channels_(channels),
      lanes_(lanes),
      values_(memory, std::size_t(kRows) * channels),
      lane_sums_(memory, std::size_t(2) * channels * lanes),
      sums_(memory, std::size_t(2) * channels),
      mean_errors_(memory, channels) {}

void BatchNorm::start_statistics() {
  sums_.clear();
  lane_sums_.clear();
  count_ = 0;
  for (int c = 0; c < channels_; c++) row(kCentre)[c] = 0;
}

Moments BatchNorm::moments() {
  return {row(kCentre), lane_sums_.data(), lane_sums_.data() + std::size_t(channels_) * lanes_};
}

void BatchNorm::centre(const BlockImages& images, int pixels) {
  for (int c = 0; c < channels_; c++) {
    row(kCentre)[c] = float(lane_sum(lane_sums_.data() + c * lanes_, images.active) / (double(images.active) * pixels));
  }
  lane_sums_.clear();
}

void BatchNorm::add_block(const BlockImages& images, int pixels) {
  for (int i = 0; i < 2 * channels_; i++) sums_[i] += lane_sum(lane_sums_.data() + i * lanes_, images.active);
  count_ += double(images.active) * pixels;
  lane_sums_.clear();
}

void BatchNorm::finish_statistics(const float* gamma_beta, const RunningStatistics& running) {
  for (int c = 0; c < channels_; c++) {
    const double offset = sums_[c] / count_;
    const double mean = row(kCentre)[c] + offset;
    double variance = sums_[channels_ + c] / count_ - offset * offset;
    if (variance < 0) variance = 0;  // By rounding; NaN stays.
    const double reciprocal = 1 / std::sqrt(variance + kEpsilon);
    row(kMean)[c] = float(mean);
    mean_errors_[c] = mean - row(kMean)[c];
    row(kReciprocalDeviation)[c] = float(reciprocal);
    row(kScale)[c] = float(gamma_beta[c] * reciprocal);
    row(kShift)[c] = float(gamma_beta[channels_ + c] - mean * gamma_beta[c] * reciprocal);
    if (running.mean == nullptr) continue;
    const double unbiased = count_ > 1 ? variance * count_ / (count_ - 1) : variance;
    running.mean[c] = float(kKeep * running.mean[c] + (1 - kKeep) * mean);
    running.variance[c] = float(kKeep * running.variance[c] + (1 - kKeep) * unbiased);
  }
}

void BatchNorm::use_running(const float* gamma_beta, const RunningStatistics& running) {
  for (int c = 0; c < channels_; c++) {
    const double scale = gamma_beta[c] / std::sqrt(running.variance[c] + kEpsilon);
    row(kScale)[c] = float(scale);
    row(kShift)[c] = float(gamma_beta[channels_ + c] - running.mean[c] * scale);
  }
}

void BatchNorm::bypass() {
  values_.clear();
  for (int c = 0; c < channels_; c++) row(kScale)[c] = 1;
}

void BatchNorm::start_gradient() {
  sums_.clear();
  lane_sums_.clear();
}

void BatchNorm::add_gradient_block(const float* lane_sums, const float* lane_products) {
  // Lanes without an image hold zero gradients.
  for (int c = 0; c < channels_; c++) {
    sums_[c] += lane_sum(lane_sums + c * lanes_, lanes_);
    sums_[channels_ + c] += lane_sum(lane_products + c * lanes_, lanes_);
  }
}

void BatchNorm::finish_gradient(float* gamma_beta_gradient) {
  for (int c = 0; c < channels_; c++) {
    const double reciprocal = row(kReciprocalDeviation)[c];
    const double sum = sums_[c], product = sums_[channels_ + c];
    gamma_beta_gradient[c] = float(product * reciprocal);
    gamma_beta_gradient[channels_ + c] = float(sum);
    const double scale = row(kScale)[c];
    row(kCurve)[c] = float(-scale * reciprocal * reciprocal * product / count_);
    // The gradient sums to zero over the batch. The shift takes up what rounding the mean would add to each pixel:
    // gradients of layers below can be as small as the sum of those errors.
    row(kGradientShift)[c] = float(-scale * sum / count_ - double(row(kCurve)[c]) * mean_errors_[c]);
  }
}

InputGradient BatchNorm::input_gradient(const float* gradient, const float* value) const {
  return {gradient, value, row(kScale), row(kCurve), row(kMean), row(kGradientShift)};
}

}  // namespace fear_nas
