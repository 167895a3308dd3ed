import type { CalibrationOptions, Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from '../evaluator.js'
import { scoreTraining } from '../score-training.js'
import { trainWhole } from '../train-whole.js'
import { interruptedOutcome, runTrial, type TrialRun } from '../trial-run.js'

/**
 * What a network reaches in the first epochs of FEAR's stage 1: trains it as stage 1 does, whatever it reaches, and
 * scores it by its best epoch's train accuracy, which is the highest threshold that would have ended stage 1 by then.
 * Phase: `train`.
 */
export class CalibrationEvaluator implements Evaluator {
  readonly name = 'calibration'
  readonly #options: CalibrationOptions

  constructor(options: CalibrationOptions) {
    this.#options = options
  }

  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation {
    return runTrial(request, context, 'train', (run) => this.#train(run))
  }

  #train(run: TrialRun): Evaluation {
    const { epochs, steps, maxEpochs, stage1 } = this.#options
    const { batch, learningRate, schedule } = stage1
    const trained = trainWhole(run, {
      batch,
      learningRate,
      schedule,
      // The cap of stage 1, over which a cosine decays.
      epochs: maxEpochs,
      stop: ({ epoch }) => epoch + 1 >= epochs && run.meter.phaseCost().steps >= steps,
    })
    if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
    return { outcome: scoreTraining(run, trained, { score: 'train', scoreEpoch: 'best', batch }) }
  }
}
