// out[c][p] (+)= sum over k of in[offsets[k] + p] * weights[k][c]
//
// The one product behind every forward convolution and every input gradient: `k` runs over (tap, input channel) of a
// direct convolution, over the input channels alone of a 1x1 convolution or of one Winograd coefficient. Pixels `p` are
// vectors of images, weights are scalars that are broadcast, so the kernel does not care about channel counts, widths
// or paddings.
#pragma once

#include "simd.h"

namespace fear_nas::FEAR_ISA {

// A tile of pixels x channels is accumulated in registers: with 16 of them 3x4 sums, 3 pixels and 1 weight; with 32
// (AVX-512, arm64) 6x4. More sums than 8 are needed to hide the latency of a fused multiply-add.
#if defined(__wasm__)
// Node leaves 15 registers and has no fused product, which takes one more: 4x2 sums, 4 pixels, 1 weight and 1 product.
inline constexpr int kChannelTile = 2;
inline constexpr int kMaxPixelTile = 4;
#elif defined(__AVX512F__) || defined(__aarch64__)
inline constexpr int kChannelTile = 4;
inline constexpr int kMaxPixelTile = 6;
#else
inline constexpr int kChannelTile = 4;
inline constexpr int kMaxPixelTile = 3;
#endif

/** Which vectors are multiplied, and where the products go. Strides and offsets count vectors. */
struct Product {
  const Vec* in;
  const int* offsets;
  int terms;
  /** `[channel tile][terms][kChannelTile]`, the last tile filled up with zeros. */
  const float* weights;
  int channels;
  Vec* out;
  std::ptrdiff_t out_stride;
  bool accumulate;
};

template <int Pixels, bool Accumulate>
inline void multiply_tile(const Vec* in, const int* offsets, int terms, const float* weights,
                          Vec* const (&out)[kChannelTile]) {
  Vec sum[kChannelTile][Pixels];
  FEAR_UNROLL
  for (int c = 0; c < kChannelTile; c++) {
    FEAR_UNROLL
    for (int p = 0; p < Pixels; p++) sum[c][p] = Accumulate ? out[c][p] : Vec{};
  }
  for (int k = 0; k < terms; k++) {
    const Vec* x = in + offsets[k];
    Vec pixel[Pixels];
    FEAR_UNROLL
    for (int p = 0; p < Pixels; p++) {
      pixel[p] = x[p];
      hold(pixel[p]);
    }
    FEAR_UNROLL
    for (int c = 0; c < kChannelTile; c++) {
      const Vec weight = splat(weights[k * kChannelTile + c]);
      FEAR_UNROLL
      for (int p = 0; p < Pixels; p++) sum[c][p] += pixel[p] * weight;
    }
  }
  FEAR_UNROLL
  for (int c = 0; c < kChannelTile; c++) {
    FEAR_UNROLL
    for (int p = 0; p < Pixels; p++) out[c][p] = sum[c][p];
  }
}

/** All channels of `Pixels` pixels from pixel `first` on. */
template <int Pixels, bool Accumulate>
inline void multiply_columns(const Product& product, int first) {
  const Vec* const in = product.in + first;
  const int* const offsets = product.offsets;
  const int terms = product.terms, channels = product.channels;
  const std::ptrdiff_t stride = product.out_stride;
  const float* weights = product.weights;
  Vec* next = product.out + first;
  // Where the channels go that fill up the last tile.
  Vec spare[Pixels];
  Vec* out[kChannelTile];
  int c = 0;
  for (; c + kChannelTile <= channels; c += kChannelTile) {
    FEAR_UNROLL
    for (int j = 0; j < kChannelTile; j++, next += stride) out[j] = next;
    multiply_tile<Pixels, Accumulate>(in, offsets, terms, weights, out);
    weights += terms * kChannelTile;
  }
  if (c == channels) return;
  for (int p = 0; p < Pixels; p++) spare[p] = Vec{};
  for (int j = 0; j < kChannelTile; j++, next += stride) out[j] = c + j < channels ? next : spare;
  multiply_tile<Pixels, Accumulate>(in, offsets, terms, weights, out);
}

template <bool Accumulate>
inline void multiply_run(const Product& product, int count) {
  // Tiles of nearly equal width: 7 = 4 + 3 keeps more sums in flight than 6 + 1.
  int tiles = (count + kMaxPixelTile - 1) / kMaxPixelTile;
  for (int first = 0; tiles > 0; tiles--) {
    const int pixels = (count - first + tiles - 1) / tiles;
    if constexpr (kMaxPixelTile > 3) {
      if (pixels == 6) multiply_columns<6, Accumulate>(product, first);
      if (pixels == 5) multiply_columns<5, Accumulate>(product, first);
      if (pixels == 4) multiply_columns<4, Accumulate>(product, first);
    }
    if (pixels == 3) multiply_columns<3, Accumulate>(product, first);
    if (pixels == 2) multiply_columns<2, Accumulate>(product, first);
    if (pixels == 1) multiply_columns<1, Accumulate>(product, first);
    first += pixels;
  }
}

/** The product for `count` neighbouring pixels. */
inline void multiply(const Product& product, int count) {
  if (product.accumulate) multiply_run<true>(product, count);
  else multiply_run<false>(product, count);
}

}  // namespace fear_nas::FEAR_ISA
