// The gradient that a convolution's output receives through its batch norm, one channel at a time.
#pragma once

#include "kernels.h"
#include "simd.h"

namespace fear_nas::FEAR_ISA {

/** The coefficients of an `InputGradient` for one channel. */
struct ChannelGradient {
  const Vec* gradient;
  const Vec* value;
  Vec scale, curve, mean, shift;
  Mask lanes;

  ChannelGradient(const InputGradient& from, int channel, int pixels, Mask lane_mask)
      : gradient((const Vec*)from.gradient + channel * pixels), value(nullptr), lanes(lane_mask) {
    if (from.value == nullptr) return;
    value = (const Vec*)from.value + channel * pixels;
    scale = splat(from.scale[channel]);
    curve = splat(from.curve[channel]);
    mean = splat(from.mean[channel]);
    shift = splat(from.shift[channel]);
  }

  /** Lanes without an image get zero, so that they add nothing to any gradient. */
  template <bool BatchNorm>
  FEAR_INLINE Vec at(int pixel) const {
    if constexpr (!BatchNorm) return keep(lanes, gradient[pixel]);
    return keep(lanes, scale * gradient[pixel] + (curve * (value[pixel] - mean) + shift));
  }
};

}  // namespace fear_nas::FEAR_ISA
