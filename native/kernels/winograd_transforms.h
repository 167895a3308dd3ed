// The transforms of Winograd's minimal filtering F(4x4, 3x3): 4x4 outputs of a 3x3 convolution from a 6x6 tile of the
// input by 36 multiplications a channel pair instead of 144 (Lavin and Gray, Fast Algorithms for Convolutional Neural
// Networks, 2015):
//
//     y = A^T [ (G g G^T) . (B^T d B) ] A
//
// Both gradients are transposes of it: dg = G^T [ (A dy A^T) . (B^T d B) ] G and dd = B [ (A dy A^T) . (G g G^T) ] B^T,
// so that the transformed input serves the forward pass and the weight gradient, and the transformed output gradient
// serves both gradients.
//
// The matrices interpolate polynomials at 0, p, -p, q, -q and infinity. The usual choice is p = 1, q = 2; p = sqrt(1/2),
// q = sqrt(2) has entries of more even size, which halves the rounding error, and p q = 1, which spares multiplications:
//
//     B^T = 1  0 -s  0  1  0     A^T = 1  1  1  1  1  0     G = 1     0     0
//           0 -q -Q  p  1  0           0  p -p  q -q  0         -2/3 -2p/3 -1/3
//           0  q -Q -p  1  0           0  P  P  Q  Q  0         -2/3  2p/3 -1/3
//           0 -p -P  q  1  0           0 pP -pP qQ -qQ 1         1/6  q/6   1/3
//           0  p -P -q  1  0                                     1/6 -q/6   1/3
//           0  1  0 -s  0  1                                     0     0     1
//
// with P = p^2 = 1/2, Q = q^2 = 2 and s = P + Q = 5/2. Each function here does one row of tiles of one channel;
// coefficient `i` of tile `t` is at [i * stride + t].
#pragma once

#include "channel_gradient.h"
#include "kernels.h"
#include "simd.h"

namespace fear_nas::FEAR_ISA {

/** Outputs of a tile along one axis, and the inputs they depend on. */
inline constexpr int kTile = kWinogradTile;
inline constexpr int kTileInputs = kTile + 2;

inline constexpr float kP = 0.70710678118654752f, kQ = 1.41421356237309505f;
inline constexpr float kP2 = 0.5f, kQ2 = 2.0f, kP3 = 0.35355339059327376f, kQ3 = 2.82842712474619010f, kS = 2.5f;

/** B^T d */
FEAR_INLINE void input_transform(const Vec (&d)[6], Vec (&u)[6]) {
  const Vec even_p = d[4] - kQ2 * d[2], odd_p = d[3] - kQ2 * d[1];
  const Vec even_q = d[4] - kP2 * d[2], odd_q = d[3] - kP2 * d[1];
  u[0] = (d[0] + d[4]) - kS * d[2];
  u[1] = even_p + kP * odd_p;
  u[2] = even_p - kP * odd_p;
  u[3] = even_q + kQ * odd_q;
  u[4] = even_q - kQ * odd_q;
  u[5] = (d[1] + d[5]) - kS * d[3];
}

/** A^T m */
FEAR_INLINE void output_transform(const Vec (&m)[6], Vec (&y)[4]) {
  const Vec even_p = m[1] + m[2], odd_p = m[1] - m[2], even_q = m[3] + m[4], odd_q = m[3] - m[4];
  y[0] = m[0] + even_p + even_q;
  y[1] = kP * odd_p + kQ * odd_q;
  y[2] = kP2 * even_p + kQ2 * even_q;
  y[3] = kP3 * odd_p + (kQ3 * odd_q + m[5]);
}

/** A y */
FEAR_INLINE void gradient_transform(const Vec (&y)[4], Vec (&m)[6]) {
  const Vec even_p = y[0] + kP2 * y[2], odd_p = y[1] + kP2 * y[3];
  const Vec even_q = y[0] + kQ2 * y[2], odd_q = y[1] + kQ2 * y[3];
  m[0] = y[0];
  m[1] = even_p + kP * odd_p;
  m[2] = even_p - kP * odd_p;
  m[3] = even_q + kQ * odd_q;
  m[4] = even_q - kQ * odd_q;
  m[5] = y[3];
}

/** B u */
FEAR_INLINE void input_gradient_transform(const Vec (&u)[6], Vec (&d)[6]) {
  const Vec even_p = u[1] + u[2], odd_p = u[1] - u[2], even_q = u[3] + u[4], odd_q = u[3] - u[4];
  d[0] = u[0];
  d[1] = u[5] - kQ * odd_p - kP * odd_q;
  d[2] = -kS * u[0] - kQ2 * even_p - kP2 * even_q;
  d[3] = kP * odd_p + kQ * odd_q - kS * u[5];
  d[4] = u[0] + even_p + even_q;
  d[5] = u[5];
}

/** B^T d B of `tiles` overlapping 6x6 tiles, the first of which starts at `in`. */
inline void transform_input(const Vec* in, int row_stride, int tiles, Vec* out, std::ptrdiff_t stride) {
  // Neighbouring tiles share two columns.
  Vec columns[kTile * kMaxChunkColumns + 2][6];
  for (int x = 0; x < kTile * tiles + 2; x++) {
    Vec d[6];
    FEAR_UNROLL
    for (int i = 0; i < 6; i++) d[i] = in[i * row_stride + x];
    input_transform(d, columns[x]);
  }
  for (int t = 0; t < tiles; t++) {
    FEAR_UNROLL
    for (int i = 0; i < 6; i++) {
      Vec d[6], u[6];
      FEAR_UNROLL
      for (int j = 0; j < 6; j++) d[j] = columns[kTile * t + j][i];
      input_transform(d, u);
      FEAR_UNROLL
      for (int j = 0; j < 6; j++) out[(6 * i + j) * stride + t] = u[j];
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

/** A^T m A of one tile, of which `rows` x `columns` outputs exist. */
template <bool WantMoments>
FEAR_INLINE void transform_output_tile(const Vec* m, std::ptrdiff_t stride, Vec* out, int row_stride, int rows,
                                       int columns, RowMoments& moments) {
  Vec half[6][4];
  FEAR_UNROLL
  for (int j = 0; j < 6; j++) {
    Vec column[6];
    FEAR_UNROLL
    for (int i = 0; i < 6; i++) column[i] = m[(6 * i + j) * stride];
    output_transform(column, half[j]);
  }
  FEAR_UNROLL
  for (int i = 0; i < kTile; i++) {
    Vec row[6], value[kTile];
    FEAR_UNROLL
    for (int j = 0; j < 6; j++) row[j] = half[j][i];
    output_transform(row, value);
    FEAR_UNROLL
    for (int j = 0; j < kTile; j++) {
      if (i < rows && j < columns) {
        out[i * row_stride + j] = value[j];
        if constexpr (WantMoments) moments.add(value[j]);
      }
    }
  }
}

/** A^T m A of a row of tiles, of which only the first `rows` x `columns` outputs exist. */
template <bool WantMoments>
inline void transform_output(const Vec* m, std::ptrdiff_t stride, Vec* out, int rows, int columns, int row_stride,
                             RowMoments& moments) {
  int t = 0;
  if (rows == kTile) {
    for (; kTile * (t + 1) <= columns; t++) {
      transform_output_tile<WantMoments>(m + t, stride, out + kTile * t, row_stride, kTile, kTile, moments);
    }
  }
  for (; kTile * t < columns; t++) {
    transform_output_tile<WantMoments>(m + t, stride, out + kTile * t, row_stride, rows, columns - kTile * t, moments);
  }
}

/** A dy A^T of one tile, of which `rows` x `columns` outputs exist. */
template <bool BatchNorm>
FEAR_INLINE void transform_gradient_tile(const ChannelGradient& from, int pixel, int width, int rows, int columns,
                                         Vec* out, std::ptrdiff_t stride) {
  Vec half[kTile][6];
  FEAR_UNROLL
  for (int j = 0; j < kTile; j++) {
    Vec dy[kTile];
    FEAR_UNROLL
    for (int i = 0; i < kTile; i++) {
      dy[i] = i < rows && j < columns ? from.at<BatchNorm>(pixel + i * width + j) : Vec{};
    }
    gradient_transform(dy, half[j]);
  }
  FEAR_UNROLL
  for (int i = 0; i < 6; i++) {
    Vec dy[kTile], m[6];
    FEAR_UNROLL
    for (int j = 0; j < kTile; j++) dy[j] = half[j][i];
    gradient_transform(dy, m);
    FEAR_UNROLL
    for (int j = 0; j < 6; j++) out[(6 * i + j) * stride] = m[j];
  }
}

/** A dy A^T of a row of tiles whose first output is `pixel`, of which only `rows` x `columns` outputs exist. */
template <bool BatchNorm>
inline void transform_gradient(const ChannelGradient& from, int pixel, int rows, int columns, int width, Vec* out,
                               std::ptrdiff_t stride) {
  int t = 0;
  if (rows == kTile) {
    for (; kTile * (t + 1) <= columns; t++) {
      transform_gradient_tile<BatchNorm>(from, pixel + kTile * t, width, kTile, kTile, out + t, stride);
    }
  }
  for (; kTile * t < columns; t++) {
    transform_gradient_tile<BatchNorm>(from, pixel + kTile * t, width, rows, columns - kTile * t, out + t, stride);
  }
}

/**
 * Adds B m B^T of a run of overlapping 6x6 tiles to the padded input gradient. Runs come from left to right, row after
 * row: what lies above or to the left is there already, the rest is written for the first time.
 */
template <bool FirstRow>
inline void transform_input_gradient(const Vec* m, std::ptrdiff_t stride, int tiles, bool first_column, Vec* out,
                                     int row_stride) {
  // Neighbouring tiles share two columns.
  Vec carry[6][2] = {};
  constexpr int kFresh = FirstRow ? 0 : 2;
  if (!first_column) {
    for (int i = kFresh; i < 6; i++) {
      for (int j = 0; j < 2; j++) carry[i][j] = out[i * row_stride + j];
    }
  }
  for (int t = 0; t < tiles; t++, m++, out += kTile) {
    Vec half[6][6];
    FEAR_UNROLL
    for (int j = 0; j < 6; j++) {
      Vec column[6];
      FEAR_UNROLL
      for (int i = 0; i < 6; i++) column[i] = m[(6 * i + j) * stride];
      input_gradient_transform(column, half[j]);
    }
    FEAR_UNROLL
    for (int i = 0; i < 6; i++) {
      Vec row[6], d[6];
      FEAR_UNROLL
      for (int j = 0; j < 6; j++) row[j] = half[j][i];
      input_gradient_transform(row, d);
      Vec* to = out + i * row_stride;
      FEAR_UNROLL
      for (int j = 0; j < kTile; j++) {
        const Vec value = j < 2 ? d[j] + carry[i][j] : d[j];
        to[j] = i >= kFresh ? value : to[j] + value;
      }
      carry[i][0] = d[4];
      carry[i][1] = d[5];
    }
  }
  for (int i = 0; i < 6; i++) {
    for (int j = 0; j < 2; j++) {
      Vec& to = out[i * row_stride + j];
      to = i >= kFresh ? carry[i][j] : to + carry[i][j];
    }
  }
}

}  // namespace fear_nas::FEAR_ISA
