import { missingFunction, unusablePart } from '../../platform/parts/make-part.js'
import { ownPart, settingsOf } from '../../platform/parts/own-part.js'
import type { ModuleOptions, ValueOptions } from '../../platform/parts/part-settings.js'
import { bool, exactFields, must, nullable, oneOf, optional, text } from '../../platform/value-checks.js'
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

const flag = optional(bool)
const atLeastOne = must((value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number of at least 1')

const traitsCheck = optional(
  exactFields({
    trainsInFull: flag,
    scoreIsAccuracy: flag,
    isShortTraining: flag,
    pace: optional(
      nullable(
        exactFields({
          phase: text,
          ratio: must((value) => typeof value === 'number' && value > 1, 'a number above 1'),
          unit: oneOf(['seconds', 'work', 'steps']),
          check: oneOf(['epoch', 'step']),
          maxEpochs: atLeastOne,
          batch: atLeastOne,
        }),
      ),
    ),
  }),
)

function problemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'it must be an object with a name and a function evaluate'
  const missing = missingFunction(value, ['evaluate'])
  if (missing !== undefined) return `it has no function ${missing}`
  const { name, traits } = value as Readonly<Record<'name' | 'traits', unknown>>
  if (typeof name !== 'string' || name === '') return 'its name must be text'
  const problem = traitsCheck(traits)
  return problem === null ? null : `its traits${problem}`
}
