#include "convolution.h"

namespace fear_nas {
namespace {

int round_up(int value, int step) { return (value + step - 1) / step * step; }

/** Vectors of a phase's plane beyond the output, along one axis. */
int halo_of(const EdgePlan& edge) { return edge.dilation * (edge.kernel - 1) / edge.stride; }

}  // namespace

bool uses_winograd(const Plan& plan, const EdgePlan& edge) {
  // The transforms of the output pay only if there are several input channels to share them; images have few.
  const bool few_channels = edge.from == 0 && plan.nodes[edge.from].channels <= 4;
  const bool is_plain = edge.operation == Operation::convolution && !edge.depthwise;
  return is_plain && edge.kernel == 3 && edge.stride == 1 && !few_channels;
}

PlaneGeometry plane_geometry(const Plan& plan, const EdgePlan& edge) {
  const Extent& input = plan.nodes[edge.from];
  const Extent& output = plan.nodes[edge.to];
  if (uses_winograd(plan, edge)) {
    // Whole tiles.
    return {input, 1, 1, 1, round_up(output.height, kWinogradTile) + 2, round_up(output.width, kWinogradTile) + 2};
  }
  const int halo = halo_of(edge);
  const int phases = edge.kernel == 1 ? 1 : edge.stride;
  return {input, edge.stride, edge.dilation * (edge.kernel / 2), phases, output.height + halo, output.width + halo};
}

Convolution::Convolution(std::size_t& memory, const Kernels& kernels, const Plan& plan, const EdgePlan& edge)
    : kernels_(kernels),
      winograd_(uses_winograd(plan, edge)),
      depthwise_(edge.depthwise),
      kernel_(edge.kernel),
      dilation_(edge.dilation),
      input_channels_(plan.nodes[edge.from].channels),
      output_channels_(plan.nodes[edge.to].channels),
      job_{plane_geometry(plan, edge), nullptr, 0, plan.nodes[edge.to], halo_of(edge)},
      depthwise_job_{job_.geometry, nullptr, 0, job_.output, job_.halo},
      forward_weights_(memory),
      backward_weights_(memory),
      weight_sums_(memory) {
  const int tile = kernels.channel_tile, rows = kernels.correlate_rows, columns = kernels.correlate_columns;
  if (winograd_) {
    const std::size_t coefficients = kWinogradCoefficients;
    forward_weights_.reset(coefficients * winograd_weight_stride(output_channels_, input_channels_, tile));
    backward_weights_.reset(coefficients * winograd_weight_stride(input_channels_, output_channels_, tile));
    weight_sums_.reset(coefficients * winograd_sum_stride(input_channels_, output_channels_, rows, columns));
  } else if (depthwise_) {
    forward_weights_.reset(weight_count());
    weight_sums_.reset(weight_count());
    build_depthwise();
  } else {
    const std::size_t taps = kernel_ * kernel_;
    forward_weights_.reset(taps * input_channels_ * round_up(output_channels_, tile));
    backward_weights_.reset(taps * output_channels_ * round_up(input_channels_, tile));
    weight_sums_.reset(std::size_t(round_up(int(taps) * input_channels_, rows)) * round_up(output_channels_, columns));
    build_offsets();
  }
}

int Convolution::padded_gradient_values() const {
  return output_channels_ * (job_.output.height + 2 * job_.halo) * (job_.output.width + 2 * job_.halo);
}

std::vector<Convolution::Tap> Convolution::taps() const {
  const int phases = job_.geometry.phases;
  std::vector<Tap> taps;
  for (int phase = 0; phase < phases * phases; phase++) {
    for (int row = 0; row < kernel_; row++) {
      for (int column = 0; column < kernel_; column++) {
        const int down = dilation_ * row, right = dilation_ * column;
        if (down % phases * phases + right % phases != phase) continue;
        taps.push_back({row, column, phase, down / phases, right / phases});
      }
    }
  }
  return taps;
}

void Convolution::build_offsets() {
  const PlaneGeometry& geometry = job_.geometry;
  const int plane = geometry.plane_height * geometry.plane_width;
  const int gradient_width = job_.output.width + 2 * job_.halo;
  const int gradient_plane = padded_gradient_values() / output_channels_;
  backward_terms_.assign(geometry.phases * geometry.phases, 0);
  for (const Tap& tap : taps()) {
    const int row = tap.plane_row, column = tap.plane_column;
    for (int c = 0; c < input_channels_; c++) {
      forward_offsets_.push_back((tap.phase * input_channels_ + c) * plane + row * geometry.plane_width + column);
    }
    for (int c = 0; c < output_channels_; c++) {
      backward_offsets_.push_back(c * gradient_plane + (job_.halo - row) * gradient_width + job_.halo - column);
    }
    backward_terms_[tap.phase] += output_channels_;
  }
  job_.terms = int(forward_offsets_.size());
  for (int c = 0; c < output_channels_; c++) gradient_offsets_.push_back(c * gradient_plane);
  // A correlation works on whole tiles; sums of the repeated entries are ignored.
  while (forward_offsets_.size() % kernels_.correlate_rows != 0) forward_offsets_.push_back(forward_offsets_.back());
  while (gradient_offsets_.size() % kernels_.correlate_columns != 0) {
    gradient_offsets_.push_back(gradient_offsets_.back());
  }
  job_.offsets = forward_offsets_.data();
}

void Convolution::build_depthwise() {
  const PlaneGeometry& geometry = job_.geometry;
  const int gradient_width = job_.output.width + 2 * job_.halo;
  for (const Tap& tap : taps()) {
    depthwise_taps_.push_back({tap.phase * geometry.plane_values() + tap.plane_row * geometry.plane_width +
                                   tap.plane_column,
                               (job_.halo - tap.plane_row) * gradient_width + job_.halo - tap.plane_column, tap.phase});
  }
  depthwise_job_.taps = depthwise_taps_.data();
  depthwise_job_.count = int(depthwise_taps_.size());
}

void Convolution::pack(const float* weight) {
  if (depthwise_) {
    int term = 0;
    for (const Tap& tap : taps()) {
      for (int c = 0; c < output_channels_; c++) {
        forward_weights_[c * kernel_ * kernel_ + term] = weight[(c * kernel_ + tap.row) * kernel_ + tap.column];
      }
      term++;
    }
    return;
  }
  if (!winograd_) {
    pack_direct(weight);
    return;
  }
  kernels_.winograd_pack(weight, output_channels_, input_channels_, input_channels_, 1, forward_weights_.data());
  kernels_.winograd_pack(weight, input_channels_, 1, output_channels_, input_channels_, backward_weights_.data());
}

void Convolution::pack_direct(const float* weight) {
  const int tile = kernels_.channel_tile;
  const std::vector<Tap> order = taps();
  const int inputs = round_up(input_channels_, tile);
  std::size_t phase_start = 0;
  int term = 0, phase = 0, phase_term = 0;
  for (const Tap& tap : order) {
    if (tap.phase != phase) {
      phase_start += std::size_t(backward_terms_[phase]) * inputs;
      phase = tap.phase;
      phase_term = 0;
    }
    for (int o = 0; o < output_channels_; o++) {
      for (int i = 0; i < input_channels_; i++) {
        const float w = weight[((o * input_channels_ + i) * kernel_ + tap.row) * kernel_ + tap.column];
        forward_weights_[std::size_t(o / tile * job_.terms + term + i) * tile + o % tile] = w;
        backward_weights_[phase_start + std::size_t(i / tile * backward_terms_[phase] + phase_term + o) * tile +
                          i % tile] = w;
      }
    }
    term += input_channels_;
    phase_term += output_channels_;
  }
}

void Convolution::start_weight_gradient() { weight_sums_.clear(); }

void Convolution::finish_weight_gradient(float* gradient) const {
  if (winograd_) kernels_.winograd_unpack(weight_sums_.data(), input_channels_, output_channels_, gradient);
  else if (depthwise_) finish_depthwise_gradient(gradient);
  else finish_direct_gradient(gradient);
}

void Convolution::finish_depthwise_gradient(float* gradient) const {
  int term = 0;
  for (const Tap& tap : taps()) {
    for (int c = 0; c < output_channels_; c++) {
      gradient[(c * kernel_ + tap.row) * kernel_ + tap.column] = weight_sums_[c * kernel_ * kernel_ + term];
    }
    term++;
  }
}

void Convolution::finish_direct_gradient(float* gradient) const {
  const int rows = kernels_.correlate_rows, columns = kernels_.correlate_columns;
  const int row_tiles = round_up(job_.terms, rows) / rows;
  int term = 0;
  for (const Tap& tap : taps()) {
    for (int i = 0; i < input_channels_; i++, term++) {
      for (int o = 0; o < output_channels_; o++) {
        gradient[((o * input_channels_ + i) * kernel_ + tap.row) * kernel_ + tap.column] =
            weight_sums_[std::size_t(o / columns * row_tiles + term / rows) * rows * columns +
                         kernels_.correlate_index(term % rows, o % columns)];
      }
    }
  }
}

}  // namespace fear_nas
