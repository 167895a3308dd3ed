import type { Evaluation } from '../evaluators/evaluator.js'
import { addCosts, type LostAttempt, noCost, type Outcome } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'
import type { Channel, ChannelNumbers } from './channel/channel.js'
import { closedError } from './closed-error.js'
import type { EvaluationTask, TestTask } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { WorkerLostError } from './worker-lost.js'

/** Quarantined architectures, with the reason. */
export type Quarantine = ReadonlyMap<Architecture, string>

/**
 * An executor that retries a trial once, with the same seeds, if its worker died. If the retry fails too, the
 * architecture is quarantined: if it is evaluated again, it fails immediately at no cost. Trials that failed with an
 * error would fail again and are not retried.
 *
 * @param quarantine architectures that earlier sessions of the run have quarantined
 */
export class RetryingExecutor implements ReadyExecutor {
  readonly #executor: ReadyExecutor
  readonly #quarantine: Map<Architecture, string>
  readonly #tasks = new Set<Promise<unknown>>()
  #isClosed = false

  constructor(executor: ReadyExecutor, quarantine: Quarantine = new Map()) {
    this.#executor = executor
    this.#quarantine = new Map(quarantine)
  }

  get workers(): number {
    return this.#executor.workers
  }

  get engine(): ReadyExecutor['engine'] {
    return this.#executor.engine
  }

  evaluate(task: EvaluationTask): Promise<Evaluation> {
    return this.#submit(async () => {
      const reason = this.#quarantine.get(task.architecture)
      if (reason !== undefined) return withSeed({ outcome: quarantinedOutcome(reason) }, task)
      const first = await this.#executor.evaluate(task)
      if (first.outcome.kind !== 'failed' || !first.outcome.workerLost) return withSeed(first, task)
      const second = afterLost(await this.#executor.evaluate(task), first.outcome)
      const { outcome } = second
      if (outcome.kind === 'failed') this.#quarantine.set(task.architecture, outcome.message)
      return withSeed(second, task)
    })
  }

  test(task: TestTask): Promise<number> {
    return this.#submit(() =>
      this.#executor.test(task).catch((error: unknown) => {
        if (error instanceof WorkerLostError) return this.#executor.test(task)
        throw error
      }),
    )
  }

  openChannel(numbers: ChannelNumbers, tasks: number): Channel {
    return this.#executor.openChannel(numbers, tasks)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    // A trial that is about to be retried still needs the executor.
    await Promise.allSettled(this.#tasks)
    await this.#executor.close()
  }

  #submit<T>(run: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(closedError())
    const task = run()
    this.#tasks.add(task)
    const forget = (): void => void this.#tasks.delete(task)
    task.then(forget, forget)
    return task
  }
}

function quarantinedOutcome(reason: string): Outcome {
  const message = `Not tried: both attempts at this architecture in this run went wrong, the last one so: ${reason}`
  return { kind: 'failed', message, attempts: 0, cost: noCost, phases: {} }
}

/** The outcome of the retry, including the cost of the lost first attempt. */
function afterLost({ outcome, ...rest }: Evaluation, first: Outcome & LostAttempt): Evaluation {
  const { message, stack, cost } = first
  const lost: readonly LostAttempt[] = [{ message, ...(stack === undefined ? {} : { stack }) }]
  const booked = {
    cost: addCosts(cost, outcome.cost),
    phases: { ...outcome.phases, lost: addCosts(cost, outcome.phases.lost ?? noCost) },
    lost,
  }
  const attempts = outcome.kind === 'failed' ? { attempts: 2 } : {}
  return { ...rest, outcome: { ...outcome, ...booked, ...attempts } }
}

/** Records the seed of a failed trial, so that it can be run again alone. */
function withSeed(evaluation: Evaluation, { trialSeed }: EvaluationTask): Evaluation {
  const { outcome } = evaluation
  switch (outcome.kind) {
    case 'failed':
    case 'diverged':
    case 'timed-out':
      return { ...evaluation, outcome: { ...outcome, seed: trialSeed } }
    default:
      return evaluation
  }
}
