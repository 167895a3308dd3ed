import type { Clock } from '../platform/clock.js'
import { EngineError } from '../platform/errors.js'
import { visibleGpus } from '../platform/hardware.js'
import { firstLineOf } from '../platform/message-of.js'
import type { Engine, EngineInfo, EngineName } from './engine.js'
import { type EngineOptions, engineNames, loadEngine } from './registry.js'

/** One attempt to load an engine. `reason` says why it failed; null if it did not. */
export interface EngineAttempt {
  readonly name: EngineName
  readonly ok: boolean
  readonly reason: string | null
}

export interface EngineChoice {
  readonly engine: Engine
  /** What loads the same engine again, as workers do. */
  readonly options: EngineOptions
  /** Every engine of this package that was tried, in order; the last one is the engine chosen. */
  readonly tried: readonly EngineAttempt[]
  /** A warning before a long run; null if the fastest engine or a named one was chosen. */
  readonly warning: string | null
}

/** The result of `fear-nas doctor` for an engine. */
export interface EngineProbe extends EngineAttempt {
  /** null if the engine cannot be loaded. */
  readonly info: EngineInfo | null
  readonly loadMilliseconds: number
}

/**
 * Slowdown of a training step relative to `native`, at 8 channels, 28x28 pixels on one core: with `wasm` (2 for AVX2, 3
 * for AVX-512) and with `tfjs-cpu`. Measured by `node benchmarks/engines.mjs`.
 */
export const slowdowns = { wasm: 3, 'tfjs-cpu': 300 } as const

export interface ChoiceOptions {
  /** Told, in a line, that the native engine is being built, which takes a while. Default: a warning of the process. */
  readonly tell?: ((line: string) => void) | undefined
  /** Whether the native engine is built where it is wanted and missing; default true. Workers never build. */
  readonly builds?: boolean
}

/**
 * Loads the requested engine, or for `auto` the fastest one that loads here: `tensorflow` only with a GPU, since
 * `native` is faster on a CPU. The native engine is built first if it is missing, see `buildMissingAddon`.
 *
 * @throws EngineError if the wanted engine, or for `auto` every engine, cannot be loaded, or if the build is interrupted;
 * ConfigError if a module or a value is no engine.
 */
export async function chooseEngine(
  wanted: EngineOptions | 'auto',
  { tell = (line) => process.emitWarning(line), builds = true }: ChoiceOptions = {},
): Promise<EngineChoice> {
  if (typeof wanted !== 'string') {
    return { engine: await loadEngine(wanted), options: wanted, tried: [], warning: null }
  }
  const build = (name: EngineName): Promise<string | null> =>
    builds && name === 'native' ? buildNative(tell) : Promise.resolve(null)
  if (wanted !== 'auto') {
    const problem = await build(wanted)
    if (problem !== null) throw cannotLoad(wanted, problem)
    return { engine: await forceEngine(wanted), options: wanted, tried: [succeeded(wanted)], warning: null }
  }
  const failed: EngineAttempt[] = []
  for (const name of engineNames) {
    // Outside the attempt, since an interrupted build ends the choice.
    const problem = await build(name)
    try {
      if (problem !== null) throw new EngineError(problem)
      const engine = await loadForAuto(name)
      return { engine, options: name, tried: [...failed, succeeded(name)], warning: fallbackWarning(name, failed) }
    } catch (error) {
      failed.push({ name, ok: false, reason: firstLineOf(error) })
    }
  }
  throw new EngineError(`no engine can be loaded here: ${listReasons(failed)}`)
}

/** @returns why there is no native engine; null if there is one. */
async function buildNative(tell: (line: string) => void): Promise<string | null> {
  const { buildMissingAddon } = await import('./native/build-addon.js')
  const build = await buildMissingAddon({ tell })
  return build.file === null ? build.reason : null
}

async function loadForAuto(name: EngineName): Promise<Engine> {
  if (name !== 'tensorflow') return loadEngine(name)
  // Checked first, since loading the library takes seconds and hundreds of megabytes.
  if (visibleGpus(process.env).length === 0)
    throw new EngineError('no NVIDIA GPU was found, and native is faster on a CPU')
  const engine = await loadEngine(name)
  if (!engine.info.gpu) throw new EngineError('it does not use the GPU, and native is faster on a CPU')
  return engine
}

/** Tries to load every engine and reports the results. */
export async function probeEngines(clock: Clock): Promise<EngineProbe[]> {
  const probes: EngineProbe[] = []
  // One after the other, so that the times are separate.
  for (const name of engineNames) {
    const startSeconds = clock.now()
    const outcome = await loadEngine(name).then(
      ({ info }) => ({ ok: true, reason: null, info }),
      (error: unknown) => ({ ok: false, reason: firstLineOf(error), info: null }),
    )
    probes.push({ name, ...outcome, loadMilliseconds: 1000 * (clock.now() - startSeconds) })
  }
  return probes
}

async function forceEngine(name: EngineName): Promise<Engine> {
  try {
    return await loadEngine(name)
  } catch (cause) {
    throw cannotLoad(name, firstLineOf(cause), cause)
  }
}

function cannotLoad(name: EngineName, reason: string, cause?: unknown): EngineError {
  return new EngineError(`engine "${name}" cannot be loaded: ${reason}`, { cause })
}

/** TensorFlow is optional, so its absence is not reported. */
function fallbackWarning(chosen: EngineName, failed: readonly EngineAttempt[]): string | null {
  const missed = failed.filter(({ name }) => name !== 'tensorflow')
  if (missed.length === 0) return null
  const slowdown = chosen in slowdowns ? slowdowns[chosen as keyof typeof slowdowns] : 1
  const warning =
    `Using the engine ${chosen}: training takes about ${slowdown} times as long as with native. ` +
    `Cannot be loaded: ${listReasons(missed)}.`
  return chosen === 'tfjs-cpu' ? `WARNING: far too slow for a search. ${warning}` : warning
}

function listReasons(failed: readonly EngineAttempt[]): string {
  return failed.map(({ name, reason }) => `${name} (${reason})`).join('; ')
}

function succeeded(name: EngineName): EngineAttempt {
  return { name, ok: true, reason: null }
}
