import type { EvaluatorSettings } from '../../evaluators/evaluator.js'
import type { RunStarted } from '../../journal/journal-event.js'
import type { Judges } from '../../search/fidelities.js'
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
  if (command === 'rank') {
    const { evaluators = [], inTraining } = config.rank ?? {}
    return [
      full,
      ...evaluators.flatMap((evaluator, i) => evaluatorTrainings(['rank', 'evaluators', i], evaluator, config)),
      ...(inTraining === undefined ? [] : [whole(['rank', 'inTraining', 'batch'], inTraining.batch)]),
    ]
  }
  const arms = command === 'compare' ? config.arms : undefined
  if (arms === undefined) {
    const own = judgeTrainings([], config, config)
    const prefilter = config.prefilter === null ? [] : [whole(['prefilter', 'batch'], config.prefilter.batch)]
    return command === 'compare' || config.finalists > 0 ? [full, ...prefilter, ...own] : [...prefilter, ...own]
  }
  return arms.flatMap((arm, i) => {
    const { finalists = config.finalists, prefilter = config.prefilter } = arm
    const place = arm.prefilter === undefined ? [] : ['arms', i]
    return [
      ...(finalists > 0 ? [full] : []),
      ...(prefilter === null ? [] : [whole([...place, 'prefilter', 'batch'], prefilter.batch)]),
      ...judgeTrainings(['arms', i], arm, config),
    ]
  })
}

function judgeTrainings(
  place: ConfigPath,
  { evaluator, lowerFidelities = [] }: Judges<EvaluatorSettings>,
  config: Config,
): readonly PlannedTraining[] {
  return [
    ...lowerFidelities.flatMap((lower, i) => evaluatorTrainings([...place, 'lowerFidelities', i], lower, config)),
    ...evaluatorTrainings([...place, 'evaluator'], evaluator, config),
  ]
}

function evaluatorTrainings(
  place: ConfigPath,
  evaluator: EvaluatorSettings,
  { training }: Config,
): readonly PlannedTraining[] {
  switch (evaluator.name) {
    case 'fear': {
      const { cut, batch, cacheFeatures } = evaluator.stage2
      return [
        whole([...place, 'stage1', 'batch'], evaluator.stage1.batch),
        { path: [...place, 'stage2', 'batch'], batch, cut, cachesFeatures: cacheFeatures },
      ]
    }
    case 'short-training':
    case 'zero-cost':
      return [whole([...place, 'batch'], evaluator.batch)]
    default:
      return [whole(['training', 'batch'], training.batch)]
  }
}

const whole = (path: ConfigPath, batch: number): PlannedTraining => ({ path, batch, cut: null, cachesFeatures: false })
