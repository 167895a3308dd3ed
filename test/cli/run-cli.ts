import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface CliResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A signal that is sent, or something done, once: when standard output holds a text. */
export interface Interruption {
  readonly when: string
  readonly signal?: NodeJS.Signals
  readonly act?: () => void
  /** Sent to the command line's process group, as a terminal does. */
  readonly toGroup?: true
  /** Standard output is closed with the signal, as with a terminal. */
  readonly closingOutput?: true
}

/** From where it is run. */
interface Place {
  /** The working directory. */
  readonly cwd?: string
  /** The folder of the installed package. */
  readonly root?: string
}

/** Runs the compiled command line as a user would, with some variables of the environment set. */
export function runCli(
  args: readonly string[],
  interruptions: Interruption | readonly Interruption[] = [],
  env: Readonly<Record<string, string>> = {},
  { cwd, root = path.resolve('.') }: Place = {},
): Promise<CliResult> {
  const main = path.join(root, 'dist', 'cli', 'main.js')
  if (!existsSync(main)) throw new Error(`${main} is absent: run "make build" first`)
  const waiting = [interruptions].flat()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
      env: { ...process.env, ...env },
      // A process group of its own.
      detached: waiting.some(({ toGroup }) => toGroup),
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const [next] = waiting
      if (next === undefined || !stdout.includes(next.when)) return
      waiting.shift()
      next.act?.()
      if (next.signal === undefined) return
      if (next.closingOutput) child.stdout.destroy()
      if (next.toGroup && child.pid !== undefined) process.kill(-child.pid, next.signal)
      else child.kill(next.signal)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

/** The trials of a run as its journal has them, without the seconds, which differ from run to run. */
export function trialTable(directory: string): readonly unknown[] {
  const events = readFileSync(path.join(directory, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return events
    .filter(({ event }) => event === 'trial.finished' || event === 'finalist.finished')
    .map(({ event, arm, trial, architecture, outcome }) => {
      const { kind, score, trainAccuracy, validationAccuracy, bestTrainAccuracy, stage1, limit, cost } = outcome
      const { trainingFlops, steps, epochs } = cost
      return [
        event,
        arm,
        trial,
        architecture,
        kind,
        score,
        trainAccuracy,
        validationAccuracy,
        bestTrainAccuracy,
        stage1,
        limit,
        trainingFlops,
        steps,
        epochs,
      ]
    })
    .toSorted((a, b) => `${a[0]}${a[1]}`.localeCompare(`${b[0]}${b[1]}`) || a[2] - b[2])
}
