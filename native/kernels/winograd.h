// The 3x3 convolutions of stride 1, a chunk of tiles at a time so that the transformed values stay in the cache between
// their making and their uses. All edges that read the same node share its transformed input; in the backward pass they
// also share one transform of the input gradient, whose sum is taken before it.
#pragma once

#include "correlate.h"
#include "multiply.h"
#include "winograd_transforms.h"

namespace fear_nas::FEAR_ISA {

inline constexpr int kCoefficients = kWinogradCoefficients;

/** Tiles [row, row_end) x [column, column_end) of one block, and where their coefficients lie. */
struct WinogradChunk {
  const WinogradJob& job;
  int row;
  int row_end;
  int column;
  int column_end;

  int columns() const { return column_end - column; }
  int tiles() const { return (row_end - row) * columns(); }
  /** Output columns of the chunk that exist. */
  int output_columns() const {
    const int end = kTile * column_end < job.extent.width ? kTile * column_end : job.extent.width;
    return end - kTile * column;
  }
  /** Output rows of a row of tiles that exist. */
  int output_rows(int tile_row) const {
    const int left = job.extent.height - kTile * tile_row;
    return left < kTile ? left : kTile;
  }
  /** An upper bound for the outputs between the chunk's first and last. */
  int pixels() const { return kTile * (row_end - row) * job.extent.width; }
  int pixel(int tile_row) const { return kTile * (tile_row * job.extent.width + column); }

  int padded_width() const { return kTile * job.tile_columns() + 2; }
  /** Where the chunk's part of a row of tiles begins in the padded input. */
  std::ptrdiff_t padded(int channel, int tile_row) const {
    return (std::ptrdiff_t(channel) * (kTile * job.tile_rows() + 2) + kTile * tile_row) * padded_width() +
           kTile * column;
  }

  int input_stride() const { return winograd_stride(job.extent.channels, job.chunk_tiles()); }
  Vec* input() const { return (Vec*)job.scratch; }
  Vec* output() const { return input() + kCoefficients * input_stride(); }
};

/** Calls `run(chunk)` for all chunks, row after row and from left to right. */
template <typename Run>
inline void for_each_chunk(const WinogradJob& job, Run run) {
  const auto least = [](int a, int b) { return a < b ? a : b; };
  for (int row = 0; row < job.tile_rows(); row += job.chunk_rows) {
    for (int column = 0; column < job.tile_columns(); column += job.chunk_columns) {
      run(WinogradChunk{job, row, least(row + job.chunk_rows, job.tile_rows()), column,
                        least(column + job.chunk_columns, job.tile_columns())});
    }
  }
}

inline void transform_chunk_input(const WinogradChunk& chunk) {
  const WinogradJob& job = chunk.job;
  for (int c = 0; c < job.extent.channels; c++) {
    Vec* out = chunk.input() + job.offsets[c];
    for (int row = chunk.row; row < chunk.row_end; row++, out += chunk.columns()) {
      transform_input((const Vec*)job.input + chunk.padded(c, row), chunk.padded_width(), chunk.columns(), out,
                      chunk.input_stride());
    }
  }
}

/**
 * Asks for a channel's rows before their turn: they are too short for the processor to foresee the jump to the next
 * channel's.
 */
template <bool Write = false>
inline void prefetch(const Vec* from, int count) {
  constexpr int kLine = sizeof(Vec) < 64 ? 64 / sizeof(Vec) : 1;
  for (int i = 0; i < count; i += kLine) __builtin_prefetch(from + i, Write);
}

template <bool WantMoments>
inline void transform_chunk_output(const WinogradChunk& chunk, const WinogradForwardEdge& edge, int stride) {
  const Extent& extent = chunk.job.extent;
  for (int c = 0; c < edge.channels; c++) {
    const Vec* m = chunk.output() + chunk.job.offsets[c];
    Vec* out = (Vec*)edge.output + c * extent.pixels();
    if (c + 1 < edge.channels) prefetch<true>(out + extent.pixels() + chunk.pixel(chunk.row), chunk.pixels());
    RowMoments moments = {WantMoments ? splat(edge.moments.shift[c]) : Vec{}, Vec{}, Vec{}};
    for (int row = chunk.row; row < chunk.row_end; row++, m += chunk.columns()) {
      transform_output<WantMoments>(m, stride, out + chunk.pixel(row), chunk.output_rows(row), chunk.output_columns(),
                                    extent.width, moments);
    }
    if constexpr (WantMoments) {
      ((Vec*)edge.moments.sums)[c] += moments.sum;
      ((Vec*)edge.moments.squares)[c] += moments.square;
    }
  }
}

inline void winograd_forward(const WinogradJob& job, const WinogradForwardEdge* edges, int count) {
  for_each_chunk(job, [&](const WinogradChunk& chunk) {
    transform_chunk_input(chunk);
    for (int e = 0; e < count; e++) {
      const WinogradForwardEdge& edge = edges[e];
      const int stride = winograd_stride(edge.channels, job.chunk_tiles());
      const std::ptrdiff_t weights = winograd_weight_stride(edge.channels, job.extent.channels, kChannelTile);
      for (int i = 0; i < kCoefficients; i++) {
        multiply({chunk.input() + i * chunk.input_stride(), job.offsets, job.extent.channels,
                  edge.weights + i * weights, edge.channels, chunk.output() + i * stride, job.chunk_tiles(), false},
                 chunk.tiles());
      }
      if (edge.moments.sums != nullptr) transform_chunk_output<true>(chunk, edge, stride);
      else transform_chunk_output<false>(chunk, edge, stride);
    }
  });
}

template <bool BatchNorm>
inline void transform_chunk_gradient(const WinogradChunk& chunk, const WinogradBackwardEdge& edge, int stride) {
  const Extent& extent = chunk.job.extent;
  const Mask lanes = *(const Mask*)chunk.job.lane_mask;
  for (int c = 0; c < edge.channels; c++) {
    const ChannelGradient from(edge.gradient, c, extent.pixels(), lanes);
    Vec* out = chunk.output() + chunk.job.offsets[c];
    if (c + 1 < edge.channels) {
      const int next = extent.pixels() + chunk.pixel(chunk.row);
      prefetch(from.gradient + next, chunk.pixels());
      if constexpr (BatchNorm) prefetch(from.value + next, chunk.pixels());
    }
    for (int row = chunk.row; row < chunk.row_end; row++, out += chunk.columns()) {
      transform_gradient<BatchNorm>(from, chunk.pixel(row), chunk.output_rows(row), chunk.output_columns(),
                                    extent.width, out, stride);
    }
  }
}

inline void transform_chunk_input_gradient(const WinogradChunk& chunk, const Vec* m) {
  const WinogradJob& job = chunk.job;
  for (int c = 0; c < job.extent.channels; c++) {
    const Vec* from = m + job.offsets[c];
    for (int row = chunk.row; row < chunk.row_end; row++, from += chunk.columns()) {
      const auto transform = row == 0 ? transform_input_gradient<true> : transform_input_gradient<false>;
      transform(from, chunk.input_stride(), chunk.columns(), chunk.column == 0,
                (Vec*)job.input_gradient + chunk.padded(c, row), chunk.padded_width());
    }
  }
}

inline void winograd_backward(const WinogradJob& job, const WinogradBackwardEdge* edges, int count) {
  int widest = 0;
  for (int e = 0; e < count; e++) widest = edges[e].channels > widest ? edges[e].channels : widest;
  const int channels = job.extent.channels;
  const int rows = (channels + kCorrelateRows - 1) / kCorrelateRows * kCorrelateRows;
  for_each_chunk(job, [&](const WinogradChunk& chunk) {
    transform_chunk_input(chunk);
    Vec* const input_gradient = chunk.output() + kCoefficients * winograd_stride(widest, job.chunk_tiles());
    for (int e = 0; e < count; e++) {
      const WinogradBackwardEdge& edge = edges[e];
      const int stride = winograd_stride(edge.channels, job.chunk_tiles());
      const int columns = (edge.channels + kCorrelateColumns - 1) / kCorrelateColumns * kCorrelateColumns;
      const std::ptrdiff_t weights = winograd_weight_stride(channels, edge.channels, kChannelTile);
      const std::ptrdiff_t sums = winograd_sum_stride(channels, edge.channels, kCorrelateRows, kCorrelateColumns);
      if (edge.gradient.value != nullptr) transform_chunk_gradient<true>(chunk, edge, stride);
      else transform_chunk_gradient<false>(chunk, edge, stride);
      for (int i = 0; i < kCoefficients; i++) {
        const Vec* output_gradient = chunk.output() + i * stride;
        correlate({chunk.input() + i * chunk.input_stride(), job.offsets, rows, output_gradient, job.offsets, columns,
                   edge.weight_sums + i * sums},
                  chunk.tiles());
        if (job.input_gradient == nullptr) continue;
        multiply({output_gradient, job.offsets, edge.channels, edge.weights + i * weights, channels,
                  input_gradient + i * chunk.input_stride(), job.chunk_tiles(), e > 0},
                 chunk.tiles());
      }
    }
    if (job.input_gradient != nullptr) transform_chunk_input_gradient(chunk, input_gradient);
  });
}

}  // namespace fear_nas::FEAR_ISA
