import { ConfigError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { createSearchSpace, type SpaceOptions } from '../spaces/registry.js'
import { createStrategy, type StrategyOptions } from '../strategies/registry.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/**
 * Loads and tries the strategies that are the user's own modules. This runs their code, so only a command that is about to
 * search with them may call it.
 */
export function checkModules(config: Config): readonly Complaint[] {
  return strategiesOf(config).flatMap(([path, strategy]) => {
    const problem = strategy.name === 'module' ? moduleProblem(strategy, config.space) : null
    const place = [...path, 'module']
    return problem === null ? [] : [{ path: place, sentence: `${dotted(place)} ${problem}` }]
  })
}

/** Why a module makes no strategy for a space; null if it does. Runs its code. */
export function moduleProblem(strategy: StrategyOptions, space: SpaceOptions): string | null {
  try {
    createStrategy(strategy, createSearchSpace(space), createRng('check'))
    return null
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
  }
}

/** The modules that a configuration names, as they are written, each once. */
export function modulesOf(config: Config): readonly string[] {
  return [...new Set(strategiesOf(config).flatMap(([, one]) => (one.name === 'module' ? [one.module] : [])))]
}

/** Every strategy of a configuration, and where it stands. */
export function strategiesOf({ arms = [], strategy }: Config): readonly (readonly [ConfigPath, StrategyOptions])[] {
  return [
    [['strategy'], strategy],
    ...arms.flatMap((arm, i) => (arm.strategy ? [[['arms', i, 'strategy'], arm.strategy] as const] : [])),
  ]
}
