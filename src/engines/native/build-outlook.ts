import { existsSync } from 'node:fs'
import {
  addonSourcesDigest,
  buildScript,
  cachedAddonFolder,
  canWritePackage,
  packagedAddonFolder,
} from '../../platform/addon-place.js'
import { findCompiler } from '../../platform/compiler.js'
import { packageRoot } from '../../platform/files.js'
import { type BuildAttempt, readFailure } from './failed-build.js'

/** What the user can always run. */
export const buildCommand = 'fear-nas doctor --build'

/** Seconds that a build takes on two free cores, rounded up: 31 s of processor time (AMD EPYC, GCC 12). */
export const buildSeconds = 30

/** Whether a missing addon can be built now, and what to tell the user about it. */
export type BuildOutlook =
  | { readonly folder: string; readonly attempt: BuildAttempt; readonly advice: string }
  | { readonly folder: null; readonly advice: string }

export interface OutlookOptions {
  /** Whether the addon in the package's own folder must stay as it is. */
  readonly keepsPackaged?: boolean
  /** Whether the user asks for it, whatever happened before. */
  readonly isForced?: boolean
}

/** Looks for a compiler, which takes some milliseconds, and for a build that failed before. */
export function buildOutlook({ keepsPackaged = false, isForced = false }: OutlookOptions = {}): BuildOutlook {
  const { CXX, FEAR_NAS_NO_BUILD } = process.env
  const root = packageRoot()
  if (!isForced && FEAR_NAS_NO_BUILD) {
    return refused(`FEAR_NAS_NO_BUILD is set, so that it is not built; unset it, or run: ${buildCommand}`)
  }
  if (!existsSync(buildScript(root))) return refused(`${buildScript(root)} is missing. Install fear-nas again`)
  const compiler = findCompiler()
  if (compiler === null) {
    return refused(
      CXX
        ? `CXX is "${CXX}", which is no C++ compiler. Correct or unset it`
        : 'no C++ compiler was found (tried c++, g++, clang++). Install one (Debian, Ubuntu: apt install g++; macOS: ' +
            'xcode-select --install; others: set CXX), and the next run builds it',
    )
  }
  const folder = !keepsPackaged && canWritePackage(root) ? packagedAddonFolder(root) : cachedAddonFolder(root)
  if (folder === null) {
    return refused(`neither ${root} nor a cache folder can be written. Set FEAR_NAS_CACHE to a folder of your own`)
  }
  const attempt = { compiler, sources: addonSourcesDigest(root) }
  const failure = isForced ? null : readFailure(folder, attempt)
  if (failure !== null) {
    const { date, reason } = failure
    return refused(`building it failed on ${date.slice(0, 10)} (${reason}). Try again with: ${buildCommand}`)
  }
  const advice = `the next run that uses it builds it (about ${buildSeconds} s), or now: ${buildCommand}`
  return { folder, attempt, advice }
}

function refused(advice: string): BuildOutlook {
  return { folder: null, advice }
}
