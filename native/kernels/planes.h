// Padding a feature map for convolutions, and the way back for its gradient (see PlaneGeometry).
#pragma once

#include "kernels.h"
#include "simd.h"

namespace fear_nas::FEAR_ISA {

/** One row of a plane: the inputs at `first`, `first + Stride`, ... of a row of `width`, 0 outside of it. */
template <int Stride, bool Rectify>
inline void gather_row(const Vec* row, int first, int width, int plane_width, Vec* out) {
  int i = 0;
  for (; i < plane_width && first + Stride * i < 0; i++) out[i] = Vec{};
  for (; i < plane_width && first + Stride * i < width; i++) {
    const Vec value = row[first + Stride * i];
    out[i] = Rectify ? relu(value) : value;
  }
  for (; i < plane_width; i++) out[i] = Vec{};
}

template <int Stride, bool Rectify>
inline void gather_planes(const PlaneGeometry& geometry, const Vec* value, Vec* out) {
  const Extent& extent = geometry.input;
  for (int a = 0; a < geometry.phases; a++) {
    for (int b = 0; b < geometry.phases; b++) {
      for (int c = 0; c < extent.channels; c++) {
        for (int i = 0; i < geometry.plane_height; i++, out += geometry.plane_width) {
          const int row = Stride * i + a - geometry.padding;
          if (row < 0 || row >= extent.height) {
            for (int j = 0; j < geometry.plane_width; j++) out[j] = Vec{};
          } else {
            gather_row<Stride, Rectify>(value + c * extent.pixels() + row * extent.width, b - geometry.padding,
                                        extent.width, geometry.plane_width, out);
          }
        }
      }
    }
  }
}

inline void gather(const PlaneGeometry& geometry, const float* value, bool rectify, float* planes) {
  const auto fill = geometry.stride == 1 ? (rectify ? gather_planes<1, true> : gather_planes<1, false>)
                                         : (rectify ? gather_planes<2, true> : gather_planes<2, false>);
  fill(geometry, (const Vec*)value, (Vec*)planes);
}

/** The gradients of one input row, every `Stride`-th of which, from `first` on, is in `plane`. */
template <int Stride, bool Rectify, bool Accumulate>
inline void scatter_row(const Vec* plane, const Vec* value, int first, int width, Vec* gradient) {
  for (int w = first; w < width; w += Stride, plane++) {
    const Vec from = Rectify ? where_positive(value[w], *plane) : *plane;
    gradient[w] = Accumulate ? gradient[w] + from : from;
  }
}

template <int Stride, bool Rectify, bool Accumulate>
inline void scatter_planes(const PlaneGeometry& geometry, const Vec* planes, const Vec* value, Vec* gradient) {
  const Extent& extent = geometry.input;
  const int plane = geometry.plane_height * geometry.plane_width;
  for (int c = 0; c < extent.channels; c++) {
    for (int h = 0; h < extent.height; h++, value += extent.width, gradient += extent.width) {
      const int row = h + geometry.padding;
      for (int w = 0; w < Stride; w++) {
        const int a = row % Stride, b = (w + geometry.padding) % Stride;
        if (a < geometry.phases && b < geometry.phases) {
          const Vec* from = planes + std::ptrdiff_t(a * geometry.phases + b) * extent.channels * plane + c * plane +
                            row / Stride * geometry.plane_width + (w + geometry.padding) / Stride;
          scatter_row<Stride, Rectify, Accumulate>(from, value, w, extent.width, gradient);
        } else if (!Accumulate) {
          // A 1x1 kernel with stride 2 does not read these.
          for (int i = w; i < extent.width; i += Stride) gradient[i] = Vec{};
        }
      }
    }
  }
}

template <int Stride>
inline void scatter_stride(const PlaneGeometry& geometry, const float* planes, const float* value, bool rectify,
                           bool accumulate, float* gradient) {
  const auto spread =
      rectify ? (accumulate ? scatter_planes<Stride, true, true> : scatter_planes<Stride, true, false>)
              : (accumulate ? scatter_planes<Stride, false, true> : scatter_planes<Stride, false, false>);
  spread(geometry, (const Vec*)planes, (const Vec*)value, (Vec*)gradient);
}

inline void scatter(const PlaneGeometry& geometry, const float* planes, const float* value, bool rectify,
                    bool accumulate, float* gradient) {
  const auto spread = geometry.stride == 1 ? scatter_stride<1> : scatter_stride<2>;
  spread(geometry, planes, value, rectify, accumulate, gradient);
}

}  // namespace fear_nas::FEAR_ISA
