import type { ConvEdge } from '../../networks/network-spec.js'
import type { Tensor, Tensor4D, TensorFlow } from './tensorflow.js'

/**
 * A depthwise convolution without bias, padded by `dilation * floor(kernel / 2)` zeros on each side, as PyTorch does.
 *
 * TensorFlow has neither dilation together with a stride nor gradients of dilated depthwise convolutions, so a dilated
 * kernel is spread out by zeros into one that is not.
 *
 * @param x `[count, height, width, channels]`
 * @param filter `[kernel, kernel, 1, channels]`
 * @returns `[count, ceil(height / stride), ceil(width / stride), channels]`
 */
export function depthwiseConvolution(
  tf: TensorFlow,
  x: Tensor4D,
  filter: Tensor4D,
  { stride, dilation = 1 }: Pick<ConvEdge, 'stride' | 'dilation'>,
): Tensor4D {
  const [taps, , , channels] = filter.shape
  const kernel = dilation * (taps - 1) + 1
  const spread = spreadColumns(tf, spreadRows(tf, filter, dilation), dilation)
  const weights = tf.reshape(spread, [kernel, kernel, channels, 1]) as Tensor4D
  const margin = Math.floor(kernel / 2)
  const padded = tf.pad(x, [
    [0, 0],
    [margin, margin],
    [margin, margin],
    [0, 0],
  ])
  return tf.depthwiseConv2d(padded, weights, stride, 'valid')
}

/** `dilation - 1` rows of zeros between the rows of a filter. */
function spreadRows(tf: TensorFlow, filter: Tensor, dilation: number): Tensor {
  if (dilation === 1) return filter
  const [rows, ...rest] = filter.shape as [number, ...number[]]
  const values = rest.reduce((product, length) => product * length, 1)
  const zeros = tf.pad(tf.reshape(filter, [rows, 1, values]), [
    [0, 0],
    [0, dilation - 1],
    [0, 0],
  ])
  const spread = dilation * (rows - 1) + 1
  return tf.reshape(tf.slice(tf.reshape(zeros, [dilation * rows, values]), [0, 0], [spread, values]), [spread, ...rest])
}

function spreadColumns(tf: TensorFlow, filter: Tensor, dilation: number): Tensor {
  if (dilation === 1) return filter
  return tf.transpose(spreadRows(tf, tf.transpose(filter, [1, 0, 2, 3]), dilation), [1, 0, 2, 3])
}
