import { type CostUnit, noCost, type Outcome, outcomeKinds } from '../../evaluators/outcome.js'
import type { Architecture } from '../../spaces/search-space.js'

export type UnscoredKind = Exclude<Outcome['kind'], 'scored'>

export const unscoredKinds = outcomeKinds.filter((kind) => kind !== 'scored')

/** A synthetic outcome of an architecture, at a fidelity. */
export type OutcomeOf = (architecture: Architecture, fidelity: number) => Outcome

const spent = { cost: noCost, phases: {} }

export function scoredOutcome(score: number): Outcome {
  return {
    kind: 'scored',
    score,
    metric: 'zero-cost',
    trainAccuracy: null,
    validationAccuracy: null,
    ...spent,
  }
}

export function unscoredOutcome(kind: UnscoredKind): Outcome {
  const unit: CostUnit = 'work'
  switch (kind) {
    case 'rejected':
      return { kind, limit: 1, unit, bestTrainAccuracy: 0.9, ...spent }
    case 'below-threshold':
      return { kind, bestTrainAccuracy: 0.2, ...spent }
    case 'diverged':
      return { kind, phase: 'stage1', epoch: 0, ...spent }
    case 'timed-out':
      return { kind, limitSeconds: 1, ...spent }
    case 'aborted':
      return { kind, phase: 'train', ...spent }
    case 'failed':
      return { kind, message: 'made up', ...spent }
  }
}

/** A pseudo-random number in 0..1 from a text: 32-bit FNV-1a. */
export function hashed(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0
  return value / 2 ** 32
}

/** A score in 0..1 that is similar for neighbours: half from each character, half pseudo-random. */
export function madeUpScore(world: number | string, architecture: Architecture): number {
  const parts = architecture.split(/[|+]+/)
  const alike = parts.reduce((sum, part, i) => sum + hashed(`${world} ${i} ${part}`), 0) / parts.length
  return (alike + hashed(`${world} ${architecture}`)) / 2
}

/** Outcomes in which a `share` of the architectures, in 0..1, has no score, for all possible reasons. */
export function madeUpOutcomes(world: number, share: number): OutcomeOf {
  return (architecture, fidelity) => {
    const level = fidelity === 0 ? world : `${world}, fidelity ${fidelity}`
    if (hashed(`${architecture} ${level} unscored`) >= share) return scoredOutcome(madeUpScore(level, architecture))
    const kind = Math.floor(hashed(`${architecture} ${level} kind`) * unscoredKinds.length)
    return unscoredOutcome(unscoredKinds[kind] ?? 'failed')
  }
}
