// Convolutions by their taps on padded planes (see PlaneGeometry): 1x1, stride 2, and 3x3 of an image with few
// channels.
#pragma once

#include "batch_norm.h"
#include "correlate.h"
#include "multiply.h"
#include "channel_gradient.h"

namespace fear_nas::FEAR_ISA {

// A plane as wide as the output has no padding between its rows, so that runs of pixels may cross them. A run and its
// products should fit in the first-level cache.
inline constexpr int kRunPixels = 48;

/** Calls `run(first output pixel, first plane pixel, count)` for runs of pixels that are contiguous in both. */
template <typename Run>
inline void for_each_run(const Extent& output, int plane_width, Run run) {
  if (plane_width == output.width) {
    for (int p = 0; p < output.pixels(); p += kRunPixels) {
      run(p, p, output.pixels() - p < kRunPixels ? output.pixels() - p : kRunPixels);
    }
  } else {
    for (int h = 0; h < output.height; h++) run(h * output.width, h * plane_width, output.width);
  }
}

inline void direct_forward(const DirectJob& job, const float* planes, const float* weights, float* output,
                           const Moments& moments) {
  const int pixels = job.output.pixels();
  for_each_run(job.output, job.geometry.plane_width, [&](int pixel, int plane_pixel, int count) {
    Vec* out = (Vec*)output + pixel;
    const Vec* in = (const Vec*)planes + plane_pixel;
    multiply({in, job.offsets, job.terms, weights, job.output.channels, out, pixels, false}, count);
    if (moments.sums == nullptr) return;
    for (int c = 0; c < job.output.channels; c++) {
      add_moments(out + c * pixels, count, splat(moments.shift[c]), ((Vec*)moments.sums)[c],
                  ((Vec*)moments.squares)[c]);
    }
  });
}

template <bool BatchNorm>
inline void fill_output_gradient(const DirectJob& job, const InputGradient& gradient, Mask lanes, Vec* padded) {
  const Extent& extent = job.output;
  const int halo = job.halo, width = extent.width + 2 * halo, height = extent.height + 2 * halo;
  for (int c = 0; c < extent.channels; c++) {
    const ChannelGradient from(gradient, c, extent.pixels(), lanes);
    for (int h = 0; h < height; h++, padded += width) {
      if (h < halo || h >= height - halo) {
        for (int w = 0; w < width; w++) padded[w] = Vec{};
        continue;
      }
      for (int w = 0; w < halo; w++) padded[w] = padded[width - 1 - w] = Vec{};
      const int pixel = (h - halo) * extent.width;
      for (int w = 0; w < extent.width; w++) padded[halo + w] = from.at<BatchNorm>(pixel + w);
    }
  }
}

inline void direct_output_gradient(const DirectJob& job, const InputGradient& gradient, const std::int32_t* lane_mask,
                                   float* padded) {
  const auto fill = gradient.value != nullptr ? fill_output_gradient<true> : fill_output_gradient<false>;
  fill(job, gradient, *(const Mask*)lane_mask, (Vec*)padded);
}

inline void direct_weight_gradient(const DirectJob& job, const float* planes, const float* padded,
                                   const int* gradient_offsets, int columns, float* sums) {
  const int width = job.output.width + 2 * job.halo;
  const int rows = (job.terms + kCorrelateRows - 1) / kCorrelateRows * kCorrelateRows;
  for_each_run(job.output, job.geometry.plane_width, [&](int pixel, int plane_pixel, int count) {
    const int d = job.halo == 0 ? pixel : (pixel / job.output.width + job.halo) * width + job.halo;
    correlate({(const Vec*)planes + plane_pixel, job.offsets, rows, (const Vec*)padded + d, gradient_offsets, columns,
               sums},
              count);
  });
}

inline void direct_input_gradient(const DirectJob& job, const float* padded, const int* offsets, const int* terms,
                                  const float* weights, bool accumulate, float* planes) {
  const PlaneGeometry& geometry = job.geometry;
  const int channels = geometry.input.channels;
  const int tiles = (channels + kChannelTile - 1) / kChannelTile;
  const Extent plane = {channels, geometry.plane_height, geometry.plane_width};
  for (int phase = 0; phase < geometry.phases * geometry.phases; phase++) {
    Vec* out = (Vec*)planes + std::ptrdiff_t(phase) * geometry.plane_values();
    for_each_run(plane, job.output.width + 2 * job.halo, [&](int pixel, int padded_pixel, int count) {
      multiply({(const Vec*)padded + padded_pixel, offsets, terms[phase], weights, channels, out + pixel,
                plane.pixels(), accumulate},
               count);
    });
    offsets += terms[phase];
    weights += std::ptrdiff_t(terms[phase]) * tiles * kChannelTile;
  }
}

}  // namespace fear_nas::FEAR_ISA
