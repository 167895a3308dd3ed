import { expect } from 'vitest'
import type { FrozenBatchNorm, TrainableNetwork } from '../../engines/engine.js'
import { frozenPrefix } from '../../networks/parameters.js'
import { cellNetwork } from './networks.js'
import {
  type EngineSuite,
  expectLoss,
  expectValues,
  expectWeights,
  makeBatch,
  makeWeights,
  usualOptions,
  withBoth,
  withNetwork,
} from './suite.js'

const spec = cellNetwork(3)
const modes: readonly FrozenBatchNorm[] = ['batch', 'running']
/** A small clipping norm, so that a norm over anything but the trainable parameters is detected. */
const options = { ...usualOptions, clipNorm: 0.05 }

/** FEAR's second stage: freezing at a cut, features of a cut, and training on them. */
export function freezingChecks(suite: EngineSuite): void {
  for (const cut of spec.cuts) {
    const frozen = frozenPrefix(spec, cut.node)

    for (const mode of modes) {
      suite.check(`frozen at ${cut.name}, trunk in ${mode} mode: only the tail learns, as in the oracle`, () => {
        withBoth(suite, spec, (network, oracle) => {
          for (const each of [network, oracle]) {
            trainFreely(each, 2)
            each.freezeUpTo(cut.name, mode)
          }
          const before = network.weights()
          for (let step = 1; step <= 3; step++) {
            const batch = makeBatch(spec, 8, step)
            const expected = oracle.trainStep(batch, options)
            expectLoss(network.trainStep(batch, options).loss, expected.loss, `step ${step}`)
          }
          const after = network.weights()
          expectWeights(spec, after, oracle.weights(), 'after 3 steps')
          expect(head(after.parameters, frozen.parameters)).toEqual(head(before.parameters, frozen.parameters))
          expect(tail(after.parameters, frozen.parameters)).not.toEqual(tail(before.parameters, frozen.parameters))
          expect(tail(after.runningMean, frozen.statistics)).not.toEqual(tail(before.runningMean, frozen.statistics))
          for (const statistics of ['runningMean', 'runningVariance'] as const) {
            const [now, then] = [
              head(after[statistics], frozen.statistics),
              head(before[statistics], frozen.statistics),
            ]
            if (mode === 'running') expect(now).toEqual(then)
            else
              expect(
                now.every((value, i) => value !== then[i]),
                `every ${statistics} moves`,
              ).toBe(true)
          }
        })
      })

      suite.check(`features at ${cut.name}, ${mode} mode, agree with the oracle`, () => {
        withBoth(suite, spec, (network, oracle) => {
          for (const each of [network, oracle]) trainFreely(each, 2)
          const before = network.weights()
          const { images } = makeBatch(spec, 9, 50)
          const features = network.featuresAt(cut.name, images, 9, mode)
          expectValues(features, oracle.featuresAt(cut.name, images, 9, mode), 'features')
          if (mode === 'running') expect(network.weights()).toEqual(before)
          else expectWeights(spec, network.weights(), oracle.weights(), 'running statistics of the trunk')
        })
      })
    }

    suite.check(`the tail above ${cut.name} learns from features what it learns from images`, () => {
      withNetwork(suite, spec, (whole) => {
        withNetwork(suite, spec, (tailOnly) => {
          for (const network of [whole, tailOnly]) {
            trainFreely(network, 2)
            network.freezeUpTo(cut.name, 'running')
          }
          for (let step = 1; step <= 4; step++) {
            const { images, labels, count } = makeBatch(spec, 9, step)
            const features = tailOnly.featuresAt(cut.name, images, count, 'running')
            const fromFeatures = tailOnly.trainTailStep({ features, labels, count }, options)
            const fromImages = whole.trainStep({ images, labels, count }, options)
            expectLoss(fromFeatures.loss, fromImages.loss, `step ${step}`)
            expect(fromFeatures.correct).toBe(fromImages.correct)
          }
          expectWeights(spec, tailOnly.weights(), whole.weights(), 'after 4 steps')
        })
      })
    })

    suite.check(`evaluating features at ${cut.name} is evaluating images`, () => {
      withNetwork(suite, spec, (network) => {
        trainFreely(network, 2)
        network.freezeUpTo(cut.name)
        const { images, labels, count } = makeBatch(spec, 33, 50)
        const features = network.featuresAt(cut.name, images, count, 'running')
        const [fromFeatures, fromImages] = [
          network.evaluateTail({ features, labels, count }),
          network.evaluate({ images, labels, count }),
        ]
        expectLoss(fromFeatures.loss, fromImages.loss, 'evaluateTail')
        expect(fromFeatures).toEqual({ ...fromImages, loss: fromFeatures.loss })
      })
    })
  }

  suite.check('the trunk of a frozen network is in batch mode unless told otherwise', () => {
    withNetwork(suite, spec, (network) => {
      withNetwork(suite, spec, (explicit) => {
        network.freezeUpTo('cells.1')
        explicit.freezeUpTo('cells.1', 'batch')
        for (const each of [network, explicit]) each.trainStep(makeBatch(spec, 8), options)
        expect(network.weights()).toEqual(explicit.weights())
      })
    })
  })

  for (const cut of ['cells.1', null]) {
    suite.check(`freezing up to ${cut} forgets the momentum`, () => {
      withNetwork(suite, spec, (network) => {
        trainFreely(network, 3)
        network.freezeUpTo(cut)
        const start = network.weights()
        network.trainStep(makeBatch(spec, 8, 7), options)
        withNetwork(
          suite,
          spec,
          (fresh) => {
            fresh.freezeUpTo(cut)
            fresh.trainStep(makeBatch(spec, 8, 7), options)
            expect(network.weights()).toEqual(fresh.weights())
          },
          start,
        )
      })
    })
  }

  suite.check('an unfrozen network learns as a whole again', () => {
    withBoth(suite, spec, (network, oracle) => {
      for (const each of [network, oracle]) {
        each.freezeUpTo('cells.2', 'running')
        trainFreely(each, 2)
        each.freezeUpTo(null)
        trainFreely(each, 2)
      }
      expectWeights(spec, network.weights(), oracle.weights(), 'after unfreezing')
      expect(network.weights().parameters[0]).not.toBe(makeWeights(spec).parameters[0])
    })
  })
}

function trainFreely(network: TrainableNetwork, steps: number): void {
  for (let step = 0; step < steps; step++) network.trainStep(makeBatch(spec, 8, 20 + step), usualOptions)
}

function head(values: Float32Array, length: number): Float32Array {
  return values.subarray(0, length)
}

function tail(values: Float32Array, start: number): Float32Array {
  return values.subarray(start)
}
