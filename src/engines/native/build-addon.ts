import { spawn } from 'node:child_process'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { addonName, buildScript } from '../../platform/addon-place.js'
import { type Clock, systemClock } from '../../platform/clock.js'
import { EngineError } from '../../platform/errors.js'
import { tryLock } from '../../platform/lock-file.js'
import { firstLineOf } from '../../platform/message-of.js'
import { shorten } from '../../platform/shorten.js'
import { isPackagedAddonWhole, loadAddon, nativeAddonPath } from './addon.js'
import { type BuildOutlook, buildOutlook, buildSeconds } from './build-outlook.js'
import { forgetFailure, keepFailure } from './failed-build.js'

export interface BuildOptions {
  /** Told, in a line, that a build begins or is waited for. */
  readonly tell: (line: string) => void
  /** Builds although it failed before, or FEAR_NAS_NO_BUILD is set, since the user asks for it. */
  readonly isForced?: boolean
  readonly clock?: Clock
}

/** There is an addon, built now or before; or there is none, for a reason in one line. */
export type AddonBuild =
  | { readonly file: string; readonly isNew: boolean; readonly seconds: number }
  | { readonly file: null; readonly reason: string }

/** A slower build is given up; no process waits longer for another's. */
const limitSeconds = 1800
const pollMilliseconds = 250

/**
 * Builds the native engine's addon if there is none that loads: package managers do not run install scripts unless they
 * are told to. It is built in the package's folder or, if that cannot be written, in this user's cache. One process
 * builds, others wait. A build that fails is not tried again until compiler or sources change, or the user asks for it.
 *
 * @throws EngineError if the build is interrupted, as by Ctrl-C.
 */
export async function buildMissingAddon(options: BuildOptions): Promise<AddonBuild> {
  const { tell, isForced = false, clock = systemClock } = options
  const missing = whyNotLoaded()
  if (missing === null) return present()
  const outlook = buildOutlook({ isForced, keepsPackaged: isPackagedAddonWhole() })
  if (outlook.folder === null) return refused(missing, outlook)
  const { folder } = outlook
  for (let isFirst = true; ; isFirst = false) {
    const release = lockFor(folder, clock)
    if (typeof release === 'string') return { file: null, reason: release }
    if (release !== null) {
      try {
        return await buildLocked(folder, options)
      } finally {
        release()
      }
    }
    if (isFirst) tell('Waiting for the native engine, which another process is building (once) ...')
    await delay(pollMilliseconds)
  }
}

/** Another process may have built it, or failed, before this one had the lock. */
async function buildLocked(
  folder: string,
  { tell, isForced = false, clock = systemClock }: BuildOptions,
): Promise<AddonBuild> {
  const missing = whyNotLoaded()
  if (missing === null) return present()
  const outlook = buildOutlook({ isForced, keepsPackaged: isPackagedAddonWhole() })
  if (outlook.folder === null) return refused(missing, outlook)
  tell(`Building the native engine (once, about ${buildSeconds} s) ...`)
  const startSeconds = clock.now()
  const failure = (await runScript(folder)) ?? whyNotLoaded()
  if (failure === null) {
    forgetFailure(folder)
    return { file: path.join(folder, addonName), isNew: true, seconds: clock.now() - startSeconds }
  }
  const reason = shorten(failure, 500)
  keepFailure(folder, { ...outlook.attempt, date: clock.date(), reason })
  return { file: null, reason: `building the native engine failed: ${reason}` }
}

function present(): AddonBuild {
  return { file: nativeAddonPath(), isNew: false, seconds: 0 }
}

/** An addon that is there and does not load says so itself; what can be done about it is in the outlook. */
function refused(missing: string, { advice }: BuildOutlook): AddonBuild {
  return { file: null, reason: missing.includes(advice) ? missing : `${missing}; it cannot be built: ${advice}` }
}

function whyNotLoaded(): string | null {
  try {
    loadAddon()
    return null
  } catch (error) {
    return firstLineOf(error)
  }
}

/** What releases the lock; null if another process has it; a reason if there can be none. */
function lockFor(folder: string, clock: Clock): (() => void) | null | string {
  try {
    return tryLock(`${folder}.lock`, clock, limitSeconds)
  } catch (error) {
    return `${folder} cannot be written: ${firstLineOf(error)}`
  }
}

/**
 * Runs the build script in a process of its own.
 *
 * @returns null, or why it failed, in a line.
 */
function runScript(folder: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [buildScript(), '--into', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 1000 * limitSeconds,
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', (error) => resolve(firstLineOf(error)))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(null)
      else if (signal === null) resolve(reasonIn(output))
      else if (signal === 'SIGKILL') resolve('its build was killed')
      else reject(new EngineError(`building the native engine was interrupted (${signal}); the next run builds it`))
    })
  })
}

/** The compiler's first error, or else what the script says. */
function reasonIn(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const first =
    lines.find((line) => /\berror\b/i.test(line)) ?? lines.find((line) => line.includes('not built:')) ?? lines[0]
  return first?.replace(/^native engine: not built: /, '').trim() ?? 'its build said nothing'
}
