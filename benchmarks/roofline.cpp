/*
 * What one core of this machine can do at most: float32 fused multiply-adds a second by vector width, and bytes a second
 * read, written and copied in each level of memory. Prints JSON. Compiled and run by benchmarks/roofline.mjs.
 *
 * Bytes are those the program asks for: a store that first fetches its line (write-allocate) moves more.
 */
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/** The best of some runs of `work`, in seconds: a peak is what the machine does undisturbed. */
template <typename Work>
double leastSeconds(Work work, double budget) {
    double least = 1e9;
    const double end = now() + budget;
    do {
        const double start = now();
        work();
        least = std::min(least, now() - start);
    } while (now() < end);
    return least;
}

template <int bytes>
struct Vector;
template <>
struct Vector<64> {
    typedef float type __attribute__((vector_size(64)));
};
template <>
struct Vector<32> {
    typedef float type __attribute__((vector_size(32)));
};
template <>
struct Vector<16> {
    typedef float type __attribute__((vector_size(16)));
};

#if defined(__AVX512F__)
constexpr int widest = 64;
#elif defined(__AVX__)
constexpr int widest = 32;
#else
constexpr int widest = 16;
#endif

/** Keeps the compiler from leaving out work whose result is not read. */
template <typename T>
void keep(T& value) {
    asm volatile("" : : "r"(&value) : "memory");
}

/** 10^9 FLOPs a second of chains of fused multiply-adds, enough of them to hide the latency of four or five cycles. */
template <int bytes>
double peakGflops() {
    using V = typename Vector<bytes>::type;
    constexpr int chains = 10;
    constexpr long rounds = 1000000;
    constexpr int lanes = bytes / int(sizeof(float));
    const double seconds = leastSeconds(
        [] {
            V sums[chains];
            V factor = V{} + 0.999999f, addend = V{} + 1e-7f;
            keep(factor);
            keep(addend);
            for (int i = 0; i < chains; ++i) sums[i] = V{} + float(i);
            for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 10
                for (int i = 0; i < chains; ++i) sums[i] = sums[i] * factor + addend;
            }
            keep(sums);
        },
        0.3);
    return 2.0 * lanes * chains * rounds / seconds / 1e9;
}

using Wide = Vector<widest>::type;

struct Bandwidth {
    double read, write, copy;
};

/** 10^9 bytes a second over `bytes` of memory; a copy counts what it reads and what it writes, `bytes` in all. */
Bandwidth bandwidthOf(size_t bytes, Wide* memory) {
    const size_t count = bytes / sizeof(Wide) / 16 * 16;
    const int passes = std::max<int>(1, int((size_t(1) << 24) / bytes));
    const double moved = double(passes) * double(count) * sizeof(Wide);
    const double budget = 0.3;
    const double read = leastSeconds(
        [&] {
            for (int pass = 0; pass < passes; ++pass) {
                Wide sums[8] = {};
                for (size_t i = 0; i < count; i += 8) {
#pragma GCC unroll 8
                    for (int k = 0; k < 8; ++k) sums[k] += memory[i + k];
                }
                keep(sums);
            }
        },
        budget);
    const double write = leastSeconds(
        [&] {
            for (int pass = 0; pass < passes; ++pass) {
                Wide value = Wide{} + float(pass);
                keep(value);
                for (size_t i = 0; i < count; i += 8) {
#pragma GCC unroll 8
                    for (int k = 0; k < 8; ++k) memory[i + k] = value;
                    // Without it this becomes a call of memset.
                    asm volatile("" : : : "memory");
                }
            }
        },
        budget);
    const double copy = leastSeconds(
        [&] {
            const size_t half = count / 2;
            for (int pass = 0; pass < passes; ++pass) {
                for (size_t i = 0; i < half; i += 8) {
#pragma GCC unroll 8
                    for (int k = 0; k < 8; ++k) memory[half + i + k] = memory[i + k];
                    asm volatile("" : : : "memory");
                }
            }
        },
        budget);
    return {moved / read / 1e9, moved / write / 1e9, moved / copy / 1e9};
}

}  // namespace

/** Arguments: NAME=BYTES for each level of memory. */
int main(int argumentCount, char** arguments) {
    std::printf("{\"peakGflops\":{");
    if constexpr (widest >= 64) std::printf("\"512\":%.1f,", peakGflops<64>());
    if constexpr (widest >= 32) std::printf("\"256\":%.1f,", peakGflops<32>());
    std::printf("\"128\":%.1f},\"bandwidth\":{", peakGflops<16>());
    size_t largest = 0;
    std::vector<std::pair<const char*, size_t>> levels;
    for (int i = 1; i < argumentCount; ++i) {
        char* equals = arguments[i];
        while (*equals != '\0' && *equals != '=') ++equals;
        if (*equals == '\0') return 2;
        *equals = '\0';
        levels.emplace_back(arguments[i], std::strtoull(equals + 1, nullptr, 10));
        largest = std::max(largest, levels.back().second);
    }
    auto* memory = static_cast<Wide*>(std::aligned_alloc(4096, (largest + 4095) / 4096 * 4096));
    if (memory == nullptr) return 1;
    std::fill(memory, memory + largest / sizeof(Wide), Wide{} + 1.0f);
    const char* separator = "";
    for (const auto& [name, bytes] : levels) {
        const auto [read, write, copy] = bandwidthOf(bytes, memory);
        std::printf("%s\"%s\":{\"bytes\":%zu,\"read\":%.1f,\"write\":%.1f,\"copy\":%.1f}", separator, name, bytes, read,
                    write, copy);
        separator = ",";
    }
    std::printf("}}\n");
    std::free(memory);
    return 0;
}
