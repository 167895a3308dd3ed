import { type ChildProcess, fork } from 'node:child_process'
import type { Evaluation } from '../evaluators/evaluator.js'
import { FearNasError } from '../platform/errors.js'
import type { ChannelValues } from './channel/channel.js'
import type { ChannelRow } from './channel/channel-row.js'
import type { WorkerSetup } from './executor.js'
import type { FromProcess, ToProcess } from './process-messages.js'
import { errorOf } from './refusal.js'
import type { Silence } from './silence.js'
import type { WorkerCode } from './worker-code.js'
import type { PooledTask, TaskAnswers } from './worker-messages.js'

interface Expectation {
  readonly resolve: (message: FromProcess) => void
  readonly reject: (error: Error) => void
}

/** A worker process ended without a reason, or during a task. */
export class ProcessEndedError extends FearNasError {}

/** The driver's handle of a worker process, which runs one task at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess
  /** The channel of the running task. */
  #channel: ChannelRow | null = null
  #silence: Silence | null = null
  readonly #ended: Promise<void>
  #expected: Expectation | null = null
  #end: string | null = null

  /** @param environment the process's environment variables */
  constructor(program: string, environment: NodeJS.ProcessEnv) {
    // Standard output is for results; messages of libraries go to standard error.
    const stderr = 2
    this.#child = fork(program, {
      env: environment,
      serialization: 'advanced',
      stdio: ['ignore', stderr, stderr, 'ipc'],
    })
    this.#child.on('message', (message) => this.#receive(message as FromProcess))
    this.#ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.#end ??= reason
        this.#expected?.reject(new ProcessEndedError(this.#end))
        this.#expected = null
        resolve()
      }
      this.#child.once('exit', (code, signal) =>
        end(
          signal === null
            ? `its process exited with code: ${code}`
            : `its process was ended by ${signal}${hint(signal)}`,
        ),
      )
      // It could not be started, or not be written to.
      this.#child.once('error', (error) => {
        this.#child.kill('SIGKILL')
        end(`its process failed: ${error.message}`)
      })
    })
  }

  get isAlive(): boolean {
    return this.#end === null
  }

  /** Sends the setup; resolves with the code of the process when the engine is loaded. */
  async start(setup: WorkerSetup): Promise<WorkerCode> {
    const reply = await this.#ask({ kind: 'setup', setup })
    if (reply.kind === 'ready') return reply.code
    throw new FearNasError(`its process answered "${reply.kind}" to its setup`)
  }

  /**
   * Runs a task. Rejects if it fails, or if the process ends before. A process that does not answer in time is killed,
   * even if it is stopped.
   */
  async run(task: PooledTask, silence: Silence): Promise<TaskAnswers[keyof TaskAnswers]> {
    const kill = (): void => this.kill()
    silence.signal.addEventListener('abort', kill)
    this.#silence = silence
    try {
      this.#channel = task.kind === 'test' ? null : task.channel
      const reply = await this.#ask(processMessage(task))
      if (reply.kind === 'answer') {
        // Its task thread is gone, and a library may not load twice in a process.
        if (typeof reply.answer !== 'number' && isLost(reply.answer)) await this.end()
        return reply.answer
      }
      // Any further answer may belong to this task.
      await this.end()
      throw new FearNasError(`its process answered "${reply.kind}" to a task`)
    } finally {
      silence.signal.removeEventListener('abort', kill)
      this.#silence = null
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Kills the process and waits for its end. It has nothing to save, and a stopped process reacts to no other signal. */
  async end(): Promise<void> {
    this.kill()
    await this.#ended
  }

  /** The running task has published this; the answer is what the others have. */
  #exchange(values: ChannelValues): void {
    if (this.#channel === null || this.#expected === null) return
    this.#channel.publishAll(values)
    this.#send({ kind: 'news', ...this.#channel.news() })
  }

  #ask(message: ToProcess): Promise<FromProcess> {
    return new Promise((resolve, reject) => {
      if (this.#end !== null) return reject(new ProcessEndedError(this.#end))
      this.#expected = { resolve, reject }
      this.#send(message)
    })
  }

  #send(message: ToProcess): void {
    // A process that cannot be written to is about to end, which is handled separately.
    this.#child.send(message, () => {})
  }

  #receive(message: FromProcess): void {
    if (message.kind === 'published') {
      this.#exchange(message.values)
      return
    }
    if (message.kind === 'suspended') {
      this.#silence?.excuse(message.seconds)
      return
    }
    const expected = this.#expected
    this.#expected = null
    if (message.kind === 'refusal') expected?.reject(errorOf(message))
    else if (message.kind === 'failed') expected?.reject(new FearNasError(message.message))
    else expected?.resolve(message)
  }
}

function isLost({ outcome }: Evaluation): boolean {
  return outcome.kind === 'failed' && outcome.workerLost === true
}

/** The usual cause of a signal that was not sent by hand. */
function hint(signal: NodeJS.Signals): string {
  switch (signal) {
    case 'SIGKILL':
      return ', as the system does when memory runs out'
    case 'SIGABRT':
    case 'SIGBUS':
    case 'SIGFPE':
    case 'SIGILL':
    case 'SIGSEGV':
      return ', a crash in native code'
    default:
      return ''
  }
}

/** Processes share no memory: of a channel its numbers travel. */
function processMessage(task: PooledTask): ToProcess {
  if (task.kind === 'test') return task
  const { channel } = task
  return { ...task, channel: channel && { numbers: channel.numbers, ...channel.news() } }
}
