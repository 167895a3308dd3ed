// Batch norm: sums for its statistics and its gradients, and the sum of a node's incoming edges, into which the
// normalisation is folded.
#pragma once

#include "kernels.h"
#include "simd.h"

namespace fear_nas::FEAR_ISA {

// Independent partial sums, enough to hide the latency of an addition; they also keep rounding errors small.
inline constexpr int kPartialSums = 4;

/** Adds sum(value - shift) and sum((value - shift)^2) of `count` vectors to two lanes' sums. */
inline void add_moments(const Vec* value, int count, Vec shift, Vec& sum, Vec& square) {
  Vec s[kPartialSums] = {}, q[kPartialSums] = {};
  int p = 0;
  for (; p + kPartialSums <= count; p += kPartialSums) {
    FEAR_UNROLL
    for (int i = 0; i < kPartialSums; i++) {
      const Vec centred = value[p + i] - shift;
      s[i] += centred;
      q[i] += centred * centred;
    }
  }
  for (; p < count; p++) {
    const Vec centred = value[p] - shift;
    s[0] += centred;
    q[0] += centred * centred;
  }
  sum += (s[0] + s[1]) + (s[2] + s[3]);
  square += (q[0] + q[1]) + (q[2] + q[3]);
}

inline void moments(const Extent& extent, const float* value, const Moments& moments) {
  for (int c = 0; c < extent.channels; c++) {
    add_moments((const Vec*)value + c * extent.pixels(), extent.pixels(), splat(moments.shift[c]),
                ((Vec*)moments.sums)[c], ((Vec*)moments.squares)[c]);
  }
}

/** sum(gradient) and, per output, sum(gradient (output - mean)) of one channel. */
template <int Outputs>
inline void add_gradient_moments(const Vec* gradient, const Vec* const* outputs, const Vec* means, int count, Vec& sum,
                                 Vec* const* products) {
  Vec s = {}, q[Outputs + 1] = {};
  Vec s2 = {}, q2[Outputs + 1] = {};
  int p = 0;
  for (; p + 2 <= count; p += 2) {
    const Vec g = gradient[p], g2 = gradient[p + 1];
    s += g;
    s2 += g2;
    FEAR_UNROLL
    for (int e = 0; e < Outputs; e++) {
      q[e] += g * (outputs[e][p] - means[e]);
      q2[e] += g2 * (outputs[e][p + 1] - means[e]);
    }
  }
  if (p < count) {
    s += gradient[p];
    FEAR_UNROLL
    for (int e = 0; e < Outputs; e++) q[e] += gradient[p] * (outputs[e][p] - means[e]);
  }
  sum += s + s2;
  FEAR_UNROLL
  for (int e = 0; e < Outputs; e++) *products[e] += q[e] + q2[e];
}

inline void gradient_moments(const Extent& extent, const float* gradient, const float* const* outputs,
                             const float* const* means, int count, float* sums, float* const* products) {
  const auto add = count == 1   ? add_gradient_moments<1>
                   : count == 2 ? add_gradient_moments<2>
                                : add_gradient_moments<3>;
  for (int c = 0; c < extent.channels; c++) {
    const Vec* channel[3];
    Vec mean[3];
    Vec* product[3];
    for (int e = 0; e < count; e++) {
      channel[e] = (const Vec*)outputs[e] + c * extent.pixels();
      mean[e] = splat(means[e][c]);
      product[e] = (Vec*)products[e] + c;
    }
    add((const Vec*)gradient + c * extent.pixels(), channel, mean, extent.pixels(), ((Vec*)sums)[c], product);
  }
}

template <int Terms, bool Accumulate>
inline void combine_channel(const Vec* const* terms, const Vec* scales, Vec shift, int count, Vec* out) {
  for (int p = 0; p < count; p++) {
    Vec sum = shift;
    FEAR_UNROLL
    for (int t = 0; t < Terms; t++) sum += scales[t] * terms[t][p];
    out[p] = Accumulate ? out[p] + sum : sum;
  }
}

/** The sum of up to four terms. */
template <bool Accumulate>
inline void combine_some(const Extent& extent, const float* const* terms, const float* const* scales, int count,
                         const float* shift, float* output) {
  using Combine = void (*)(const Vec* const*, const Vec*, Vec, int, Vec*);
  constexpr Combine combine[] = {combine_channel<0, Accumulate>, combine_channel<1, Accumulate>,
                                 combine_channel<2, Accumulate>, combine_channel<3, Accumulate>,
                                 combine_channel<4, Accumulate>};
  for (int c = 0; c < extent.channels; c++) {
    const Vec* channel[4];
    Vec scale[4];
    for (int t = 0; t < count; t++) {
      channel[t] = (const Vec*)terms[t] + c * extent.pixels();
      scale[t] = splat(scales[t] != nullptr ? scales[t][c] : 1.0f);
    }
    combine[count](channel, scale, shift != nullptr ? splat(shift[c]) : Vec{}, extent.pixels(),
                   (Vec*)output + c * extent.pixels());
  }
}

inline void combine(const Extent& extent, const float* const* terms, const float* const* scales, int count,
                    const float* shift, float* output) {
  combine_some<false>(extent, terms, scales, count < 4 ? count : 4, shift, output);
  for (int t = 4; t < count; t += 4) {
    combine_some<true>(extent, terms + t, scales + t, count - t < 4 ? count - t : 4, nullptr, output);
  }
}

inline void add(std::size_t values, const float* source, bool accumulate, float* target) {
  const Vec* from = (const Vec*)source;
  Vec* to = (Vec*)target;
  for (std::size_t i = 0; i < values; i++) to[i] = accumulate ? to[i] + from[i] : from[i];
}

}  // namespace fear_nas::FEAR_ISA
