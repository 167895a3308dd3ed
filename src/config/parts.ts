import type { PartKind } from '../platform/parts/part-kind.js'
import { onlyByProgram } from '../platform/parts/part-shapes.js'
import type { StrategyOptions } from '../strategies/registry.js'
import { evaluatorsOf } from './evaluators-of.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/** A part that a configuration chooses, and where. */
export interface ConfigPart {
  readonly kind: PartKind
  readonly path: ConfigPath
  readonly options: { readonly name: string; readonly module?: unknown; readonly value?: unknown }
}

/**
 * Whether a part can be made without running code that was not asked for: not if it is a module's, nor if it is a value of
 * which a journal has the name alone.
 */
export function isAtHand({ name, value }: ConfigPart['options']): boolean {
  return name !== 'module' && !(name === 'value' && typeof value === 'string')
}

/** Every part that a configuration chooses, be it of this package, a module or a value. */
export function partsOf(config: Config): readonly ConfigPart[] {
  const { data, engine, space } = config
  return [
    { kind: 'search space', path: ['space'], options: space },
    { kind: 'data set', path: ['data'], options: data },
    ...(typeof engine === 'string' ? [] : [{ kind: 'engine' as const, path: ['engine'], options: engine }]),
    ...strategiesOf(config).map(([path, options]) => ({ kind: 'strategy' as const, path, options })),
    ...evaluatorsOf(config).map(({ path, evaluator }) => ({ kind: 'evaluator' as const, path, options: evaluator })),
  ]
}

/** Every strategy of a configuration, with its path. */
export function strategiesOf({ arms = [], strategy }: Config): readonly (readonly [ConfigPath, StrategyOptions])[] {
  return [
    [['strategy'], strategy],
    ...arms.flatMap((arm, i) => (arm.strategy ? [[['arms', i, 'strategy'], arm.strategy] as const] : [])),
  ]
}

/** Parts that are values in a file, which can hold none. */
export function checkNoValues(config: Config): readonly Complaint[] {
  return partsOf(config).flatMap(({ path, options }) => {
    if (options.name !== 'value') return []
    const valuePath = [...path, 'value']
    return [{ path: valuePath, sentence: `${dotted(valuePath)} ${onlyByProgram}.` }]
  })
}
