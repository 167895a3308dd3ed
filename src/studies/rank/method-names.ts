import { type EvaluatorSettings, labelOf } from '../../evaluators/registry.js'
import type { RankingMethod } from './ranking.js'

/**
 * Names evaluators for people: the evaluator's own name or its module, and where several share it the settings in which they differ,
 * as in `short-training epochs=2`; a text stands for itself, as in `zero-cost synflow`.
 */
export function nameMethods(evaluators: readonly EvaluatorSettings[]): readonly RankingMethod[] {
  const labels = evaluators.map(labelOf)
  const settings = evaluators.map((evaluator) => flatten(evaluator))
  return evaluators.map((evaluator, i) => {
    const alike = settings.filter((_, j) => labels[j] === labels[i])
    const mine = settings[i] as Settings
    const telling = [...mine].filter(([key, value]) => alike.some((other) => other.get(key) !== value))
    const words = telling.map(([key, value]) => (typeof value === 'string' ? value : `${key}=${value}`))
    return { name: [labels[i], ...words].join(' '), evaluator }
  })
}

type Settings = ReadonlyMap<string, unknown>

/** Settings by their dotted path. */
function flatten(value: object, prefix = ''): Settings {
  return new Map(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
      const path = `${prefix}${key}`
      return typeof inner === 'object' && inner !== null ? [...flatten(inner, `${path}.`)] : [[path, inner] as const]
    }),
  )
}
