// Filters of 3x3 convolutions into the coefficients of winograd_transforms.h, and the gradient of the coefficients back
// into that of the filters. Several filters at a time lie in the lanes of vectors.
#pragma once

#include "correlate.h"
#include "multiply.h"
#include "winograd_transforms.h"

namespace fear_nas::FEAR_ISA {

/** As many filters as a multiplication takes channels at a time. */
typedef float Filters __attribute__((vector_size(kChannelTile * sizeof(float)), may_alias));

/** G g, one column. */
template <typename V>
FEAR_INLINE void filter_transform(const V (&g)[3], V (&u)[6]) {
  const V even_p = (-2.0f / 3) * g[0] - (1.0f / 3) * g[2], odd_p = (2 * kP / 3) * g[1];
  const V even_q = (1.0f / 6) * g[0] + (1.0f / 3) * g[2], odd_q = (kQ / 6) * g[1];
  u[0] = g[0];
  u[1] = even_p - odd_p;
  u[2] = even_p + odd_p;
  u[3] = even_q + odd_q;
  u[4] = even_q - odd_q;
  u[5] = g[2];
}

/** G^T u, one column. */
template <typename V>
FEAR_INLINE void filter_gradient_transform(const V (&u)[6], V (&g)[3]) {
  const V even_p = u[1] + u[2], odd_p = u[1] - u[2], even_q = u[3] + u[4], odd_q = u[3] - u[4];
  g[0] = u[0] - (2.0f / 3) * even_p + (1.0f / 6) * even_q;
  g[1] = (kQ / 6) * odd_q - (2 * kP / 3) * odd_p;
  g[2] = (1.0f / 3) * (even_q - even_p) + u[5];
}

/**
 * G g G^T of all filters, `[36][tile of rows][columns][kChannelTile rows]` with `winograd_weight_stride` between
 * coefficients. The filter of (row, column) is at weight[9 (row row_step + column column_step)]: with rows the output
 * channels for the forward pass, with rows the input channels for the input gradient. The last tile is filled up with
 * zeros.
 */
inline void winograd_pack(const float* weight, int rows, int row_step, int columns, int column_step, float* packed) {
  const std::ptrdiff_t stride = winograd_weight_stride(rows, columns, kChannelTile);
  for (int row = 0; row < rows; row += kChannelTile) {
    for (int column = 0; column < columns; column++, packed += kChannelTile) {
      alignas(sizeof(Filters)) float filters[9][kChannelTile] = {};
      for (int lane = 0; lane < kChannelTile && row + lane < rows; lane++) {
        const float* filter = weight + 9 * (std::ptrdiff_t(row + lane) * row_step + column * column_step);
        FEAR_UNROLL
        for (int t = 0; t < 9; t++) filters[t][lane] = filter[t];
      }
      Filters half[6][3];
      FEAR_UNROLL
      for (int j = 0; j < 3; j++) {
        Filters from[3], to[6];
        FEAR_UNROLL
        for (int i = 0; i < 3; i++) from[i] = *(const Filters*)filters[3 * i + j];
        filter_transform(from, to);
        FEAR_UNROLL
        for (int i = 0; i < 6; i++) half[i][j] = to[i];
      }
      FEAR_UNROLL
      for (int i = 0; i < 6; i++) {
        Filters u[6];
        filter_transform(half[i], u);
        FEAR_UNROLL
        for (int j = 0; j < 6; j++) *(Filters*)(packed + (6 * i + j) * stride) = u[j];
      }
    }
  }
}

/**
 * G^T u G of the sums that correlations left for the filters of `inputs` x `outputs` channels: the gradient of the
 * weight, [output][input][3][3].
 */
inline void winograd_unpack(const float* sums, int inputs, int outputs, float* gradient) {
  const int row_tiles = (inputs + kCorrelateRows - 1) / kCorrelateRows;
  const int column_tiles = (outputs + kCorrelateColumns - 1) / kCorrelateColumns;
  const std::ptrdiff_t stride = winograd_sum_stride(inputs, outputs, kCorrelateRows, kCorrelateColumns);
  for (int tile = 0; tile < row_tiles * column_tiles; tile++, sums += kCorrelateTile) {
    float g[9][kCorrelateTile];
    for (int v = 0; v < kCorrelateTile; v += kLanes) {
      Vec half[6][3];
      FEAR_UNROLL
      for (int j = 0; j < 6; j++) {
        Vec u[6], to[3];
        FEAR_UNROLL
        for (int i = 0; i < 6; i++) u[i] = *(const Vec*)(sums + (6 * i + j) * stride + v);
        filter_gradient_transform(u, to);
        FEAR_UNROLL
        for (int i = 0; i < 3; i++) half[j][i] = to[i];
      }
      FEAR_UNROLL
      for (int i = 0; i < 3; i++) {
        Vec u[6], to[3];
        FEAR_UNROLL
        for (int j = 0; j < 6; j++) u[j] = half[j][i];
        filter_gradient_transform(u, to);
        FEAR_UNROLL
        for (int j = 0; j < 3; j++) __builtin_memcpy(&g[3 * i + j][v], &to[j], sizeof(Vec));
      }
    }
    for (int column = 0; column < kCorrelateColumns; column++) {
      const int output = tile / row_tiles * kCorrelateColumns + column;
      for (int row = 0; row < kCorrelateRows; row++) {
        const int input = tile % row_tiles * kCorrelateRows + row;
        if (input >= inputs || output >= outputs) continue;
        float* to = gradient + 9 * (std::ptrdiff_t(output) * inputs + input);
        for (int t = 0; t < 9; t++) to[t] = g[t][correlate_index(row, column)];
      }
    }
  }
}

}  // namespace fear_nas::FEAR_ISA
