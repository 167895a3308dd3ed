import type { Evaluation } from '../evaluators/evaluator.js'
import type { EvaluationTask, Executor } from '../execution/executor.js'

/** How often the driver looks how far the training has come. */
const intervalSeconds = 0.1

interface Follower {
  /** Called once for each epoch that has ended, counted from 1. */
  onEpoch(epoch: number): void
  /** Aborting it ends the training at its next step, as `aborted`. */
  readonly signal: AbortSignal
}

/**
 * Runs a task that trains for `epochs` epochs, on an executor with one worker or more, and follows it through a channel.
 * Where the task runs in this thread nothing is told before it ends, and it cannot be aborted.
 */
export async function followTraining(
  executor: Executor,
  task: EvaluationTask,
  epochs: number,
  { onEpoch, signal }: Follower,
): Promise<Evaluation> {
  const channel = executor.openChannel({ epochs: 'sum' }, 1)
  const member = channel.join()
  let told = 0
  const tell = (spent: number): void => {
    while (told < Math.min(epochs, Math.floor(spent))) onEpoch(++told)
  }
  const look = (): void => tell(member.values().epochs ?? 0)
  const abort = (): void => channel.abort()
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const timer = setInterval(look, 1000 * intervalSeconds)
  try {
    // A limit that is never exceeded: the training publishes what the budget counts.
    const evaluation = await executor.evaluate({ ...task, channel: member.ref, budget: { limits: { epochs } } })
    if (evaluation.outcome.kind === 'scored') tell(epochs)
    else look()
    return evaluation
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', abort)
    member.leave()
    channel.close()
  }
}
