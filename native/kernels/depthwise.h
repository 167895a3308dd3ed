// Depthwise convolutions, each channel with a kernel of its own, by their taps on padded planes (see PlaneGeometry).
#pragma once

#include "batch_norm.h"
#include "channel_gradient.h"
#include "direct.h"

namespace fear_nas::FEAR_ISA {

/** The products of one channel at `count` neighbouring pixels. */
template <typename Position>
inline Vec tap_product(const Vec* from, const DepthwiseTap* taps, const float* weights, int count, Position position) {
  Vec sum = {};
  for (int t = 0; t < count; t++) sum += from[position(taps[t])] * splat(weights[t]);
  return sum;
}

inline void depthwise_forward(const DepthwiseJob& job, const float* planes, const float* weights, float* output,
                              const Moments& moments) {
  const int pixels = job.output.pixels(), plane = job.geometry.plane_height * job.geometry.plane_width;
  for (int c = 0; c < job.output.channels; c++, weights += job.count) {
    for_each_run(job.output, job.geometry.plane_width, [&](int pixel, int plane_pixel, int count) {
      Vec* out = (Vec*)output + c * pixels + pixel;
      const Vec* in = (const Vec*)planes + c * plane + plane_pixel;
      for (int p = 0; p < count; p++) {
        out[p] = tap_product(in + p, job.taps, weights, job.count, [](const DepthwiseTap& tap) { return tap.input; });
      }
      if (moments.sums == nullptr) return;
      add_moments(out, count, splat(moments.shift[c]), ((Vec*)moments.sums)[c], ((Vec*)moments.squares)[c]);
    });
  }
}

inline void depthwise_weight_gradient(const DepthwiseJob& job, const float* planes, const float* padded, float* sums) {
  const int plane = job.geometry.plane_height * job.geometry.plane_width;
  const int width = job.output.width + 2 * job.halo, height = job.output.height + 2 * job.halo;
  for (int c = 0; c < job.output.channels; c++) {
    const Vec* gradient = (const Vec*)padded + (c * height + job.halo) * width + job.halo;
    for (int t = 0; t < job.count; t++, sums++) {
      const Vec* in = (const Vec*)planes + c * plane + job.taps[t].input;
      Vec sum = {};
      for (int h = 0; h < job.output.height; h++) {
        const Vec* left = in + h * job.geometry.plane_width;
        const Vec* right = gradient + h * width;
        for (int w = 0; w < job.output.width; w++) sum += left[w] * right[w];
      }
      for (int lane = 0; lane < kLanes; lane++) *sums += sum[lane];
    }
  }
}

inline void depthwise_input_gradient(const DepthwiseJob& job, const float* padded, const float* weights,
                                     bool accumulate, float* planes) {
  const PlaneGeometry& geometry = job.geometry;
  const int width = job.output.width + 2 * job.halo, height = job.output.height + 2 * job.halo;
  Vec* out = (Vec*)planes;
  const DepthwiseTap* taps = job.taps;
  for (int phase = 0; phase < geometry.phases * geometry.phases; phase++) {
    int count = 0;
    while (taps + count < job.taps + job.count && taps[count].phase == phase) count++;
    const float* weight = weights + (taps - job.taps);
    for (int c = 0; c < geometry.input.channels; c++, weight += job.count) {
      for (int h = 0; h < geometry.plane_height; h++, out += geometry.plane_width) {
        const Vec* from = (const Vec*)padded + (c * height + h) * width;
        for (int w = 0; w < geometry.plane_width; w++) {
          const Vec sum =
              tap_product(from + w, taps, weight, count, [](const DepthwiseTap& tap) { return tap.gradient; });
          out[w] = accumulate ? out[w] + sum : sum;
        }
      }
    }
    taps += count;
  }
}

}  // namespace fear_nas::FEAR_ISA
