import { chooseEngine, type EngineChoice } from '../engines/choose-engine.js'
import { type EngineOptions, engineNames } from '../engines/registry.js'
import { IdentityError, type Session } from '../journal/check-identity.js'
import { EngineError } from '../platform/errors.js'
import { pathWord } from '../platform/shell.js'
import { placing, worded } from '../platform/wording.js'

/**
 * Loads the engine of a run's earlier sessions, also for `engine: auto` if another engine is faster now.
 *
 * @param tell see `chooseEngine`
 * @throws IdentityError if the configuration wants another engine, if it does not load here, or if the sessions had several.
 */
export async function chooseRecordedEngine(
  wanted: EngineOptions | 'auto',
  directory: string,
  sessions: readonly Session[],
  tell?: (line: string) => void,
): Promise<EngineChoice> {
  const names = [...new Set(sessions.map(({ engine }) => engine))]
  const [recorded = '', ...others] = names
  const run = pathWord(directory)
  if (others.length > 0) {
    throw new IdentityError(
      worded`${run} has trials of several engines (${names.join(', ')}), which older versions of fear-nas allowed: they are not comparable. Start a new run in another folder with ${placing()}.`,
    )
  }
  const checkName = (name: string): void => {
    if (name === recorded) return
    throw new IdentityError(
      worded`${run} was measured on the engine ${recorded}, but would continue with ${name}: their trials would not be comparable. Set engine to ${recorded}, or start a new run in another folder with ${placing()}.`,
    )
  }
  if (typeof wanted !== 'string') {
    const choice = await chooseEngine(wanted, { tell })
    checkName(choice.engine.name)
    return choice
  }
  if (wanted !== 'auto') checkName(wanted)
  const name = engineNames.find((known) => known === recorded)
  if (name === undefined) {
    throw new IdentityError(
      `${run} was measured on the engine ${recorded}, which this fear-nas does not have (${engineNames.join(', ')}). Continue ` +
        'with the version that started it.',
    )
  }
  try {
    return await chooseEngine(name, { tell })
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause
    throw new IdentityError(
      worded`${run} was measured on the engine ${recorded}, which does not load now (trials of another engine would not be comparable): ${cause.message.replace(/\.?$/, '.')} Fix this, or start a new run in another folder with ${placing()}.`,
      { cause },
    )
  }
}
