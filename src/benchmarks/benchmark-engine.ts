import { checkedEngine } from '../engines/checked-engine.js'
import { type ChoiceOptions, chooseEngine } from '../engines/choose-engine.js'
import type { Engine, EngineName } from '../engines/engine.js'
import { loadNativeEngine, nativeInstructionSets } from '../engines/native/native-engine.js'
import { engineNames } from '../engines/registry.js'
import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'
import { either, worded } from '../platform/wording.js'

/** The engine to measure. */
export interface EngineWish {
  readonly engine: EngineName | 'auto'
  /** An instruction set of the native engine; null: FEAR_NAS_ISA, or the best available. */
  readonly isa: string | null
}

/**
 * Checks the name of an engine.
 *
 * @throws ConfigError that lists the valid names.
 */
export function parseEngineName(name: string): EngineName | 'auto' {
  const names = [...engineNames, 'auto'] as const
  const known = names.find((candidate) => candidate === name)
  if (known !== undefined) return known
  const meant = closest(name, names)
  throw new ConfigError(
    `There is no engine "${name}"${meant === null ? '' : `; did you mean ${meant}?`} (engines: ${names.join(', ')}).`,
  )
}

/**
 * Loads the engine.
 *
 * @throws EngineError if it does not load here; ConfigError if it has no such instruction set.
 */
export async function loadBenchmarkEngine(
  { engine: name, isa }: EngineWish,
  choice: ChoiceOptions = {},
): Promise<Engine> {
  if (isa === null) return (await chooseEngine(name, choice)).engine
  if (name !== 'native' && name !== 'auto') {
    throw new ConfigError(worded`${either('The option isa', '--isa')} is for the native engine only, not for ${name}.`)
  }
  // Builds it if it is missing.
  await chooseEngine('native', choice)
  const available = nativeInstructionSets()
  if (available.includes(isa)) return checkedEngine(loadNativeEngine(isa))
  throw new ConfigError(`This machine does not have the instruction set "${isa}" (it has: ${available.join(', ')}).`)
}
