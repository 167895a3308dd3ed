import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { ConfigError } from './errors.js'

/**
 * A path as a user writes it, with `~` and `~/...` standing for the home directory. The shell expands them where they
 * are not quoted; in a configuration and in a quoted option nobody else does, and a folder named `~` would be made.
 *
 * @throws ConfigError for `~name`, the home directory of another user, which is left to the shell; and for a user without
 * a home directory.
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

/** `$HOME`; where that is empty or not an absolute path, what the system has for this user. Null if there is none. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  if (env.HOME && path.isAbsolute(env.HOME)) return env.HOME
  for (const ask of [() => userInfo().homedir, homedir]) {
    try {
      const home = ask()
      if (path.isAbsolute(home)) return home
    } catch {
      // A user number without an entry, as in a container that is started with one.
    }
  }
  return null
}
