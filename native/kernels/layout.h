// Between the caller's images, [count][values], and blocks of them, [values][lanes].
#pragma once

#include "simd.h"

namespace fear_nas::FEAR_ISA {

inline void to_lanes(const float* images, int count, int values, float* block) {
  const float* image[kLanes];
  // Lanes to spare repeat the last image: they then behave like any other, and sums over lanes skip them.
  for (int lane = 0; lane < kLanes; lane++) {
    image[lane] = images + std::ptrdiff_t(lane < count ? lane : count - 1) * values;
  }
  for (int v = 0; v < values; v++) {
    FEAR_UNROLL
    for (int lane = 0; lane < kLanes; lane++) block[v * kLanes + lane] = image[lane][v];
  }
}

inline void from_lanes(const float* block, int count, int values, float* images) {
  for (int lane = 0; lane < count; lane++) {
    float* image = images + std::ptrdiff_t(lane) * values;
    for (int v = 0; v < values; v++) image[v] = block[v * kLanes + lane];
  }
}

}  // namespace fear_nas::FEAR_ISA
