import type { NetworkWeights } from '../../networks/weights.js'
import { bestByValidation } from '../../statistics/best-by-validation.js'
import { ImageBatches } from '../../training/batches.js'
import { type Checkpoint, readCheckpoint, type TrainedEpoch, writeCheckpoint } from '../../training/checkpoint.js'
import { addCosts, type Cost, noCost } from '../../training/cost.js'
import type { MeterReading } from '../../training/cost-meter.js'
import type { EpochSummary, Interruption } from '../../training/epoch.js'
import { type MeasuredAccuracy, measureAccuracy } from '../../training/measure-accuracy.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from '../evaluator.js'
import { trainWhole } from '../train-whole.js'
import { interruptedOutcome, runTrial, type TrialRun } from '../trial-run.js'
import type { ResumableTrainingOptions } from './settings.js'

/**
 * Trains the whole network by the recipe, as `fullTraining`, and measures the validation images after every epoch, if there
 * are any. With a checkpoint it goes on where an earlier run of it ended, to the same weights bit for bit. Phases: `train`,
 * `validate`. Gives the trained weights and the history of the epochs.
 */
export class ResumableTraining implements Evaluator {
  readonly name = 'resumable-training'
  readonly #options: ResumableTrainingOptions

  constructor(options: ResumableTrainingOptions) {
    this.#options = options
  }

  evaluate(request: EvaluationRequest, context: EvaluationContext): Evaluation {
    return runTrial(request, context, 'train', (run) => new Training(run, this.#options).run())
  }
}

class Training {
  readonly #run: TrialRun
  readonly #options: ResumableTrainingOptions
  /** Null without validation images. */
  readonly #validation: ImageBatches | null
  readonly #history: TrainedEpoch[] = []
  #best: NetworkWeights | null = null
  /** What earlier runs of it have cost. */
  #earlier: Readonly<Record<string, Cost>> = {}
  #secondsBefore = 0

  constructor(run: TrialRun, options: ResumableTrainingOptions) {
    this.#run = run
    this.#options = options
    const { dataset, recipe } = run.context
    const { validation } = dataset
    this.#validation = validation.count === 0 ? null : new ImageBatches(dataset, validation, recipe.batch)
  }

  run(): Evaluation {
    const { checkpoint, key } = this.#options
    const { recipe } = this.#run.context
    const found = checkpoint === null ? null : readCheckpoint(checkpoint, key)
    if (found !== null) this.#goOnFrom(found)
    if (!this.#isFinished()) {
      let interruption: Interruption | null = null
      const trained = trainWhole(this.#run, {
        ...recipe,
        from: this.#history.length,
        stop: (epoch) => {
          interruption = this.#finishEpoch(epoch)
          return interruption !== null || this.#isFinished()
        },
      })
      const ended = trained.kind === 'finished' ? interruption : trained
      if (ended !== null) return { outcome: this.#withEarlier(interruptedOutcome(ended, this.#run)) }
    }
    return this.#result()
  }

  #goOnFrom({ best, history, momentum, phases, weights }: Checkpoint): void {
    const { network } = this.#run
    this.#history.push(...history)
    if (!this.#isFinished() && (momentum === null || network.setMomentum === undefined)) {
      // Without the momentum it would go on differently.
      this.#history.length = 0
      return
    }
    network.setWeights(weights)
    if (momentum !== null) network.setMomentum?.(momentum)
    this.#best = best
    this.#earlier = phases
  }

  /** Measures and records an epoch; why the training must end there, if it must. */
  #finishEpoch(summary: EpochSummary): Interruption | null {
    const { meter, network } = this.#run
    meter.enter('validate')
    const measured = this.#measure()
    meter.enter('train')
    if (measured !== null && measured.kind !== 'measured') return measured
    const { epoch, trainAccuracy, trainLoss } = summary
    const seconds = meter.busySeconds() - this.#secondsBefore
    this.#secondsBefore += seconds
    const validationAccuracy = measured?.accuracy ?? null
    const validationLoss = measured?.loss ?? null
    this.#history.push({ epoch, trainAccuracy, trainLoss, validationAccuracy, validationLoss, seconds })
    const { checkpoint, key, patience } = this.#options
    if (patience !== null && bestByValidation(this.#history) === epoch) this.#best = network.weights()
    if (checkpoint !== null) {
      writeCheckpoint(checkpoint, {
        key,
        history: this.#history,
        phases: this.#spent().phases,
        weights: network.weights(),
        momentum: network.momentum?.() ?? null,
        best: this.#best,
      })
    }
    return null
  }

  #measure(): MeasuredAccuracy | Interruption | null {
    const { context, meter, network } = this.#run
    return this.#validation && measureAccuracy(network, this.#validation, meter, context.timeoutSeconds)
  }

  #isFinished(): boolean {
    const done = this.#history.length
    const { patience } = this.#options
    if (done >= this.#run.context.recipe.epochs) return true
    return patience !== null && done > 0 && done - 1 - bestByValidation(this.#history) >= patience
  }

  #result(): Evaluation {
    const isBest = this.#options.patience !== null
    const kept = this.#history[isBest ? bestByValidation(this.#history) : this.#history.length - 1] as TrainedEpoch
    const { trainAccuracy, validationAccuracy } = kept
    return {
      outcome: {
        kind: 'scored',
        score: validationAccuracy ?? trainAccuracy,
        metric: validationAccuracy === null ? 'train-accuracy' : 'validation-accuracy',
        trainAccuracy,
        validationAccuracy,
        ...this.#spent(),
      },
      weights: isBest && this.#best !== null ? this.#best : this.#run.network.weights(),
      trainedEpochs: this.#history,
    }
  }

  #spent(): MeterReading {
    return this.#withEarlier(this.#run.meter.read())
  }

  /** With what earlier runs of it have cost. */
  #withEarlier<Reading extends MeterReading>(reading: Reading): Reading {
    const names = new Set([...Object.keys(this.#earlier), ...Object.keys(reading.phases)])
    const phases = Object.fromEntries(
      [...names].map((name) => [name, addCosts(this.#earlier[name] ?? noCost, reading.phases[name] ?? noCost)]),
    )
    return { ...reading, phases, cost: Object.values(phases).reduce(addCosts, noCost) }
  }
}
