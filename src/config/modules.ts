import { isOwn, moduleOf, traitsOf } from '../evaluators/registry.js'
import { ConfigError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { createSearchSpace, type SpaceOptions } from '../spaces/registry.js'
import { createStrategy, type StrategyOptions } from '../strategies/registry.js'
import { checkOwnTarget } from './check-target.js'
import { evaluatorsOf } from './evaluators-of.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/**
 * Loads and tries the strategies and evaluators that come from outside the package. This runs their code, so only a command that is about to
 * use them may call it.
 */
export function checkModules(config: Config): readonly Complaint[] {
  const strategies = strategiesOf(config).flatMap(([path, strategy]) => {
    const problem = strategy.name === 'module' ? moduleProblem(strategy, config.space) : null
    const place = [...path, 'module']
    return problem === null ? [] : [{ path: place, sentence: `${dotted(place)} ${problem}` }]
  })
  const evaluators = evaluatorsOf(config).flatMap(({ path, evaluator }) => {
    const problem = isOwn(evaluator) ? problemIn(() => traitsOf(evaluator)) : null
    const place = [...path, evaluator.name]
    return problem === null ? [] : [{ path: place, sentence: `${dotted(place)} ${problem}` }]
  })
  const wrong = [...strategies, ...evaluators]
  return wrong.length > 0 ? wrong : checkOwnTarget(config)
}

/** Why a module makes no strategy for a space; null if it does. Runs its code. */
export function moduleProblem(strategy: StrategyOptions, space: SpaceOptions): string | null {
  return problemIn(() => createStrategy(strategy, createSearchSpace(space), createRng('check')))
}

function problemIn(make: () => unknown): string | null {
  try {
    make()
    return null
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
  }
}

/** The modules that a configuration names, as they are written, each once. */
export function modulesOf(config: Config): readonly string[] {
  return [
    ...new Set([
      ...strategiesOf(config).flatMap(([, one]) => (one.name === 'module' ? [one.module] : [])),
      ...evaluatorsOf(config).flatMap(({ evaluator }) => moduleOf(evaluator) ?? []),
    ]),
  ]
}

/** Every strategy of a configuration, and where it stands. */
export function strategiesOf({ arms = [], strategy }: Config): readonly (readonly [ConfigPath, StrategyOptions])[] {
  return [
    [['strategy'], strategy],
    ...arms.flatMap((arm, i) => (arm.strategy ? [[['arms', i, 'strategy'], arm.strategy] as const] : [])),
  ]
}
