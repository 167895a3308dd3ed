import type { Config } from '../config/schema/config.js'
import type { ReplayedRun } from '../journal/replay.js'
import { ConfigError } from '../platform/errors.js'
import { either, worded } from '../platform/wording.js'
import type { ArmOptions } from '../studies/index.js'
import { studyArms } from './study-options.js'

/** The settings that may change when a comparison is extended; none affects recorded trials. */
const free = new Set([
  'arms',
  'constraints',
  'evaluator',
  'finalists',
  'isolation',
  'lowerFidelities',
  'prefilter',
  'rank',
  'resampling',
  'strategy',
  'trialTimeout',
  'workers',
])

/**
 * Checks that a comparison can continue with another configuration: one with the recorded arms unchanged, and further
 * arms over the same data, space, training and architectures.
 *
 * @throws ConfigError that names what differs.
 */
export function checkExtension(file: string, before: Config, after: Config, { started, arms }: ReplayedRun): void {
  if (started.command !== 'compare') {
    throw new ConfigError(
      worded`${either('The option config', '--config')} is for comparisons, but this run is a ${started.command}. Remove it.`,
    )
  }
  const keys = Object.keys({ ...before, ...after }) as (keyof Config)[]
  const different = keys.filter((key) => !free.has(key) && !same(before[key], after[key]))
  if (different.length > 0) {
    throw new ConfigError(
      `${file} differs from the run in ${different.join(', ')}: its arms would not be comparable with the existing ones. ` +
        'Make these the same, or start a new run.',
    )
  }
  const recorded = studyArms('compare', before).filter(({ name }) => arms.has(name))
  const wanted = studyArms('compare', after)
  for (const arm of recorded) checkArm(file, arm, wanted)
  const { atLimit: _, trials, ...otherLimits } = after.budget
  if (trials !== undefined && Object.values(otherLimits).every((limit) => limit === undefined)) return
  if (recorded[0] === undefined || recorded[0].name === wanted[0]?.name) return
  throw new ConfigError(
    `${file} must keep ${recorded[0].name} as its first arm: if the budget is not in trials, the first arm determines how ` +
      'many architectures the others get.',
  )
}

function checkArm(file: string, arm: ArmOptions, wanted: readonly ArmOptions[]): void {
  const now = wanted.find(({ name }) => name === arm.name)
  if (now === undefined) {
    throw new ConfigError(`${file} lacks the arm ${arm.name}, of which the run has trials. Add it unchanged.`)
  }
  if (same(arm, now)) return
  throw new ConfigError(
    `${file} changes the arm ${arm.name}, of which the run has trials. Give the new settings another name.`,
  )
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
