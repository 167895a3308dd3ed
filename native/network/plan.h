// The network as the binding hands it over: a graph with the places of its parameters in the flat vectors.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "../kernels/kernels.h"

namespace fear_nas {

enum class Operation { convolution, skip, average_pool };

struct EdgePlan {
  Operation operation;
  int from;
  int to;
  int kernel;
  int stride;
  /** Distance of the kernel's taps. */
  int dilation;
  /** Each channel has a kernel of its own. */
  bool depthwise;
  bool relu;
  bool batch_norm;
  /** Into the flat parameters: the convolution's weight, followed by gamma and beta. */
  int parameters;
  /** Into the flat running statistics. */
  int statistics;
};

struct Plan {
  int classes;
  int head;
  std::vector<Extent> nodes;
  std::vector<EdgePlan> edges;
  /** Offset of the head's gamma, beta, linear weight and bias. */
  int head_parameters;
  int head_statistics;
  int parameter_count;
  int statistics_count;

  /** Reads and checks what `encodePlan` of the binding wrote. */
  static Plan decode(const std::int32_t* data, std::size_t length);
};

/** A plan or a call that cannot be carried out; the binding turns it into an EngineError. */
struct NetworkError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** A network that is too large. The binding gives its error, as that of a std::bad_alloc, the code below. */
struct TooLarge : NetworkError {
  using NetworkError::NetworkError;
};

inline constexpr char kTooLargeCode[] = "TOO_LARGE";

}  // namespace fear_nas
