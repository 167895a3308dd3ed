import { nodeBackend } from './node-backend.js'
import type { Tensor4D, TensorFlow } from './tensorflow.js'

/**
 * A convolution without bias, padded by floor(kernel / 2) zeros on each side, as PyTorch does.
 *
 * TensorFlow's `same` pads an even image at stride 2 on the far side only, so strided kernels are padded by hand.
 *
 * @param x `[count, height, width, in]`
 * @param filter `[kernel, kernel, in, out]`
 * @returns `[count, ceil(height / stride), ceil(width / stride), out]`
 */
export function convolution(tf: TensorFlow, x: Tensor4D, filter: Tensor4D, stride: number): Tensor4D {
  const kernel = filter.shape[0]
  if (kernel === 1) return convolve(tf, x, filter, stride, 'valid')
  return stride === 1
    ? convolve(tf, x, filter, stride, 'same')
    : convolve(tf, padBy(tf, x, Math.floor(kernel / 2)), filter, stride, 'valid')
}

function convolve(tf: TensorFlow, x: Tensor4D, filter: Tensor4D, stride: number, pad: 'same' | 'valid'): Tensor4D {
  return nodeBackend(tf) === null ? convolveInJavaScript(tf, x, filter, stride, pad) : tf.conv2d(x, filter, stride, pad)
}

/**
 * `tf.conv2d` with its gradients written out. The built-in gradient of the filter takes about 40 times as long as the
 * convolution on the JavaScript backend; computed as a convolution (see `filterGradient`) it takes as long as one.
 */
function convolveInJavaScript(
  tf: TensorFlow,
  x: Tensor4D,
  filter: Tensor4D,
  stride: number,
  pad: 'same' | 'valid',
): Tensor4D {
  const differentiable = tf.customGrad((...args) => {
    const [image, weights, save] = args as [Tensor4D, Tensor4D, (tensors: Tensor4D[]) => void]
    save([image, weights])
    return {
      value: tf.conv2d(image, weights, stride, pad),
      gradFunc: (dy, saved) => {
        const [savedImage, savedWeights] = saved as [Tensor4D, Tensor4D]
        const outputGradient = dy as Tensor4D
        return [
          tf.conv2dTranspose(outputGradient, savedWeights, savedImage.shape, stride, pad),
          filterGradient(tf, savedImage, outputGradient, savedWeights.shape[0], stride, pad),
        ]
      },
    }
  })
  return differentiable(x, filter) as Tensor4D
}

/**
 * `dL/dw[r, c, i, o]`, the sum over images and pixels of `x[b, s y + r, s x + c, i] dy[b, y, x, o]`: a convolution in
 * which images are the channels, input channels the images, and the stride spreads the taps apart.
 */
function filterGradient(
  tf: TensorFlow,
  x: Tensor4D,
  dy: Tensor4D,
  kernel: number,
  stride: number,
  pad: 'same' | 'valid',
): Tensor4D {
  const padded = pad === 'same' ? padBy(tf, x, Math.floor(kernel / 2)) : x
  const channelsAsImages = tf.transpose(padded, [3, 1, 2, 0]) as Tensor4D
  const taps = tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D
  const gradient = tf.conv2d(channelsAsImages, taps, 1, 'valid', 'NHWC', stride)
  // [in, at least kernel, at least kernel, out]: at stride 2 the last row of an image may lie beyond every tap.
  const [inputs, , , outputs] = gradient.shape
  const reached = tf.slice(gradient, [0, 0, 0, 0], [inputs, kernel, kernel, outputs])
  return tf.transpose(reached, [1, 2, 0, 3]) as Tensor4D
}

function padBy(tf: TensorFlow, x: Tensor4D, margin: number): Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [margin, margin],
    [margin, margin],
    [0, 0],
  ])
}
