import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { ConfigError } from './errors.js'

/**
 * A path as a user writes it, with `~` and `~/...` standing for the home directory. The shell expands them where they
 * are not quoted; in a configuration and in a quoted option nobody else does, and a folder named `~` would be made.
 *
 * @throws ConfigError for `~name`, the home directory of somebody else, which is left to the shell.
 */
export function expandHome(written: string, home: string = homeFolder()): string {
  if (!written.startsWith('~')) return written
  const [first = ''] = written.split(/[/\\]/, 1)
  if (first === '~') return path.join(home, written.slice(1))
  throw new ConfigError(
    `${written} begins with the home directory of another user, which is not looked up. Write the path in full, or ` +
      `./${written} for a name that begins with ~.`,
  )
}

/** `$HOME`, or what the system says where that is empty. */
function homeFolder(): string {
  return homedir() || userInfo().homedir
}
