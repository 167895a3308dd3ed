import type { Evaluation } from '../evaluators/evaluator.js'
import type { EvaluationTask, Executor } from '../execution/executor.js'
import { readProgress, type TrainedEpoch } from '../training/checkpoint.js'

/** How often the driver looks how far the training has come. */
const intervalSeconds = 0.1

interface Follower {
  /** Called once for each epoch that has ended, counted from 1. */
  onEpoch(epoch: number, figures: TrainedEpoch | undefined): void
  /** Aborting it ends the training at its next step, as `aborted`. */
  readonly signal: AbortSignal
  /** The file of its checkpoint, which then tells the epochs; null: its channel does. */
  readonly checkpoint: string | null
  /** Epochs that were done before. */
  readonly done: number
}

/**
 * Runs a task that trains for `epochs` epochs, on an executor with one worker or more, and follows it through a channel or
 * its checkpoint. Where the task runs in this thread nothing is told before it ends, and it cannot be aborted.
 */
export async function followTraining(
  executor: Executor,
  task: EvaluationTask,
  epochs: number,
  { checkpoint, done, onEpoch, signal }: Follower,
): Promise<Evaluation> {
  const channel = executor.openChannel({ epochs: 'sum' }, 1)
  const member = channel.join()
  let told = done
  const tell = (spent: number, figures: readonly TrainedEpoch[] = []): void => {
    while (told < Math.min(epochs, Math.floor(spent))) onEpoch(++told, figures[told - 1])
  }
  const look = (): void => {
    if (checkpoint === null) tell(member.values().epochs ?? 0)
    else {
      const history = historyIn(checkpoint)
      tell(history.length, history)
    }
  }
  const abort = (): void => channel.abort()
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const timer = setInterval(look, 1000 * intervalSeconds)
  try {
    // A limit that is never exceeded: the training publishes what the budget counts.
    const evaluation = await executor.evaluate({ ...task, channel: member.ref, budget: { limits: { epochs } } })
    const { trainedEpochs } = evaluation
    if (trainedEpochs === undefined) look()
    else tell(trainedEpochs.length, checkpoint === null ? [] : trainedEpochs)
    return evaluation
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', abort)
    member.leave()
    channel.close()
  }
}

/** What is wrong with the checkpoint the training itself says. */
function historyIn(checkpoint: string): readonly TrainedEpoch[] {
  try {
    return readProgress(checkpoint)?.history ?? []
  } catch {
    return []
  }
}
