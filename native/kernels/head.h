// The head up to the linear layer: batch norm, ReLU and the mean over all pixels.
#pragma once

#include "kernels.h"
#include "simd.h"
#include "channel_gradient.h"

namespace fear_nas::FEAR_ISA {

inline void head_forward(const Extent& extent, const float* value, const float* scale, const float* shift,
                         float* features) {
  const int pixels = extent.pixels();
  for (int c = 0; c < extent.channels; c++) {
    const Vec* x = (const Vec*)value + c * pixels;
    const Vec a = splat(scale[c]), b = splat(shift[c]);
    Vec sum = {};
    for (int p = 0; p < pixels; p++) sum += relu(a * x[p] + b);
    ((Vec*)features)[c] = sum * splat(1.0f / float(pixels));
  }
}

/** `feature_gradient` is the gradient of the features already divided by the number of pixels. */
inline void head_moments(const Extent& extent, const float* value, const float* scale, const float* shift,
                         const float* mean, const float* feature_gradient, float* sums, float* products) {
  const int pixels = extent.pixels();
  for (int c = 0; c < extent.channels; c++) {
    const Vec* x = (const Vec*)value + c * pixels;
    const Vec a = splat(scale[c]), b = splat(shift[c]), m = splat(mean[c]), g = ((const Vec*)feature_gradient)[c];
    Vec sum = {}, product = {};
    for (int p = 0; p < pixels; p++) {
      const Vec gradient = where_positive(a * x[p] + b, g);
      sum += gradient;
      product += gradient * (x[p] - m);
    }
    ((Vec*)sums)[c] += sum;
    ((Vec*)products)[c] += product;
  }
}

inline void head_backward(const Extent& extent, const float* value, const float* scale, const float* shift,
                          const float* feature_gradient, const InputGradient& coefficients,
                          const std::int32_t* lane_mask, float* gradient) {
  const int pixels = extent.pixels();
  const Mask lanes = *(const Mask*)lane_mask;
  for (int c = 0; c < extent.channels; c++) {
    const Vec* x = (const Vec*)value + c * pixels;
    Vec* out = (Vec*)gradient + c * pixels;
    const Vec a = splat(scale[c]), b = splat(shift[c]), g = ((const Vec*)feature_gradient)[c];
    const Vec slope = splat(coefficients.scale[c]), curve = splat(coefficients.curve[c]);
    const Vec mean = splat(coefficients.mean[c]), offset = splat(coefficients.shift[c]);
    for (int p = 0; p < pixels; p++) {
      out[p] = keep(lanes, slope * where_positive(a * x[p] + b, g) + (curve * (x[p] - mean) + offset));
    }
  }
}

}  // namespace fear_nas::FEAR_ISA
