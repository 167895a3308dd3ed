import fc from 'fast-check'
import type { FrozenBatchNorm, StepOptions } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { arbitraryNetwork } from './arbitrary-network.js'

/** Random images and labels: number and seed. */
interface BatchSeed {
  readonly count: number
  readonly batch: number
}

/** One call of a network. `cut` is an index of the network's cuts from the image, modulo their number. */
export type Operation =
  | ({ readonly call: 'trainStep'; readonly options: StepOptions } & BatchSeed)
  | ({ readonly call: 'trainTailStep'; readonly options: StepOptions } & BatchSeed)
  | ({ readonly call: 'evaluate' | 'logits' | 'gradients' } & BatchSeed)
  | ({ readonly call: 'evaluateTail' } & BatchSeed)
  | ({ readonly call: 'featuresAt'; readonly cut: number; readonly mode: FrozenBatchNorm } & BatchSeed)
  | { readonly call: 'freezeUpTo'; readonly cut: number; readonly mode: FrozenBatchNorm }
  | { readonly call: 'unfreeze' }
  | { readonly call: 'setWeights'; readonly weights: number }

/** A network, the seed of its initial weights, and the calls. */
export interface Program {
  readonly spec: NetworkSpec
  readonly weights: number
  readonly operations: readonly Operation[]
}

const seed = fc.nat({ max: 999 })
const batchSeed = { count: fc.integer({ min: 1, max: 19 }), batch: seed }
const frozenBatchNorm = fc.constantFrom<FrozenBatchNorm>('batch', 'running')

const stepOptions: fc.Arbitrary<StepOptions> = fc.record({
  learningRate: fc.constantFrom(0.01, 0.1, 0),
  momentum: fc.constantFrom(0.9, 0.5, 0),
  nesterov: fc.boolean(),
  weightDecay: fc.constantFrom(5e-4, 0.05, 0),
  clipNorm: fc.constantFrom(null, 5, 0.05),
})

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ call: fc.constant('trainStep'), ...batchSeed, options: stepOptions }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ call: fc.constant('trainTailStep'), ...batchSeed, options: stepOptions }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      call: fc.constantFrom('evaluate', 'evaluateTail', 'logits', 'gradients'),
      ...batchSeed,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ call: fc.constant('featuresAt'), ...batchSeed, cut: fc.nat(), mode: frozenBatchNorm }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ call: fc.constant('freezeUpTo'), cut: fc.nat({ max: 9 }), mode: frozenBatchNorm }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('unfreeze') }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('setWeights'), weights: seed }) },
)

/** Random programs of up to ten calls on random networks. */
export const arbitraryProgram: fc.Arbitrary<Program> = fc.record({
  spec: arbitraryNetwork,
  weights: seed,
  operations: fc.array(operation, { minLength: 1, maxLength: 10, size: 'max' }),
})
