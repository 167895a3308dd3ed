import { describe, expect, it } from 'vitest'
import type { StepOptions } from '../../src/engines/engine.js'
import { ManualClock } from '../../src/platform/clock.js'
import type { EpochBatches } from '../../src/training/batches.js'
import { CostMeter } from '../../src/training/cost-meter.js'
import { type TrainingJob, trainNetwork } from '../../src/training/train-network.js'

interface Count {
  readonly count: number
}

/** 10 images in batches of 4, 4 and 2. */
const batches: EpochBatches<Count> = {
  steps: 3,
  images: 10,
  begin: () => {},
  at: (step) => ({ count: step === 2 ? 2 : 4 }),
}

const optimiser = { momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 }

function job(changes: Partial<TrainingJob<Count>>): TrainingJob<Count> {
  return {
    batches,
    epochs: 2,
    optimiser,
    flopsPerImage: 100,
    meter: new CostMeter(new ManualClock(), 'train'),
    timeoutSeconds: Infinity,
    learningRate: (epoch) => 1 / (epoch + 1),
    step: () => ({ loss: 1, correct: 1 }),
    ...changes,
  }
}

describe('trainNetwork', () => {
  it('weights accuracy and loss by the images of each batch', () => {
    const results = [
      { loss: 3, correct: 1 },
      { loss: 2, correct: 2 },
      { loss: 1, correct: 2 },
    ]
    const trained = trainNetwork(job({ epochs: 1, step: () => results.shift() ?? { loss: 0, correct: 0 } }))
    const history = [{ kind: 'epoch', epoch: 0, trainAccuracy: 0.5, trainLoss: 2.2 }]
    expect(trained).toEqual({ kind: 'finished', history })
  })

  it('counts steps, epochs and FLOPs, the partial batch by its images', () => {
    const meter = new CostMeter(new ManualClock(), 'train')
    trainNetwork(job({ meter }))
    expect(meter.read().cost).toEqual({ computeSeconds: 0, trainingFlops: 2000, steps: 6, epochs: 2 })
  })

  it('steps with the optimiser and each epoch’s learning rate', () => {
    const seen: StepOptions[] = []
    trainNetwork(
      job({
        step(_, options) {
          seen.push(options)
          return { loss: 1, correct: 0 }
        },
      }),
    )
    expect(seen.map((options) => options.learningRate)).toEqual([1, 1, 1, 0.5, 0.5, 0.5])
    expect(seen[0]).toEqual({ ...optimiser, learningRate: 1 })
  })

  it('stops after the epoch at which it is told to', () => {
    const trained = trainNetwork(job({ epochs: 9, stop: ({ epoch }) => epoch === 3 }))
    expect(trained.kind === 'finished' && trained.history.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('stops at the step whose loss is %d and charges it', (loss) => {
    const meter = new CostMeter(new ManualClock(), 'train')
    let step = 0
    const trained = trainNetwork(job({ meter, step: () => ({ loss: step++ === 4 ? loss : 1, correct: 0 }) }))
    expect(trained).toEqual({ kind: 'diverged', epoch: 1 })
    expect(meter.read().cost).toEqual({ computeSeconds: 0, trainingFlops: 1800, steps: 5, epochs: 1.8 })
  })

  it('stops at the first step after the time is up, not at the limit itself', () => {
    const clock = new ManualClock()
    const meter = new CostMeter(clock, 'train')
    const trained = trainNetwork(
      job({
        meter,
        timeoutSeconds: 4,
        step() {
          clock.advance(1)
          return { loss: 1, correct: 0 }
        },
      }),
    )
    expect(trained).toEqual({ kind: 'timed-out' })
    expect(meter.read().cost).toMatchObject({ computeSeconds: 5, steps: 5, epochs: 1.8 })
  })
})
