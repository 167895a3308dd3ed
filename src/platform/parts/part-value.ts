import { ConfigError } from '../errors.js'

/**
 * A part that a program passed as a value instead of naming it: a strategy, an evaluator, a search space, a data set or
 * an engine. Used in a configuration in place of a built-in part; in JSON, such as a journal, only its name is kept.
 *
 * @example
 * const space = { name: 'value', value: new PartValue('my-space', mySpace) }
 * JSON.stringify(space) // {"name":"value","value":"my-space"}
 */
export class PartValue<T> {
  readonly name: string
  readonly #part: T

  constructor(name: string, part: T) {
    this.name = name
    this.#part = part
  }

  /**
   * The part of a setting.
   *
   * @param setting only a name if the configuration was read from JSON
   * @param kind for messages: `strategy`
   * @throws ConfigError if it is only a name: only the program that started the run has the part.
   */
  static open<T>(setting: PartValue<T> | string, kind: string): T {
    if (setting instanceof PartValue) return setting.#part
    throw new ConfigError(
      `The ${kind} "${setting}" was passed as a value by the program that began this run. Go on with that program, which ` +
        'passes it again.',
    )
  }

  toJSON(): string {
    return this.name
  }

  toString(): string {
    return this.name
  }
}
