// All kernels for one instruction set. Compiled once for each, with -DFEAR_ISA=name and the compiler's flags for it.
#include "kernels.h"

#include "batch_norm.h"
#include "correlate.h"
#include "depthwise.h"
#include "direct.h"
#include "head.h"
#include "layout.h"
#include "multiply.h"
#include "planes.h"
#include "pooling.h"
#include "winograd.h"
#include "winograd_weights.h"

#define FEAR_CONCAT_(a, b) a##b
#define FEAR_CONCAT(a, b) FEAR_CONCAT_(a, b)
#define FEAR_STRING_(a) #a
#define FEAR_STRING(a) FEAR_STRING_(a)

namespace fear_nas {

const Kernels* FEAR_CONCAT(FEAR_ISA, _kernels)() {
  using namespace FEAR_ISA;
  static const Kernels kernels = {
      .name = FEAR_STRING(FEAR_ISA),
      .lanes = kLanes,
      .channel_tile = kChannelTile,
      .correlate_rows = kCorrelateRows,
      .correlate_columns = kCorrelateColumns,
      .correlate_index = [](int i, int j) { return FEAR_ISA::correlate_index(i, j); },
      .to_lanes = FEAR_ISA::to_lanes,
      .from_lanes = FEAR_ISA::from_lanes,
      .gather = FEAR_ISA::gather,
      .scatter = FEAR_ISA::scatter,
      .winograd_pack = FEAR_ISA::winograd_pack,
      .winograd_unpack = FEAR_ISA::winograd_unpack,
      .winograd_forward = FEAR_ISA::winograd_forward,
      .winograd_backward = FEAR_ISA::winograd_backward,
      .direct_forward = FEAR_ISA::direct_forward,
      .direct_output_gradient = FEAR_ISA::direct_output_gradient,
      .direct_weight_gradient = FEAR_ISA::direct_weight_gradient,
      .direct_input_gradient = FEAR_ISA::direct_input_gradient,
      .depthwise_forward = FEAR_ISA::depthwise_forward,
      .depthwise_weight_gradient = FEAR_ISA::depthwise_weight_gradient,
      .depthwise_input_gradient = FEAR_ISA::depthwise_input_gradient,
      .combine = FEAR_ISA::combine,
      .moments = FEAR_ISA::moments,
      .gradient_moments = FEAR_ISA::gradient_moments,
      .add = FEAR_ISA::add,
      .average_pool3 = FEAR_ISA::average_pool3,
      .average_pool2 = FEAR_ISA::average_pool2,
      .average_pool2_backward = FEAR_ISA::average_pool2_backward,
      .head_forward = FEAR_ISA::head_forward,
      .head_moments = FEAR_ISA::head_moments,
      .head_backward = FEAR_ISA::head_backward,
  };
  return &kernels;
}

}  // namespace fear_nas
