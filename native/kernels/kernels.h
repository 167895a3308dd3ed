// The interface between the network, compiled once for any processor, and the kernels, compiled once per instruction
// set. Every kernel works on one block: `lanes` images side by side, a feature map being
// [channels][height][width][lanes]. All arrays of lanes are aligned to 64 bytes. Kernels never allocate and keep no
// state.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fear_nas {

// Never emitted as a function: a copy compiled for one instruction set must not be linked into another's code.
#define FEAR_INLINE __attribute__((always_inline)) inline

/** The shape of one image's feature map. */
struct Extent {
  int channels;
  int height;
  int width;

  FEAR_INLINE int pixels() const { return height * width; }
  FEAR_INLINE int values() const { return channels * pixels(); }
};

/**
 * How a convolution sees its input: padded, and with stride 2 sorted by the parity of rows and columns into four
 * planes, so that every tap reads neighbouring vectors whatever the stride. A plane is
 * [channels][plane_height][plane_width]; the value at (i, j) of phase (a, b) is the input at
 * (stride i + a - padding, stride j + b - padding), or 0 outside of it.
 */
struct PlaneGeometry {
  Extent input;
  int stride;
  int padding;
  /** Phases per axis: the stride, but 1 where a 1x1 kernel reads only one of them. */
  int phases;
  int plane_height;
  int plane_width;

  FEAR_INLINE int plane_values() const { return input.channels * plane_height * plane_width; }
  FEAR_INLINE int values() const { return phases * phases * plane_values(); }
};

/** Where a convolution leaves, per channel and lane, the sums of its outputs minus `shift` and of their squares. */
struct Moments {
  const float* shift;
  float* sums;
  float* squares;
};

/**
 * The gradient of a batch norm's input, per channel `scale gradient + curve (value - mean) + shift`: the derivative of
 * normalising by the batch's own statistics. Without batch norm `value` is null and the gradient passes unchanged.
 */
struct InputGradient {
  const float* gradient;
  const float* value;
  const float* scale;
  const float* curve;
  const float* mean;
  const float* shift;
};

/** Winograd's algorithm: outputs of a tile along one axis, coefficients of a tile. */
inline constexpr int kWinogradTile = 4;
inline constexpr int kWinogradCoefficients = 36;
/** The most tiles of a row that are done at a time. */
inline constexpr int kMaxChunkColumns = 8;

/** One of the 3x3 convolutions, stride 1, that read the same padded input. */
struct WinogradForwardEdge {
  /** `[36][channel tile][input channels][channel_tile]`. */
  const float* weights;
  int channels;
  float* output;
  /** `sums` is null if no statistics are wanted. */
  Moments moments;
};

struct WinogradBackwardEdge {
  /** `[36][input channel tile][channels][channel_tile]`; unused if no input gradient is wanted. */
  const float* weights;
  int channels;
  InputGradient gradient;
  /** `[36][channel tile][input channel tile][correlate_rows x correlate_columns]`, added to. */
  float* weight_sums;
};

struct WinogradJob {
  Extent extent;
  /** The input, padded to [channels][4 tile_rows + 2][4 tile_columns + 2]. */
  const float* input;
  /** Receives the sum of the input gradients of all edges, shaped like `input`; null if not wanted. */
  float* input_gradient;
  /** All ones for lanes that hold an image. */
  const std::int32_t* lane_mask;
  /** See `winograd_scratch`. */
  float* scratch;
  /** Channel times tiles of a chunk, for as many channels as the widest edge has, rounded up to 4. */
  const int* offsets;
  /** Tiles done at a time: part of one row, or several whole rows. */
  int chunk_rows;
  int chunk_columns;

  FEAR_INLINE int tile_columns() const { return (extent.width + kWinogradTile - 1) / kWinogradTile; }
  FEAR_INLINE int tile_rows() const { return (extent.height + kWinogradTile - 1) / kWinogradTile; }
  FEAR_INLINE int chunk_tiles() const { return chunk_rows * chunk_columns; }
};

/** Vectors between two coefficients of a chunk: padded so that the 36 of them do not fall into one set of the cache. */
FEAR_INLINE int winograd_stride(int channels, int chunk_tiles) {
  return (channels + 3) / 4 * 4 * chunk_tiles + 2;
}

/** Floats between two coefficients of packed weights, and of sums of correlations; padded for the same reason. */
FEAR_INLINE std::ptrdiff_t winograd_weight_stride(int rows, int columns, int channel_tile) {
  return std::ptrdiff_t(rows + channel_tile - 1) / channel_tile * channel_tile * columns + 16;
}
FEAR_INLINE std::ptrdiff_t winograd_sum_stride(int inputs, int outputs, int correlate_rows, int correlate_columns) {
  return std::ptrdiff_t(inputs + correlate_rows - 1) / correlate_rows * correlate_rows *
             ((outputs + correlate_columns - 1) / correlate_columns * correlate_columns) +
         16;
}

/** A convolution by its taps: every kernel and stride that Winograd's algorithm does not cover. */
struct DirectJob {
  PlaneGeometry geometry;
  /** One entry per (tap, input channel), into the planes. */
  const int* offsets;
  int terms;
  Extent output;
  /** Zeros around the output's gradient that the input gradient reads: (kernel - 1) / stride. */
  int halo;
};

/** A tap of a depthwise convolution. */
struct DepthwiseTap {
  /** Into the planes, from the first channel of its phase on: what an output's product is with. */
  int input;
  /** Into the output's gradient with its halo: what the gradient of a plane's value has it from. */
  int gradient;
  int phase;
};

/** A depthwise convolution. The halo is that of a DirectJob, and its output's gradient is written like one's. */
struct DepthwiseJob {
  PlaneGeometry geometry;
  /** Those of a phase together. */
  const DepthwiseTap* taps;
  int count;
  Extent output;
  int halo;
};

/** Outputs that `gradient_moments` takes at once. */
inline constexpr int kMaxGradientOutputs = 3;

struct Kernels {
  const char* name;
  int lanes;
  /** Output channels that `pack` must put side by side. */
  int channel_tile;
  int correlate_rows;
  int correlate_columns;
  /** Where a correlation tile keeps row `i`, column `j`. */
  int (*correlate_index)(int i, int j);

  /** Images [count][values] to one block and back; the block's lanes beyond `count` repeat the last image. */
  void (*to_lanes)(const float* images, int count, int values, float* block);
  void (*from_lanes)(const float* block, int count, int values, float* images);

  /** Fills the planes of a convolution from a node's value, through ReLU if `rectify`. */
  void (*gather)(const PlaneGeometry& geometry, const float* value, bool rectify, float* planes);
  /** The transpose of `gather`: adds (or writes, if not `accumulate`) the planes' gradient to the node's. */
  void (*scatter)(const PlaneGeometry& geometry, const float* planes, const float* value, bool rectify,
                  bool accumulate, float* gradient);

  /** See winograd_weights.h. */
  void (*winograd_pack)(const float* weight, int rows, int row_step, int columns, int column_step, float* packed);
  void (*winograd_unpack)(const float* sums, int inputs, int outputs, float* gradient);
  void (*winograd_forward)(const WinogradJob& job, const WinogradForwardEdge* edges, int count);
  void (*winograd_backward)(const WinogradJob& job, const WinogradBackwardEdge* edges, int count);

  void (*direct_forward)(const DirectJob& job, const float* planes, const float* weights, float* output,
                         const Moments& moments);
  /** Writes the gradient of the output, `halo` zeros around it. */
  void (*direct_output_gradient)(const DirectJob& job, const InputGradient& gradient,
                                 const std::int32_t* lane_mask,
                                 float* padded);
  /** Adds to `[channel tile][term tile][correlate_rows x correlate_columns]`. */
  void (*direct_weight_gradient)(const DirectJob& job, const float* planes, const float* padded,
                                 const int* gradient_offsets, int columns, float* sums);
  /** `offsets` and `weights` for phase after phase; writes or adds to the gradient of the planes. */
  void (*direct_input_gradient)(const DirectJob& job, const float* padded, const int* offsets, const int* terms,
                                const float* weights, bool accumulate, float* planes);

  /** Weights and sums are `[channels][taps]`. */
  void (*depthwise_forward)(const DepthwiseJob& job, const float* planes, const float* weights, float* output,
                            const Moments& moments);
  /** Adds to the sums. */
  void (*depthwise_weight_gradient)(const DepthwiseJob& job, const float* planes, const float* padded, float* sums);
  /** Writes or adds to the gradient of the planes. */
  void (*depthwise_input_gradient)(const DepthwiseJob& job, const float* padded, const float* weights, bool accumulate,
                                   float* planes);

  /** output = sum over terms of scale[c] term (scale null: 1), plus `shift[c]`. */
  void (*combine)(const Extent& extent, const float* const* terms, const float* const* scales, int count,
                  const float* shift, float* output);
  /** Per channel and lane: the sums of value minus shift and of their squares. */
  void (*moments)(const Extent& extent, const float* value, const Moments& moments);
  /** Per channel and lane: the sum of `gradient`, and of gradient times (output - mean) for each output. */
  void (*gradient_moments)(const Extent& extent, const float* gradient, const float* const* outputs,
                           const float* const* means, int count, float* sums, float* const* products);
  void (*add)(std::size_t values, const float* source, bool accumulate, float* target);

  /** Means over 3x3 without padding, and their gradient (`backward`); `scratch` holds one channel. */
  void (*average_pool3)(const Extent& extent, const float* input, bool backward, bool accumulate, float* output,
                        float* scratch);
  void (*average_pool2)(const Extent& input_extent, const float* input, float* output);
  void (*average_pool2_backward)(const Extent& input_extent, const float* gradient, bool accumulate, float* target);

  /** Head: features[c] = mean over pixels of relu(scale[c] value + shift[c]). */
  void (*head_forward)(const Extent& extent, const float* value, const float* scale, const float* shift,
                       float* features);
  /** Head: per channel and lane the sums of the gradient behind the ReLU and of it times (value - mean). */
  void (*head_moments)(const Extent& extent, const float* value, const float* scale, const float* shift,
                       const float* mean, const float* feature_gradient, float* sums, float* products);
  void (*head_backward)(const Extent& extent, const float* value, const float* scale, const float* shift,
                        const float* feature_gradient, const InputGradient& coefficients,
                        const std::int32_t* lane_mask, float* gradient);
};

/** The kernels of each instruction set; the latter two are built for x64 only. */
const Kernels* generic_kernels();
const Kernels* avx2_kernels();
const Kernels* avx512_kernels();

}  // namespace fear_nas
