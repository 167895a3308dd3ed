import type { BenchmarkCase } from '../../src/benchmarks/workload.js'

/** One convolution 3x3 in each cell, everything else `none`. */
export const oneConvolution = '|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|'

/** Small enough for the slowest engine. */
export const tinyStep: BenchmarkCase = {
  kind: 'step',
  architecture: oneConvolution,
  channels: 2,
  cells: 1,
  batch: 3,
  size: 8,
  inputChannels: 1,
  cut: null,
}
