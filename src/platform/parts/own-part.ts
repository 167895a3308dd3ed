import { attempt, makePart } from './make-part.js'
import type { PartKind } from './part-kind.js'
import type { ModuleOptions, ValueOptions } from './part-settings.js'
import { PartValue } from './part-value.js'

/** What a module made or a program passed, unchecked. */
interface MadePart {
  /** A promise where an asynchronous factory made it. */
  readonly made: unknown
  /** What is at fault if it cannot be used, with its verb, as `unusablePart` takes it. */
  readonly subject: string
}

/**
 * What a module makes, or the part that a program passed. A strategy that is passed is a factory, and a data set may be one:
 * it is called like a module's. Runs the code of the module or the factory in this thread.
 *
 * @param args of the factory
 * @throws ConfigError if the module cannot be loaded or a factory throws; if the value is not here, see `PartValue.open`.
 *
 * @example
 * const { made, subject } = ownPart(options, 'evaluator', settingsOf(options))
 * if (!isEvaluator(made)) throw unusablePart(subject, 'evaluator', 'it has no function evaluate')
 */
export function ownPart(
  options: Pick<ModuleOptions, 'name' | 'module'> | ValueOptions<unknown>,
  kind: PartKind,
  ...args: readonly unknown[]
): MadePart {
  if (options.name === 'module')
    return { made: makePart(options.module, kind, ...args), subject: `${options.module} made` }
  const value = PartValue.open(options.value, kind)
  const subject = `The value "${options.value}"`
  const isFactory = kind === 'strategy' || (kind === 'data set' && typeof value === 'function')
  if (!isFactory) return { made: value, subject: `${subject} is` }
  const factory = value as (...given: readonly unknown[]) => unknown
  return { made: attempt(`${subject} made`, kind, () => factory(...args)), subject: `${subject} made` }
}

/** What a module's factory is passed; a value has no settings. */
export function settingsOf(options: ModuleOptions | ValueOptions<unknown>): ModuleOptions['settings'] {
  return options.name === 'module' ? options.settings : {}
}
