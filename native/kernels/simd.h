// Vectors of floats, one lane an image, on GCC's and Clang's vector extensions.
//
// Every header in this folder is compiled once per instruction set, each time into a namespace of its own (FEAR_ISA),
// so no symbol of one build can be linked into another. For the same reason nothing here calls the standard library:
// an inline function compiled for AVX-512 must never become the copy that an older processor runs.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__AVX__)
#include <immintrin.h>
#endif

#ifndef FEAR_ISA
#error "compile with -DFEAR_ISA=<name of the instruction set>"
#endif

// Accumulators live in registers only if the loops over them are unrolled completely.
#if defined(__clang__)
#define FEAR_UNROLL _Pragma("unroll")
#else
#define FEAR_UNROLL _Pragma("GCC unroll 32")
#endif

namespace fear_nas::FEAR_ISA {

#if defined(FEAR_LANES)
// Wider vectors than the processor's: to test, say, the paths of AVX-512 on a machine without it.
inline constexpr int kLanes = FEAR_LANES;
#elif defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(kLanes * sizeof(float)), may_alias));
typedef std::int32_t Mask __attribute__((vector_size(kLanes * sizeof(float)), may_alias));

inline Vec splat(float value) { return value - Vec{}; }

/** Keeps a loaded vector in a register where the compiler would load it again for each of its uses. */
inline void hold(Vec& value) {
#if defined(FEAR_LANES)
  (void)value;
#elif defined(__aarch64__)
  asm("" : "+w"(value));
#elif defined(__AVX512F__)
  asm("" : "+v"(value));
#elif defined(__SSE2__)
  asm("" : "+x"(value));
#else
  (void)value;
#endif
}

/** max(x, 0) that keeps NaN, so that a diverged network says so in its loss. */
inline Vec relu(Vec x) {
#if defined(__AVX__) && !defined(__AVX512F__) && !defined(FEAR_LANES)
  // The maximum instruction returns its second operand where either is NaN.
  return (Vec)_mm256_max_ps(_mm256_setzero_ps(), (__m256)x);
#else
  return x < 0.0f ? Vec{} : x;
#endif
}

/** `value` where the forward ReLU of `x` let it through, else 0. */
inline Vec where_positive(Vec x, Vec value) { return (Vec)((Mask)value & (Mask)(x > 0.0f)); }

/** `value` in the lanes whose mask is all ones, 0 elsewhere, whatever stood there. */
inline Vec keep(Mask lanes, Vec value) { return (Vec)((Mask)value & lanes); }

template <int... Index>
inline Vec shuffle(Vec a, Vec b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, Index...);
#else
  return __builtin_shuffle(a, b, Mask{Index...});
#endif
}

/** Which of the vectors given to `lane_sums` lands in lane `lane` of its result. */
constexpr int sum_order(int lane) {
  if constexpr (kLanes == 4) return lane;
  if constexpr (kLanes == 8) return lane % 4 * 2 + lane / 4;
  return lane % 4 * 4 + lane / 8 * 2 + lane / 4 % 2;
}

/** Adds the halves of every 128 bits of two vectors: (a0+a2, a1+a3, b0+b2, b1+b3). */
inline Vec add_halves(Vec a, Vec b) {
  if constexpr (kLanes == 4) {
    return shuffle<0, 1, 4, 5>(a, b) + shuffle<2, 3, 6, 7>(a, b);
  } else if constexpr (kLanes == 8) {
    return shuffle<0, 1, 8, 9, 4, 5, 12, 13>(a, b) + shuffle<2, 3, 10, 11, 6, 7, 14, 15>(a, b);
  } else {
    return shuffle<0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29>(a, b) +
           shuffle<2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31>(a, b);
  }
}

/** Adds neighbours within every 128 bits of two vectors: (a0+a1, a2+a3, b0+b1, b2+b3). */
inline Vec add_neighbours(Vec a, Vec b) {
  if constexpr (kLanes == 4) {
    return shuffle<0, 2, 4, 6>(a, b) + shuffle<1, 3, 5, 7>(a, b);
  } else if constexpr (kLanes == 8) {
    return shuffle<0, 2, 8, 10, 4, 6, 12, 14>(a, b) + shuffle<1, 3, 9, 11, 5, 7, 13, 15>(a, b);
  } else {
    return shuffle<0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30>(a, b) +
           shuffle<1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31>(a, b);
  }
}

/** Adds the 128-bit quarters or halves of two vectors crosswise, so that each keeps half of the result. */
inline Vec add_across(Vec a, Vec b, [[maybe_unused]] bool halves) {
  if constexpr (kLanes == 8) {
    return shuffle<0, 1, 2, 3, 8, 9, 10, 11>(a, b) + shuffle<4, 5, 6, 7, 12, 13, 14, 15>(a, b);
  } else if constexpr (kLanes == 16) {
    if (halves) {
      return shuffle<0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23>(a, b) +
             shuffle<8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31>(a, b);
    }
    return shuffle<0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27>(a, b) +
           shuffle<4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31>(a, b);
  } else {
    return a + b;
  }
}

/**
 * The sums over the lanes of kLanes vectors as one vector: lane `l` holds the sum of `v[sum_order(l)]`. A binary tree,
 * each level of which halves the vectors, so that kLanes sums cost as many shuffles as two or three naive ones.
 */
inline Vec lane_sums(const Vec* v) {
  if constexpr (kLanes == 4) {
    return add_neighbours(add_halves(v[0], v[1]), add_halves(v[2], v[3]));
  } else if constexpr (kLanes == 8) {
    const Vec low = add_halves(add_across(v[0], v[1], false), add_across(v[2], v[3], false));
    const Vec high = add_halves(add_across(v[4], v[5], false), add_across(v[6], v[7], false));
    return add_neighbours(low, high);
  } else {
    Vec quarter[4];
    FEAR_UNROLL
    for (int i = 0; i < 4; i++) {
      const Vec* u = v + 4 * i;
      // After the halves u[0] and u[1] share a vector, after the quarters all four do.
      quarter[i] = add_across(add_across(u[0], u[2], true), add_across(u[1], u[3], true), false);
    }
    return add_neighbours(add_halves(quarter[0], quarter[1]), add_halves(quarter[2], quarter[3]));
  }
}

}  // namespace fear_nas::FEAR_ISA
