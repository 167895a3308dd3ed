import type { Interruption } from '../../training/epoch.js'
import { RunningAccuracy } from '../../training/running-accuracy.js'
import { costIn } from '../outcome.js'
import { trainWhole } from '../train-whole.js'
import type { TrialRun } from '../trial-run.js'
import type { FearOptions } from './options.js'

/** How stage 1 ended. The best training accuracy is over whole epochs or windows, or over the incomplete first one. */
export type Stage1Result =
  | { readonly kind: 'reached'; readonly trainAccuracy: number }
  | { readonly kind: 'rejected'; readonly limit: number; readonly bestTrainAccuracy: number }
  | { readonly kind: 'below-threshold'; readonly bestTrainAccuracy: number }
  | Interruption

/**
 * Stage 1, "conditional training": trains the whole network until its train accuracy reaches the threshold.
 *
 * Accuracy and cost are checked after every epoch, as in the paper, so that every network sees whole epochs; or, with
 * `check: window`, after every step, with the accuracy over the last `window` steps. Then stage 1 ends at that step,
 * which matters if the threshold is reached within an epoch or two.
 *
 * Paper note: the authors' code decides by time alone at the end of an epoch. There, a network that reaches the
 * threshold in the same epoch in which it exceeds the limit is dropped, and one that does not reach it within the
 * maximum number of epochs continues to stage 2 and may even become the reference. Here a network that reaches the
 * threshold is never rejected, because its stage 1 is already paid for (with costs in FLOPs a wide network may exceed
 * the limit in its first epoch). A network that does not reach it has no score and is never the reference.
 */
export function runStage1(run: TrialRun, options: FearOptions): Stage1Result {
  const { batch, learningRate, schedule, check, window } = options.stage1
  const watch = new Stage1Watch(run, options)
  const running = new RunningAccuracy(window)
  const trained = trainWhole(run, {
    batch,
    learningRate,
    schedule,
    // The cosine spans the maximum number of epochs, since the number needed is unknown; so it hardly falls.
    epochs: options.maxEpochs,
    ...(check === 'epoch'
      ? { stop: ({ trainAccuracy }) => watch.look(trainAccuracy, true) }
      : {
          stopAfterStep(step) {
            running.add(step)
            return watch.look(running.value, running.isFull)
          },
        }),
  })
  return trained.kind === 'finished' ? watch.result() : trained
}

/** Checks a stage 1 and decides when it ends and why. */
class Stage1Watch {
  readonly #run: TrialRun
  readonly #options: FearOptions
  #best: number | null = null
  #verdict: Stage1Result | null = null

  constructor(run: TrialRun, options: FearOptions) {
    this.#run = run
    this.#options = options
  }

  /**
   * Whether stage 1 ends here.
   *
   * @param isWhole whether the accuracy is that of a whole epoch or window; otherwise only the cost is checked.
   */
  look(trainAccuracy: number, isWhole: boolean): boolean {
    const { threshold, ratio, cost } = this.#options
    const { meter, context } = this.#run
    if (isWhole) this.#best = Math.max(this.#best ?? 0, trainAccuracy)
    if (isWhole && trainAccuracy >= threshold) {
      this.#verdict = { kind: 'reached', trainAccuracy }
      return true
    }
    // Read at each check: trials that run at the same time may have lowered it.
    const limit = ratio === null ? Infinity : ratio * context.rejection.cheapest()
    if (costIn(cost, meter.phaseCost()) < limit) return false
    this.#verdict = { kind: 'rejected', limit, bestTrainAccuracy: this.#best ?? trainAccuracy }
    return true
  }

  /** After stage 1 is complete. */
  result(): Stage1Result {
    return this.#verdict ?? { kind: 'below-threshold', bestTrainAccuracy: this.#best ?? 0 }
  }
}
