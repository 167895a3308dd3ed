// Where the time of a network goes, for benchmarks.
#pragma once

#include <array>
#include <chrono>

namespace fear_nas {

enum class Phase { input, gather, convolve, combine, backward, scatter, statistics, pooling, head, weights, count };

inline constexpr const char* kPhaseNames[] = {"input",   "gather",     "convolve", "combine", "backward",
                                              "scatter", "statistics", "pooling",  "head",    "weights"};

class PhaseTimers {
 public:
  /** Adds the time until its end to a phase. A reading takes some 25 ns, a block's kernel a thousand times that. */
  class Span {
   public:
    Span(PhaseTimers& timers, Phase phase) : seconds_(timers.seconds_[int(phase)]), start_(Clock::now()) {}
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;
    ~Span() { seconds_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

   private:
    using Clock = std::chrono::steady_clock;
    double& seconds_;
    Clock::time_point start_;
  };

  Span span(Phase phase) { return Span(*this, phase); }
  double seconds(Phase phase) const { return seconds_[int(phase)]; }

 private:
  std::array<double, int(Phase::count)> seconds_ = {};
};

}  // namespace fear_nas
