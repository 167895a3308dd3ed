import { z } from 'zod'
import { missingFunction, unusablePart } from '../../platform/parts/make-part.js'
import { ownPart, settingsOf } from '../../platform/parts/own-part.js'
import type { ModuleOptions, ValueOptions } from '../../platform/parts/part-settings.js'
import type { Evaluator } from '../evaluator.js'
import { type EvaluatorTraits, neutralTraits } from '../traits.js'

/** An evaluator from outside the package. Plain data, unless it is a value. */
export type OwnEvaluatorOptions = ModuleOptions | ValueOptions<Evaluator>

/**
 * The evaluator that a module makes or a program passed. Runs the module's code in this thread.
 *
 * @throws ConfigError if the module cannot be loaded or makes no evaluator, saying why; if the value is not here, see
 * `PartValue.open`.
 */
export function createOwnEvaluator(options: OwnEvaluatorOptions): Evaluator {
  const { made, subject } = ownPart(options, 'evaluator', settingsOf(options))
  const wrong = problemOf(made)
  if (wrong === null) return made as Evaluator
  throw unusablePart(subject, 'evaluator', wrong)
}

/** One for each object of options: traits are asked for more than once. */
const described = new WeakMap<OwnEvaluatorOptions, EvaluatorTraits>()

/** What an evaluator from outside says of itself. Runs the module's code in this thread. */
export function ownTraits(options: OwnEvaluatorOptions): EvaluatorTraits {
  const known = described.get(options)
  if (known !== undefined) return known
  const traits = { ...neutralTraits, ...createOwnEvaluator(options).traits }
  described.set(options, traits)
  return traits
}

const flag = z.boolean().optional()
const traitsSchema = z
  .strictObject({
    trainsInFull: flag,
    scoreIsAccuracy: flag,
    isShortTraining: flag,
    pace: z
      .strictObject({
        phase: z.string(),
        ratio: z.number().gt(1),
        unit: z.enum(['seconds', 'work', 'steps']),
        check: z.enum(['epoch', 'step']),
        maxEpochs: z.int().min(1),
        batch: z.int().min(1),
      })
      .nullable()
      .optional(),
  })
  .optional()

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'it must be an object with a name and a function evaluate'
  const missing = missingFunction(value, ['evaluate'])
  if (missing !== undefined) return `it has no function ${missing}`
  const { name, traits } = value as Readonly<Record<'name' | 'traits', unknown>>
  if (typeof name !== 'string' || name === '') return 'its name must be text'
  const issue = traitsSchema.safeParse(traits).error?.issues[0]
  return issue === undefined ? null : `its ${['traits', ...issue.path].join('.')} is wrong: ${issue.message}`
}
