/** A cost. FLOPs, steps and epochs are repeatable; seconds are measured. */
export interface Cost {
  /** Seconds one worker was busy. */
  readonly computeSeconds: number
  /** Training FLOPs (forward passes of validation included), as `networks/flops` counts them. */
  readonly trainingFlops: number
  /** Updates of the weights. */
  readonly steps: number
  /**
   * Passes over the training images in which weights were updated, including FEAR's stage 2. Has a fraction for an
   * epoch that ended early.
   */
  readonly epochs: number
}

export const noCost: Cost = { computeSeconds: 0, trainingFlops: 0, steps: 0, epochs: 0 }

export function addCosts(a: Cost, b: Cost): Cost {
  return {
    computeSeconds: a.computeSeconds + b.computeSeconds,
    trainingFlops: a.trainingFlops + b.trainingFlops,
    steps: a.steps + b.steps,
    epochs: a.epochs + b.epochs,
  }
}
