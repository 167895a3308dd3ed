// What a network holds: its graph, what training changes, and what the pass under way needs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../kernels/kernels.h"
#include "batch_norm.h"
#include "convolution.h"
#include "memory.h"
#include "plan.h"

namespace fear_nas {

/** Convolutions that read the same node the same way, so that its padded value serves all of them. */
struct Group {
  bool winograd;
  bool relu;
  PlaneGeometry geometry;
  std::vector<int> edges;
  /** Winograd's scratch, by chunk. */
  int chunk_rows = 0;
  int chunk_columns = 0;
  std::vector<int> offsets;
  std::size_t scratch_floats = 0;
};

struct Node {
  Extent extent;
  std::vector<int> incoming;
  std::vector<int> outgoing;
  std::vector<Group> groups;
  /** Whether the head depends on it. */
  bool reaches_head = false;
  // In the workspace, for the pass under way. A stride of 0: one block, reused.
  float* value = nullptr;
  std::size_t value_stride = 0;
  float* gradient = nullptr;
  /** For each of its values whether a ReLU lets it through, in passes that keep to a pattern. */
  std::vector<std::uint8_t> passes;
  /** The value was multiplied by 2 to this power: 0 but in probes without batch norm. */
  int exponent = 0;
};

struct Edge {
  EdgePlan plan;
  /** Whether the convolution holds the present weights. */
  bool packed = false;
  /** Where the batch norm's gamma lies in the flat parameters, with beta behind it. */
  int gamma = 0;
  std::optional<Convolution> convolution;
  std::optional<BatchNorm> batch_norm;
  /** Output of the convolution, before batch norm. */
  float* output = nullptr;
  std::size_t output_stride = 0;
};

/** What a pass computes, and hence what it needs room for. */
struct PassShape {
  int blocks;
  /** The node whose value comes from outside. */
  int source = 0;
  int last;
  /** Nodes up to this one go block by block; -1: none does. */
  int streamed = -1;
  /** The node, at most `streamed`, of which all blocks are kept all the same; -1: none. */
  int kept = -1;
  bool backward = false;
  /** Edges into nodes above it get gradients; -1: the image does too. */
  int cut = 0;
  /** Whether the outputs of all convolutions are kept until their gradients are known. */
  bool keep_outputs = false;
};

/** What training changes. */
struct State {
  Buffer<float> parameters;
  Buffer<float> gradients;
  /** Momentum of what is not frozen; empty until the first step. */
  Buffer<float> momentum;
  Buffer<float> running_means;
  Buffer<float> running_variances;
};

/** What is frozen. */
struct Trunk {
  /** The last frozen node; 0: none. */
  int cut = 0;
  bool batch_statistics = true;
};

/** The batch under way, and how its pass departs from training. */
struct Batch {
  int count = 0;
  int blocks = 0;
  /** Batch norms are left out. */
  bool bypass = false;
  /** ReLUs let through what they let through when the pattern was recorded, whatever the values are now. */
  bool by_pattern = false;
  /** Where a probe wants outputs times their gradients; null: it does not. */
  float* outputs = nullptr;
};

/** What ReLUs let through in the pass that was recorded; the nodes hold theirs. */
struct Pattern {
  /** As `Node::passes`, for the ReLU of the head. */
  std::vector<std::uint8_t> head_passes;
  /** Room for one block of the largest node. */
  Buffer<float> block;
};

/** Arrays in the workspace that belong to no node or edge. */
struct Scratch {
  // One block each.
  float* planes = nullptr;
  float* plane_gradients = nullptr;
  float* padded_gradient = nullptr;
  float* winograd = nullptr;
  float* pooled = nullptr;
  float* pool = nullptr;
  float* combined_shift = nullptr;
  // All blocks: the head's features or their gradients lane by lane, features and logits image by image.
  float* lane_features = nullptr;
  float* feature_rows = nullptr;
  float* logits = nullptr;
};

}  // namespace fear_nas
