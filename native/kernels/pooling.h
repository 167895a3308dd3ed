// Average pooling and its gradients.
#pragma once

#include "kernels.h"
#include "simd.h"

namespace fear_nas::FEAR_ISA {

/** How many of the three positions around `i` lie in 0..n-1. */
inline int neighbours(int i, int n) { return 1 + (i > 0) + (i < n - 1); }

/** out = in[w - 1] + in[w] + in[w + 1], each times its `scale[w]`. */
inline void sum_neighbours(const Vec* in, int width, float outer_scale, bool by_count, Vec* out) {
  const auto scaled = [&](int w) {
    return in[w] * splat(by_count ? outer_scale / float(neighbours(w, width)) : outer_scale);
  };
  Vec left = {}, middle = scaled(0);
  for (int w = 0; w < width; w++) {
    const Vec right = w + 1 < width ? scaled(w + 1) : Vec{};
    out[w] = left + middle + right;
    left = middle;
    middle = right;
  }
}

/**
 * The mean over 3x3 leaves the padding out, so that it divides by 4, 6 or 9. Its gradient divides first and sums then;
 * both are separable.
 */
template <bool Backward, bool Accumulate>
inline void average_pool3_planes(const Extent& extent, const Vec* in, Vec* out, Vec* scratch) {
  const int height = extent.height, width = extent.width;
  for (int c = 0; c < extent.channels; c++, in += height * width, out += height * width) {
    for (int h = 0; h < height; h++) {
      const float scale = Backward ? 1.0f / float(neighbours(h, height)) : 1.0f;
      sum_neighbours(in + h * width, width, scale, Backward, scratch + h * width);
    }
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        Vec sum = scratch[h * width + w];
        if (h > 0) sum += scratch[(h - 1) * width + w];
        if (h < height - 1) sum += scratch[(h + 1) * width + w];
        if (!Backward) sum *= splat(1.0f / float(neighbours(h, height) * neighbours(w, width)));
        Vec& to = out[h * width + w];
        to = Accumulate ? to + sum : sum;
      }
    }
  }
}

inline void average_pool3(const Extent& extent, const float* input, bool backward, bool accumulate, float* output,
                          float* scratch) {
  const auto pool = !backward ? average_pool3_planes<false, false>
                    : accumulate ? average_pool3_planes<true, true>
                                 : average_pool3_planes<true, false>;
  pool(extent, (const Vec*)input, (Vec*)output, (Vec*)scratch);
}

inline void average_pool2(const Extent& extent, const float* input, float* output) {
  const int height = extent.height / 2, width = extent.width / 2;
  const Vec* in = (const Vec*)input;
  Vec* out = (Vec*)output;
  for (int c = 0; c < extent.channels; c++, in += extent.pixels()) {
    for (int h = 0; h < height; h++, out += width) {
      const Vec* top = in + 2 * h * extent.width;
      const Vec* bottom = top + extent.width;
      for (int w = 0; w < width; w++) {
        out[w] = ((top[2 * w] + top[2 * w + 1]) + (bottom[2 * w] + bottom[2 * w + 1])) * splat(0.25f);
      }
    }
  }
}

inline void average_pool2_backward(const Extent& extent, const float* gradient, bool accumulate, float* target) {
  const int height = extent.height / 2, width = extent.width / 2;
  const Vec* from = (const Vec*)gradient;
  Vec* to = (Vec*)target;
  if (!accumulate) {
    // An odd row or column at the end is read by no window.
    for (int i = 0; i < extent.values(); i++) to[i] = Vec{};
  }
  for (int c = 0; c < extent.channels; c++, to += extent.pixels()) {
    for (int h = 0; h < height; h++, from += width) {
      Vec* top = to + 2 * h * extent.width;
      Vec* bottom = top + extent.width;
      for (int w = 0; w < width; w++) {
        const Vec share = from[w] * splat(0.25f);
        top[2 * w] += share;
        top[2 * w + 1] += share;
        bottom[2 * w] += share;
        bottom[2 * w + 1] += share;
      }
    }
  }
}

}  // namespace fear_nas::FEAR_ISA
