import { batchesOf } from '../../evaluators/registry.js'
import type { RunStarted } from '../../journal/journal-event.js'
import { type LocatedEvaluator, ownSearch, rankedEvaluators, searchEvaluators } from '../evaluators-of.js'
import type { ConfigPath } from '../issues.js'
import type { Config } from '../schema/config.js'

/** A kind of training in a run, with its batch size and frozen part. */
export interface PlannedTraining {
  /** The setting with its batch size. */
  readonly path: ConfigPath
  readonly batch: number
  /** The cut up to which the network is frozen; null: nothing is frozen. */
  readonly cut: string | null
  /** Whether the features of all training images are kept. */
  readonly cachesFeatures: boolean
}

/** All kinds of training in a command, from its settings. */
export function plannedTrainings(command: RunStarted['command'], config: Config): readonly PlannedTraining[] {
  const full = whole(['training', 'batch'], config.training.batch)
  const trainingsOf = (evaluators: readonly LocatedEvaluator[]): readonly PlannedTraining[] =>
    evaluators.flatMap(({ path, evaluator }) => {
      const batches = batchesOf(evaluator)
      return batches?.map(({ path: within, ...how }) => ({ path: [...path, ...within], ...how })) ?? [full]
    })
  if (command === 'rank') {
    const { inTraining } = config.rank ?? {}
    return [
      full,
      ...trainingsOf(rankedEvaluators(config)),
      ...(inTraining === undefined ? [] : [whole(['rank', 'inTraining', 'batch'], inTraining.batch)]),
    ]
  }
  const arms = command === 'compare' ? config.arms : undefined
  if (arms === undefined) {
    const own = trainingsOf(searchEvaluators(ownSearch(config)))
    const prefilter = config.prefilter === null ? [] : [whole(['prefilter', 'batch'], config.prefilter.batch)]
    return command === 'compare' || config.finalists > 0 ? [full, ...prefilter, ...own] : [...prefilter, ...own]
  }
  return arms.flatMap((arm, i) => {
    const { finalists = config.finalists, prefilter = config.prefilter } = arm
    const base = arm.prefilter === undefined ? [] : ['arms', i]
    return [
      ...(finalists > 0 ? [full] : []),
      ...(prefilter === null ? [] : [whole([...base, 'prefilter', 'batch'], prefilter.batch)]),
      ...trainingsOf(searchEvaluators({ path: ['arms', i], ...arm })),
    ]
  })
}

const whole = (path: ConfigPath, batch: number): PlannedTraining => ({ path, batch, cut: null, cachesFeatures: false })
