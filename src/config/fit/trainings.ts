import { batchesOf } from '../../evaluators/registry.js'
import type { RunStarted } from '../../journal/journal-event.js'
import { ownSearch, type PlacedEvaluator, rankedEvaluators, searchEvaluators } from '../evaluators-of.js'
import type { ConfigPath } from '../issues.js'
import type { Config } from '../schema/config.js'

/** One way in which a run passes batches of images through its networks, forward and back. */
export interface PlannedTraining {
  /** The setting that says how large its batches are. */
  readonly path: ConfigPath
  readonly batch: number
  /** The cut up to which the network is frozen; null: all of it is trained. */
  readonly cut: string | null
  /** Whether what the frozen part makes of all training images is kept. */
  readonly cachesFeatures: boolean
}

/** All that a command does with its networks, by the settings it looks at. */
export function plannedTrainings(command: RunStarted['command'], config: Config): readonly PlannedTraining[] {
  const full = whole(['training', 'batch'], config.training.batch)
  const trainingsOf = (evaluators: readonly PlacedEvaluator[]): readonly PlannedTraining[] =>
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
    const place = arm.prefilter === undefined ? [] : ['arms', i]
    return [
      ...(finalists > 0 ? [full] : []),
      ...(prefilter === null ? [] : [whole([...place, 'prefilter', 'batch'], prefilter.batch)]),
      ...trainingsOf(searchEvaluators({ path: ['arms', i], ...arm })),
    ]
  })
}

const whole = (path: ConfigPath, batch: number): PlannedTraining => ({ path, batch, cut: null, cachesFeatures: false })
