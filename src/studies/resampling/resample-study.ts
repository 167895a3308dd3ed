import { isDeepStrictEqual } from 'node:util'
import { type EvaluatorSettings, scoreIdentity, traitsOf } from '../../evaluators/registry.js'
import type { ArmRun } from '../arm-run.js'
import { areComparable, trainsAllInFull } from '../compare-arms.js'
import type { StudyOptions } from '../study.js'
import { fullTrainings, measuredArm, measuredTrials } from './measure-arm.js'
import type { MeasuredArm, MeasuredTrial } from './measured-arm.js'
import { resample } from './resample.js'
import type { Resampling } from './resampling.js'

/**
 * Replays searches from the trial tables of a finished study. Null if none are requested, if no full-training arm was
 * measured on the test images, or if no other arm evaluated the same architectures; arms with other architectures are
 * left out. The end of a rejected trial is taken from an arm with the same settings and `ratio: null`, if there is one.
 */
export function resampleStudy(options: StudyOptions, runs: readonly ArmRun[], workers: number): Resampling | null {
  const { resampling, seed, trainImages } = options
  const fullArm = options.arms.find(trainsAllInFull)
  const full = runs.find(({ result }) => result.name === fullArm?.name)
  if (resampling == null || full === undefined || full.trials.length === 0) return null
  const comparable = runs.filter((run) => !run.result.stopped && areComparable(run, full))
  if (comparable.length < 2 || !comparable.includes(full) || !isMeasured(full)) return null
  const measured = options.arms.flatMap((arm) => {
    const run = comparable.find(({ result }) => result.name === arm.name)
    return run === undefined ? [] : [{ arm, run }]
  })
  const arms = measured.map(({ arm, run }) => {
    const table = measuredArm(arm, run, trainImages)
    const twin = measured.find((other) => differInRejectionOnly(arm.evaluator, other.arm.evaluator))
    // Looked at when this arm looks at its trials, and not as the twin does, which rejects none.
    return twin === undefined
      ? table
      : withRejectedFrom(table, measuredTrials(twin.run.trials, traitsOf(arm.evaluator).pace))
  })
  const count = full.trials.length
  const architectures = Math.min(resampling.architectures ?? count, resampling.replacement ? Infinity : count)
  return resample(arms, fullTrainings(full), { ...resampling, architectures }, { seed, workers })
}

/** Whether the second evaluator is the first without rejection, so that it shows how rejected trials end. */
function differInRejectionOnly(first: EvaluatorSettings, second: EvaluatorSettings): boolean {
  if (traitsOf(first).pace === null || traitsOf(second).pace !== null) return false
  const identity = scoreIdentity(first)
  return identity !== null && isDeepStrictEqual(identity, scoreIdentity(second))
}

/** Replaces rejected trials by those of the other arm: the same seeds give the same networks, epoch by epoch. */
function withRejectedFrom(table: MeasuredArm, twin: readonly MeasuredTrial[]): MeasuredArm {
  return {
    ...table,
    trials: table.trials.map((trial, i) => (trial.stage1?.end === 'rejected' ? (twin[i] ?? trial) : trial)),
  }
}

function isMeasured({ trials, testAccuracies }: ArmRun): boolean {
  return trials.every(({ index, outcome }) => outcome.kind !== 'scored' || testAccuracies.has(index))
}
