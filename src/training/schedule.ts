import type { TrainingRecipe } from './recipe.js'

/** The learning-rate schedule. */
export type Schedule = TrainingRecipe['schedule']

/**
 * The learning rate of `epoch` (from 0), constant within it, no warm-up. `cosine` is PyTorch's CosineAnnealingLR with
 * a final rate of 0: `peak (1 + cos(pi epoch / horizon)) / 2`, which would be 0 at `epoch = horizon`.
 *
 * @param horizon T_max: the epochs over which cosine decays. FEAR's stage 1 passes its maximum, not the epochs it will
 * need.
 */
export function learningRateAt(schedule: Schedule, peak: number, epoch: number, horizon: number): number {
  return schedule === 'constant' ? peak : 0.5 * peak * (1 + Math.cos((Math.PI * epoch) / horizon))
}
