import { type EvaluatorSettings, traitsOf } from '../evaluators/registry.js'
import { ConfigError } from '../platform/errors.js'
import { partFactory } from '../platform/parts/make-part.js'
import type { PartKind } from '../platform/parts/part-kind.js'
import { PartValue } from '../platform/parts/part-value.js'
import { createRng } from '../platform/rng.js'
import { createSearchSpace, type SpaceOptions } from '../spaces/registry.js'
import { createStrategy, type StrategyOptions } from '../strategies/registry.js'
import { checkOwnTarget } from './check-target.js'
import { checkInSpace } from './checks.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import { type ConfigPart, partsOf } from './parts.js'
import type { Config } from './schema/config.js'

/** A module that a configuration names. */
export interface NamedModule {
  /** As it is written. */
  readonly module: string
  readonly kind: PartKind
  /** The path of the part that names it. */
  readonly path: ConfigPath
}

/** Every place where a configuration names a module. */
export function modulesOf(config: Config): readonly NamedModule[] {
  return partsOf(config).flatMap((part) => (isModule(part) ? [{ ...part, module: part.options.module }] : []))
}

/** The modules that a configuration names, as written, each once. */
export function moduleNames(config: Config): readonly string[] {
  return [...new Set(modulesOf(config).map(({ module }) => module))]
}

/**
 * Loads the modules of a configuration and tries what they make, as far as that takes no data, and says which values of a
 * recorded configuration are missing. This runs their code, so only a command that is about to run the configuration may
 * call it.
 */
export function checkModules(config: Config): readonly Complaint[] {
  const { space } = config
  const wrong = [...checkAbsentValues(config), ...checkSpaceModule(space)]
  // Everything else looks into the space.
  if (wrong.length > 0) return wrong
  const wrongParts = partsOf(config).flatMap((part) => {
    if (!isOwnPart(part)) return []
    return complaint(
      [...part.path, part.options.name],
      problem(() => tryPart(part, space)),
    )
  })
  if (wrongParts.length > 0) return wrongParts
  return [...checkOwnTarget(config), ...(space.name === 'module' ? checkInSpace(config) : [])]
}

/** What is wrong with a search space that is a module. Runs its code. */
export function checkSpaceModule(space: SpaceOptions): readonly Complaint[] {
  if (space.name !== 'module') return []
  return complaint(
    ['space', 'module'],
    problem(() => createSearchSpace(space)),
  )
}

/** Why a module cannot make a strategy for a space; null if it can. Runs its code. */
export function moduleProblem(strategy: StrategyOptions, space: SpaceOptions): string | null {
  return problem(() => createStrategy(strategy, createSearchSpace(space), createRng('check')))
}

/** A journal has the name of a value alone. */
function checkAbsentValues(config: Config): readonly Complaint[] {
  return partsOf(config).flatMap(({ kind, path, options: { name, value } }) => {
    if (name !== 'value' || typeof value !== 'string') return []
    return complaint(
      [...path, 'value'],
      problem(() => PartValue.open(value, kind)),
    )
  })
}

type ModulePart = ConfigPart & { readonly options: { readonly module: string } }

function isModule(part: ConfigPart): part is ModulePart {
  return part.options.name === 'module'
}

function isOwnPart({ options: { name } }: ConfigPart): boolean {
  return name === 'module' || name === 'value'
}

/** @throws ConfigError */
function tryPart(part: ConfigPart, space: SpaceOptions): void {
  const { kind, options } = part
  if (kind === 'strategy') createStrategy(options as StrategyOptions, createSearchSpace(space), createRng('check'))
  else if (kind === 'evaluator') traitsOf(options as EvaluatorSettings)
  // An engine and images may take their time: they are made once, as the run begins.
  else if (isModule(part)) partFactory(part.options.module, kind)
}

function problem(attempt: () => unknown): string | null {
  try {
    attempt()
    return null
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
  }
}

function complaint(path: ConfigPath, problem: string | null): readonly Complaint[] {
  return problem === null ? [] : [{ path, sentence: `${dotted(path)} ${problem}` }]
}
