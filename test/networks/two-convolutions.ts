import type { NetworkSpec } from '../../src/networks/network-spec.js'

/**
 * A network small enough to count by hand: image 1x4x4, convolution 3x3 to 2x4x4, then a 1x1 convolution of stride 2
 * without batch norm to 3x2x2 beside a dead skip connection, and five classes.
 */
export const twoConvolutions: NetworkSpec = {
  classes: 5,
  nodes: [
    { channels: 1, height: 4, width: 4 },
    { channels: 2, height: 4, width: 4 },
    { channels: 2, height: 4, width: 4 },
    { channels: 3, height: 2, width: 2 },
  ],
  edges: [
    { op: 'conv', name: 'first', from: 0, to: 1, kernel: 3, stride: 1, relu: false, batchNorm: true },
    { op: 'skip', name: 'dead', from: 1, to: 2 },
    { op: 'conv', name: 'second', from: 1, to: 3, kernel: 1, stride: 2, relu: true, batchNorm: false },
  ],
  head: { node: 3 },
  cuts: [
    { name: 'cells.1', node: 1 },
    { name: 'head', node: 3 },
  ],
}
