import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { ConfigError } from './errors.js'

/**
 * Expands `~` and `~/...` in a path to the home directory. The shell does this only for unquoted words, not in a
 * configuration or a quoted option, where a folder named `~` would be created.
 *
 * @throws ConfigError for `~name`, the home directory of another user, which only the shell expands; and for a user
 * without a home directory.
 */
export function expandHome(written: string, home: string | null = homeFolder()): string {
  if (!written.startsWith('~')) return written
  const [first = ''] = written.split(/[/\\]/, 1)
  if (first === '~' && home !== null) return path.join(home, written.slice(1))
  if (first === '~') throw new ConfigError(`${written}: this user has no home directory. Write the path in full.`)
  throw new ConfigError(
    `${written} begins with the home directory of another user, which is not looked up. Write the path in full, or ` +
      `./${written} for a name that begins with ~.`,
  )
}

/** `$HOME`, or the system's entry for this user if that is empty or not absolute. Null if there is none. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.HOME && path.isAbsolute(env.HOME)) return env.HOME
  for (const ask of [() => userInfo().homedir, homedir]) {
    try {
      const home = ask()
      if (path.isAbsolute(home)) return home
    } catch {
      // A user id without an entry, as in some containers.
    }
  }
  return null
}
