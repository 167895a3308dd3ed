import { spawn } from 'node:child_process'
import path from 'node:path'
import type { CliResult } from './run-cli.js'

export interface Surroundings {
  /** A shell script that runs the command line as `"$@"`. */
  readonly script?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** As which user and group; only root can choose. */
  readonly user?: number | undefined
  /** Done once, when standard output holds a text. */
  readonly when?: string
  act?(kill: () => void): void
}

/** Whether this process may run programs as other users. */
export const isRoot = process.getuid?.() === 0

/** The user that permission bits apply to: root ignores them. */
export const ordinaryUser = isRoot ? 65_534 : undefined

/** Runs the compiled command line within a shell script, as another user, or in another folder. */
export function runSurrounded(
  args: readonly string[],
  { script = 'exec "$@"', cwd, env, user, when, act }: Surroundings,
): Promise<CliResult> {
  const main = path.resolve('dist/cli/main.js')
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script, 'sh', process.execPath, main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
      ...(user !== undefined && { uid: user, gid: user }),
      env: { ...process.env, ...env },
    })
    let [stdout, stderr, acted] = ['', '', false]
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (acted || when === undefined || !stdout.includes(when)) return
      acted = true
      act?.(() => child.kill('SIGKILL'))
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
