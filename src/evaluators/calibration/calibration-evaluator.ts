import { RunningAccuracy } from '../../training/running-accuracy.js'
import type { Evaluator } from '../evaluator.js'
import { scoreTraining } from '../score-training.js'
import { trainWhole } from '../train-whole.js'
import { interruptedOutcome, trainingEvaluator } from '../trial-run.js'
import type { CalibrationOptions } from './settings.js'

/**
 * Trains a network for the first epochs of FEAR's stage 1, without a threshold. The score is its best training accuracy
 * of an epoch (or of a window with `check: window`): the highest threshold that would have ended stage 1 by then.
 * Phase: `train`.
 */
export function calibrationTraining({ name, epochs, steps, maxEpochs, stage1 }: CalibrationOptions): Evaluator {
  return trainingEvaluator(name, (run) => {
    const { batch, learningRate, schedule, check, window } = stage1
    const running = new RunningAccuracy(window)
    let best: number | null = null
    const trained = trainWhole(run, {
      batch,
      learningRate,
      schedule,
      // The maximum of stage 1, over which the cosine schedule decays.
      epochs: maxEpochs,
      stop: ({ epoch }) => epoch + 1 >= epochs && run.meter.phaseCost().steps >= steps,
      stopAfterStep(step) {
        running.add(step)
        if (running.isFull) best = Math.max(best ?? 0, running.value)
        return false
      },
    })
    if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
    const outcome = scoreTraining(run, trained, { score: 'train', scoreEpoch: 'best', batch })
    if (check === 'epoch' || outcome.kind !== 'scored') return { outcome }
    return { outcome: { ...outcome, score: best ?? running.value } }
  })
}
