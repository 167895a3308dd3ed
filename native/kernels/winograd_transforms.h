// The transforms of Winograd's minimal filtering F(2x2, 3x3): 2x2 outputs of a 3x3 convolution from a 4x4 tile of the
// input by 16 multiplications a channel pair instead of 36 (Lavin and Gray, Fast Algorithms for Convolutional Neural
// Networks, 2015):
//
//     y = A^T [ (G g G^T) . (B^T d B) ] A
//
//     B^T = 1  0 -1  0     A^T = 1  1  1  0     G = 1    0    0
//           0  1  1  0           0  1 -1 -1         1/2  1/2  1/2
//           0 -1  1  0                              1/2 -1/2  1/2
//           0  1  0 -1                              0    0    1
//
// Both gradients are transposes of it: dg = G^T [ (A dy A^T) . (B^T d B) ] G and dd = B [ (A dy A^T) . (G g G^T) ] B^T,
// so that the transformed input serves the forward pass and the weight gradient, and the transformed output gradient
// serves both gradients. Each function here does one row of tiles of one channel; coefficient `i` of tile `t` is at
// [i * stride + t].
#pragma once

#include "kernels.h"
#include "simd.h"

namespace fear_nas::FEAR_ISA {

/** B^T d B of `tiles` overlapping 4x4 tiles, the first of which starts at `in`. */
inline void transform_input(const Vec* in, int row_stride, int tiles, Vec* out, std::ptrdiff_t stride) {
  const auto column = [&](const Vec* d, Vec (&result)[4]) {
    const Vec d0 = d[0], d1 = d[row_stride], d2 = d[2 * row_stride], d3 = d[3 * row_stride];
    result[0] = d0 - d2;
    result[1] = d1 + d2;
    result[2] = d2 - d1;
    result[3] = d1 - d3;
  };
  // Neighbouring tiles share two columns.
  Vec a[4], b[4];
  column(in, a);
  column(in + 1, b);
  for (int t = 0; t < tiles; t++) {
    Vec c[4], d[4];
    column(in + 2 * t + 2, c);
    column(in + 2 * t + 3, d);
    FEAR_UNROLL
    for (int i = 0; i < 4; i++) {
      Vec* to = out + 4 * i * stride + t;
      to[0] = a[i] - c[i];
      to[stride] = b[i] + c[i];
      to[2 * stride] = c[i] - b[i];
      to[3 * stride] = b[i] - d[i];
      a[i] = c[i];
      b[i] = d[i];
    }
  }
}

/** Per-channel sums of a convolution's outputs, kept in registers for a row. */
struct RowMoments {
  Vec shift, sum, square;

  FEAR_INLINE void add(Vec value) {
    const Vec centred = value - shift;
    sum += centred;
    square += centred * centred;
  }
};

/** A^T m A of one tile, of which `Rows` x `Columns` outputs exist. */
template <int Rows, int Columns, bool WantMoments>
FEAR_INLINE void transform_output_tile(const Vec* m, std::ptrdiff_t stride, Vec* out, int row_stride,
                                       RowMoments& moments) {
  Vec half[2][4];
  FEAR_UNROLL
  for (int j = 0; j < 4; j++) {
    const Vec m0 = m[j * stride], m1 = m[(4 + j) * stride];
    const Vec m2 = m[(8 + j) * stride], m3 = m[(12 + j) * stride];
    half[0][j] = m0 + m1 + m2;
    half[1][j] = m1 - m2 - m3;
  }
  FEAR_UNROLL
  for (int i = 0; i < Rows; i++) {
    const Vec* h = half[i];
    const Vec value[2] = {h[0] + h[1] + h[2], h[1] - h[2] - h[3]};
    FEAR_UNROLL
    for (int j = 0; j < Columns; j++) {
      out[i * row_stride + j] = value[j];
      if constexpr (WantMoments) moments.add(value[j]);
    }
  }
}

/** A^T m A of a row of `tiles`, of which only the first `columns` columns of outputs exist. */
template <int Rows, bool WantMoments>
inline void transform_output(const Vec* m, std::ptrdiff_t stride, Vec* out, int columns, int row_stride,
                             RowMoments& moments) {
  for (int t = 0; t < columns / 2; t++) {
    transform_output_tile<Rows, 2, WantMoments>(m + t, stride, out + 2 * t, row_stride, moments);
  }
  if (columns % 2 != 0) {
    transform_output_tile<Rows, 1, WantMoments>(m + columns / 2, stride, out + columns - 1, row_stride, moments);
  }
}

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

/** A dy A^T of one tile, of which `Rows` x `Columns` outputs exist. */
template <int Rows, int Columns, bool BatchNorm>
FEAR_INLINE void transform_gradient_tile(const ChannelGradient& from, int pixel, int width, Vec* out,
                                    std::ptrdiff_t stride) {
  Vec dy[2][2];
  FEAR_UNROLL
  for (int i = 0; i < 2; i++) {
    FEAR_UNROLL
    for (int j = 0; j < 2; j++) {
      dy[i][j] = i < Rows && j < Columns ? from.at<BatchNorm>(pixel + i * width + j) : Vec{};
    }
  }
  const Vec row[4][2] = {{dy[0][0], dy[0][1]},
                         {dy[0][0] + dy[1][0], dy[0][1] + dy[1][1]},
                         {dy[0][0] - dy[1][0], dy[0][1] - dy[1][1]},
                         {-dy[1][0], -dy[1][1]}};
  FEAR_UNROLL
  for (int i = 0; i < 4; i++) {
    Vec* to = out + 4 * i * stride;
    to[0] = row[i][0];
    to[stride] = row[i][0] + row[i][1];
    to[2 * stride] = row[i][0] - row[i][1];
    to[3 * stride] = -row[i][1];
  }
}

/** A dy A^T of a row of tiles whose first output is `pixel`, of which only `columns` columns of outputs exist. */
template <int Rows, bool BatchNorm>
inline void transform_gradient(const ChannelGradient& from, int pixel, int columns, int width, Vec* out,
                               std::ptrdiff_t stride) {
  for (int t = 0; t < columns / 2; t++) {
    transform_gradient_tile<Rows, 2, BatchNorm>(from, pixel + 2 * t, width, out + t, stride);
  }
  if (columns % 2 != 0) {
    transform_gradient_tile<Rows, 1, BatchNorm>(from, pixel + columns - 1, width, out + columns / 2, stride);
  }
}

/**
 * Adds B m B^T of a run of overlapping 4x4 tiles to the padded input gradient. Runs come from left to right, row after
 * row: what lies above or to the left is there already, the rest is written for the first time.
 */
template <bool FirstRow>
inline void transform_input_gradient(const Vec* m, std::ptrdiff_t stride, int tiles, bool first_column, Vec* out,
                                     int row_stride) {
  // Neighbouring tiles share two columns.
  Vec carry[4][2] = {};
  constexpr int kFresh = FirstRow ? 0 : 2;
  if (!first_column) {
    for (int i = kFresh; i < 4; i++) {
      for (int j = 0; j < 2; j++) carry[i][j] = out[i * row_stride + j];
    }
  }
  const auto put = [&](int column, const Vec (&left)[4][2]) {
    FEAR_UNROLL
    for (int i = 0; i < 4; i++) {
      FEAR_UNROLL
      for (int j = 0; j < 2; j++) {
        Vec& to = out[i * row_stride + column + j];
        to = i >= kFresh ? left[i][j] : to + left[i][j];
      }
    }
  };
  for (int t = 0; t < tiles; t++, m++) {
    Vec left[4][2];
    Vec half[4][4];
    FEAR_UNROLL
    for (int j = 0; j < 4; j++) {
      const Vec m0 = m[j * stride], m1 = m[(4 + j) * stride], m2 = m[(8 + j) * stride], m3 = m[(12 + j) * stride];
      half[0][j] = m0;
      half[1][j] = m1 - m2 + m3;
      half[2][j] = m1 + m2 - m0;
      half[3][j] = -m3;
    }
    FEAR_UNROLL
    for (int i = 0; i < 4; i++) {
      const Vec* h = half[i];
      left[i][0] = carry[i][0] + h[0];
      left[i][1] = carry[i][1] + (h[1] - h[2] + h[3]);
      carry[i][0] = h[1] + h[2] - h[0];
      carry[i][1] = -h[3];
    }
    put(2 * t, left);
  }
  put(2 * tiles, carry);
}

}  // namespace fear_nas::FEAR_ISA
