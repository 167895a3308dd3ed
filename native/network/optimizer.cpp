#include <algorithm>
#include <cmath>
#include <cstring>

#include "network.h"

namespace fear_nas {

/** One step of SGD on everything above the cut: clip, then decay, then momentum. */
void Network::update(const StepOptions& options) {
  const auto span = timers_.span(Phase::weights);
  const std::size_t first = first_trainable();
  const std::size_t count = state_.parameters.size() - first;
  make_momentum();
  float* parameters = state_.parameters.data() + first;
  const float* gradients = state_.gradients.data() + first;
  float* velocity = state_.momentum.data();

  float clip = 1;
  if (options.clip_norm < HUGE_VAL) {
    double square = 0;
    for (std::size_t i = 0; i < count; i++) square += double(gradients[i]) * gradients[i];
    // As PyTorch's clip_grad_norm_. A norm that is not a number makes every weight so: divergence shows.
    const double scale = options.clip_norm / (std::sqrt(square) + 1e-6);
    if (!(scale >= 1)) clip = float(scale);
  }
  const float rate = float(options.learning_rate), momentum = float(options.momentum);
  const float decay = float(options.weight_decay);
  for (std::size_t i = 0; i < count; i++) {
    const float gradient = clip * gradients[i] + decay * parameters[i];
    velocity[i] = momentum * velocity[i] + gradient;
    parameters[i] -= rate * (options.nesterov ? gradient + momentum * velocity[i] : velocity[i]);
  }
  for (Edge& edge : edges_) {
    if (edge.plan.to > trunk_.cut) edge.packed = false;
  }
}

void Network::get_momentum(float* momentum) const {
  const std::size_t first = state_.parameters.size() - state_.momentum.size();
  std::fill_n(momentum, first, 0.0f);
  if (!state_.momentum.empty()) std::memcpy(momentum + first, state_.momentum.data(), state_.momentum.size() * sizeof(float));
}

void Network::set_momentum(const float* momentum) {
  make_momentum();
  std::memcpy(state_.momentum.data(), momentum + first_trainable(), state_.momentum.size() * sizeof(float));
}

/** Zeros for everything above the cut, unless they are there already. */
void Network::make_momentum() {
  const std::size_t count = state_.parameters.size() - first_trainable();
  if (state_.momentum.size() != count) state_.momentum.reset(count);
}

/** Parameters lie in the order of edges, edges in that of their targets: those of a trunk come first. */
std::size_t Network::first_trainable() const {
  for (const Edge& edge : edges_) {
    if (edge.convolution && edge.plan.to > trunk_.cut) return edge.plan.parameters;
  }
  return plan_.head_parameters;
}

}  // namespace fear_nas
