/** The settings of a comparison that determine its duration. */
export interface ComparisonPlan {
  /** Architectures in each of the two arms. */
  readonly trials: number
  readonly trainImages: number
  /** Epochs of full training. */
  readonly epochs: number
  readonly batch: number
  readonly finalists: number
}

/**
 * FEAR's measurements in results/reference/quick: mean epochs to the threshold over its 40 architectures, and the
 * seconds of features and stage 2 relative to stage 1.
 */
const stage1Epochs = 2.2
const stage2Share = 0.72

/**
 * Training steps of a comparison of FEAR with full training, both arms, with stage 2 expressed in steps of full
 * training. Validation is not counted: it takes 2 % of the time.
 */
export function expectedSteps({ trials, trainImages, epochs, batch, finalists }: ComparisonPlan): number {
  const perEpoch = Math.ceil(trainImages / batch)
  const fear = trials * stage1Epochs * (1 + stage2Share) + finalists * epochs
  const full = trials * epochs
  return perEpoch * (fear + full)
}

/** Approximate wall-clock seconds, with all workers busy nearly all the time. */
export function expectedSeconds(plan: ComparisonPlan, stepSeconds: number, workers: number): number {
  return (expectedSteps(plan) * stepSeconds) / workers
}
