import { z } from 'zod'
import { evaluatorSchemas, rankedSchemas } from '../../evaluators/registry.js'
import { settingsKit } from '../../platform/settings/settings-kit.js'

/** The setting `evaluator` of a configuration. */
export const evaluatorSchema = z.discriminatedUnion('name', oneOrMore(evaluatorSchemas(settingsKit)))

/** An evaluator of a ranking. */
export const rankedEvaluatorSchema = z.discriminatedUnion('name', oneOrMore(rankedSchemas(settingsKit)))

function oneOrMore<T>(list: readonly T[]): [T, ...T[]] {
  return list as [T, ...T[]]
}
