import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AwakeTime } from './awake-time.js'
import { type Clock, systemClock } from './clock.js'

/** The clock of a process that may be suspended by SIGSTOP, Ctrl-Z or a sleeping machine. */
export interface AwakeClock extends Clock {
  /** For other threads of this process: see `awakeClockOf`. */
  readonly memory: SharedArrayBuffer
  /** Resolves when suspensions are being detected, or when it is clear that they cannot be. */
  readonly ready: Promise<void>
  /** Calls back after each suspension. Returns a function that unsubscribes. */
  onSuspended(listener: (seconds: number) => void): () => void
}

let shared: AwakeClock | null = null

/**
 * The clock by which running trials are timed. It stands still while this process is suspended, except for about one second
 * of each suspension. If no thread can be started to watch for suspensions, it runs like `systemClock`.
 */
export function awakeClock(): AwakeClock {
  shared ??= startAwakeClock()
  return shared
}

/** The same clock in another thread. */
export function awakeClockOf(memory: SharedArrayBuffer): Clock {
  const time = new AwakeTime(memory)
  return { now: () => time.seconds(), date: () => systemClock.date() }
}

function startAwakeClock(): AwakeClock {
  const time = new AwakeTime()
  const listeners = new Set<(seconds: number) => void>()
  const ticker = new Worker(tickerFile(), {
    workerData: time.memory,
    execArgv: [],
    // It needs hardly any memory, so it ignores the limit of the process.
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 },
  })
  const ready = new Promise<void>((resolve) => {
    // The first message only says that the thread has started.
    ticker.once('message', () => {
      ticker.unref()
      resolve()
    })
    ticker.once('exit', () => resolve())
  })
  ticker.on('message', (seconds: number) => {
    if (seconds > 0) for (const listener of listeners) listener(seconds)
  })
  // Without the thread all time counts. An `exit` event follows the error.
  ticker.on('error', () => {})
  ticker.on('exit', () => time.stop())
  return {
    ...awakeClockOf(time.memory),
    memory: time.memory,
    ready,
    onSuspended(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A thread cannot run TypeScript: if this module runs from the sources, it uses the file of the last build. */
function tickerFile(): string {
  const isSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(isSource ? '../../dist/platform/ticker.js' : './ticker.js', import.meta.url))
}
