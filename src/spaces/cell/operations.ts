import type { Step } from '../skeleton/draft.js'
import { convolution } from '../skeleton/draft.js'

/** The operations that an edge of a cell may hold. */
export const cellOperations = [
  'none',
  'skip_connect',
  'nor_conv_1x1',
  'nor_conv_3x3',
  'avg_pool_3x3',
  'sep_conv_3x3',
  'sep_conv_5x5',
  'dil_conv_3x3',
] as const

export type CellOperation = (typeof cellOperations)[number]

/** The five operations of NATS-Bench, in its order. */
export const natsOperations = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'] as const

/** A step of an operation; `part` is its name, empty if it is the only one. */
export interface OperationStep {
  readonly part: string
  readonly step: Step
}

/** ReLU, depthwise convolution, 1x1 convolution and batch norm. */
function separable(kernel: 3 | 5, number: '' | 1 | 2, dilation: 1 | 2 = 1): readonly OperationStep[] {
  return [
    {
      part: `depthwise${number}`,
      step: convolution({ kernel, depthwise: true, batchNorm: false, ...(dilation === 1 ? {} : { dilation }) }),
    },
    { part: `pointwise${number}`, step: convolution({ kernel: 1, relu: false }) },
  ]
}

/**
 * The steps of each operation; `none` is no edge. `sep_conv` and `dil_conv` are those of DARTS (Liu et al. 2019): a
 * separable convolution is applied twice, a dilated one once with dilation 2. The others are NATS-Bench's.
 */
export const operationSteps: Readonly<Record<Exclude<CellOperation, 'none'>, readonly OperationStep[]>> = {
  skip_connect: [{ part: '', step: { op: 'skip' } }],
  nor_conv_1x1: [{ part: '', step: convolution({ kernel: 1 }) }],
  nor_conv_3x3: [{ part: '', step: convolution() }],
  avg_pool_3x3: [{ part: '', step: { op: 'avg-pool', kernel: 3 } }],
  sep_conv_3x3: [...separable(3, 1), ...separable(3, 2)],
  sep_conv_5x5: [...separable(5, 1), ...separable(5, 2)],
  dil_conv_3x3: separable(3, '', 2),
}
