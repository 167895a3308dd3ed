import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ConfigError } from './errors.js'
import { expandHome, homeFolder } from './home.js'
import { messageOf } from './message-of.js'
import { makeTrusted, makeTrustedAmongOthers } from './trusted-folder.js'

/**
 * The cache folder, created if needed: `$FEAR_NAS_CACHE`, else `$XDG_CACHE_HOME/fear-nas`, else `~/.cache/fear-nas`.
 * Its contents affect results, so it must belong to this user or root, and no other user may write into it; members of
 * its group may if `$FEAR_NAS_CACHE` names it. Otherwise, or if it is not writable, a folder for temporary files is
 * used, after a warning.
 *
 * @throws ConfigError if that folder cannot be used either.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, warn: (message: string) => void = warnOnce): string {
  const wanted = wantedFolder(env, warn)
  try {
    if (wanted === null) throw new Error('this user has no home folder')
    makeTrusted(wanted, env.FEAR_NAS_CACHE ? 'its group' : 'nobody')
    return wanted
  } catch (error) {
    const temporary = temporaryFolder()
    const named = wanted === null ? '' : ` ${wanted}`
    warn(`the cache folder${named} cannot be used (${messageOf(error)}), so ${temporary} is used. Set FEAR_NAS_CACHE.`)
    return temporary
  }
}

/**
 * The same, for files that other processes of this user are to find: null if it is a folder of this process alone, or if
 * none can be created. Warns of nothing.
 */
export function lastingCacheFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  try {
    const folder = cacheFolder(env, () => {})
    return [...fresh.values()].includes(folder) ? null : folder
  } catch {
    return null
  }
}

const said = new Set<string>()

function warnOnce(message: string): void {
  if (said.has(message)) return
  said.add(message)
  process.emitWarning(message)
}

/** Null for a user without a home folder. */
function wantedFolder(env: NodeJS.ProcessEnv, warn: (message: string) => void): string | null {
  if (env.FEAR_NAS_CACHE) return path.resolve(expandHome(env.FEAR_NAS_CACHE, homeFolder(env)))
  // The specification of XDG_CACHE_HOME says to ignore relative paths.
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'fear-nas')
  const home = homeFolder(env)
  if (env.HOME !== undefined && home !== null && home !== env.HOME) {
    warn(`HOME is '${env.HOME}', which is not an absolute path, so ${home} is used as the home folder.`)
  }
  return home === null ? null : path.join(home, '.cache', 'fear-nas')
}

/** Private folders of this process, deleted when it ends, by the usual folder that cannot be used. */
const fresh = new Map<string, string>()

/** One folder per user, so that users of a shared machine do not share files. */
function temporaryFolder(): string {
  const parent = tmpdir()
  const usual = path.join(parent, `fear-nas-cache-${process.getuid?.() ?? 'user'}`)
  try {
    makeTrustedAmongOthers(usual)
    return usual
  } catch (error) {
    const known = fresh.get(usual)
    if (known !== undefined) return known
    try {
      const made = mkdtempSync(`${usual}-`)
      process.on('exit', () => rmSync(made, { recursive: true, force: true }))
      fresh.set(usual, made)
      return made
    } catch {
      throw new ConfigError(
        `no cache folder can be created, not even ${usual} (${messageOf(error)}). ` +
          'Set FEAR_NAS_CACHE to a folder of your own.',
      )
    }
  }
}
