// sums[i][j] += sum over pixels p and images of x[x_offsets[i] + p] * d[d_offsets[j] + p]
//
// The one product behind every weight gradient: `i` runs over (tap, input channel) or input channels, `j` over output
// channels. The lanes are summed at once, in registers: accumulators that keep their lanes would be kLanes times
// larger, fall out of the cache for 16 channels and more, and round worse.
#pragma once

#include "simd.h"

namespace fear_nas::FEAR_ISA {

// Rows x columns of a tile are a multiple of kLanes, so that whole vectors of sums come out.
inline constexpr int kCorrelateRows = 4;
inline constexpr int kCorrelateColumns = kLanes == 16 ? 4 : 2;
inline constexpr int kCorrelateTile = kCorrelateRows * kCorrelateColumns;
static_assert(kCorrelateTile % kLanes == 0);

/** Offsets count vectors; their numbers are multiples of the tile (repeat one, and ignore its sums, to fill up). */
struct Correlation {
  const Vec* x;
  const int* x_offsets;
  int rows;
  const Vec* d;
  const int* d_offsets;
  int columns;
  /** `[column tile][row tile][kCorrelateTile]`; element (i, j) of a tile is at `correlate_index(i, j)`. */
  float* sums;
};

/** Where a tile keeps the sum of its row `i` and column `j`. */
constexpr int correlate_index(int i, int j) {
  const int vector = i * kCorrelateColumns + j;
  for (int lane = 0; lane < kLanes; lane++) {
    if (sum_order(lane) == vector % kLanes) return vector / kLanes * kLanes + lane;
  }
  return -1;
}

inline void correlate_tile(const Vec* x, const int* x_offsets, const Vec* d, const int* d_offsets, int count,
                           float* sums) {
  Vec sum[kCorrelateTile] = {};
  const Vec* row[kCorrelateRows];
  const Vec* column[kCorrelateColumns];
  FEAR_UNROLL
  for (int i = 0; i < kCorrelateRows; i++) row[i] = x + x_offsets[i];
  FEAR_UNROLL
  for (int j = 0; j < kCorrelateColumns; j++) column[j] = d + d_offsets[j];
  for (int p = 0; p < count; p++) {
    Vec right[kCorrelateColumns];
    FEAR_UNROLL
    for (int j = 0; j < kCorrelateColumns; j++) right[j] = column[j][p];
    FEAR_UNROLL
    for (int i = 0; i < kCorrelateRows; i++) {
      Vec left = row[i][p];
      hold(left);
      FEAR_UNROLL
      for (int j = 0; j < kCorrelateColumns; j++) sum[i * kCorrelateColumns + j] += left * right[j];
    }
  }
  FEAR_UNROLL
  for (int v = 0; v < kCorrelateTile; v += kLanes) *(Vec*)(sums + v) += lane_sums(sum + v);
}

/** The correlation over `count` neighbouring pixels. */
inline void correlate(const Correlation& correlation, int count) {
  float* sums = correlation.sums;
  for (int j = 0; j < correlation.columns; j += kCorrelateColumns) {
    for (int i = 0; i < correlation.rows; i += kCorrelateRows) {
      correlate_tile(correlation.x, correlation.x_offsets + i, correlation.d, correlation.d_offsets + j, count, sums);
      sums += kCorrelateTile;
    }
  }
}

}  // namespace fear_nas::FEAR_ISA
