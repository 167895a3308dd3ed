import { spawn } from 'node:child_process'
import path from 'node:path'

/** A command line at work. */
export interface StartedCli {
  readonly pid: number
  /** Resolves with standard output so far, once it holds a text; rejects if the process ends without. */
  until(text: string): Promise<string>
  kill(signal: NodeJS.Signals): void
  /** Resolves with all that it printed, once it has ended. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>
}

/** Starts the compiled command line and leaves it running. */
export function startCli(args: readonly string[]): StartedCli {
  const child = spawn(process.execPath, [path.resolve('dist/cli/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Awaited<StartedCli['ended']>>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
  return {
    pid: child.pid ?? Number.NaN,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!stdout.includes(text)) return
          waiting.delete(look)
          resolve(stdout)
        }
        waiting.add(look)
        look()
        ended.then(() => reject(new Error(`ended without ${text}: ${stdout}${stderr}`)), reject)
      }),
    kill: (signal) => child.kill(signal),
    ended,
  }
}
