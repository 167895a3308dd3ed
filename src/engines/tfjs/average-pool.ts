import type { Tensor, Tensor4D, TensorFlow } from './tensorflow.js'

/**
 * Mean over 3x3 neighbourhoods, stride 1; pixels outside the image are left out of the mean.
 *
 * Not `tf.avgPool(x, 3, 1, 'same')`: on the JavaScript backend its value leaves the padding out, but its gradient still
 * divides by nine at the border. So this sums by a depthwise convolution with ones and divides by the number of
 * neighbours. The sum is its own transpose, so the gradient is as cheap as the value.
 */
export function averagePool3x3(tf: TensorFlow, x: Tensor4D): Tensor4D {
  const [, height, width, channels] = x.shape
  const ones = tf.ones([3, 3, channels, 1]) as Tensor4D
  // [height, width, channels] rather than [height, width, 1]: broadcasting a size of 1 is slow in JavaScript.
  const weights = tf.tensor3d(reciprocalNeighbours(height, width, channels), [height, width, channels])
  const neighbourSum = (image: Tensor4D, filter: Tensor4D) => tf.depthwiseConv2d(image, filter, 1, 'same')
  const differentiable = tf.customGrad((...args) => {
    const [image, save] = args as [Tensor4D, (tensors: Tensor[]) => void]
    save([ones, weights])
    return {
      value: tf.mul(neighbourSum(image, ones), weights),
      gradFunc: (dy, saved) => {
        const [savedOnes, savedWeights] = saved as [Tensor4D, Tensor]
        return neighbourSum(tf.mul(dy as Tensor4D, savedWeights), savedOnes)
      },
    }
  })
  return differentiable(x) as Tensor4D
}

/** Mean over 2x2 blocks, stride 2, no padding: the last row or column of an odd size is left out. */
export function averagePool2x2(tf: TensorFlow, x: Tensor4D): Tensor4D {
  return tf.avgPool(x, 2, 2, 'valid')
}

function reciprocalNeighbours(height: number, width: number, channels: number): Float32Array {
  const neighbours = (position: number, size: number) =>
    Math.min(position + 1, size - 1) - Math.max(position - 1, 0) + 1
  const values = new Float32Array(height * width * channels)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const start = (row * width + column) * channels
      values.fill(1 / (neighbours(row, height) * neighbours(column, width)), start, start + channels)
    }
  }
  return values
}
