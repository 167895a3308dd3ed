import type { Dataset, Split } from '../datasets/dataset.js'
import type { Evaluation } from '../evaluators/evaluator.js'
import { noCost } from '../evaluators/outcome.js'
import { awakeClock } from '../platform/awake-clock.js'
import { isInputError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { type BudgetCopy, copyBudget } from './budget-copy.js'
import type { EvaluationTask, WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { createPiscinaExecutor } from './piscina-pool.js'
import type { FromProcess, SentTask, ToProcess } from './process-messages.js'
import { refusalOf } from './refusal.js'
import type { TaskBudget } from './shared-budget.js'
import { createSharedReferenceBuffer, sharedReference, watchSharedReference } from './shared-reference.js'
import { ownCode } from './worker-code.js'

let executor: ReadyExecutor | null = null
let runningReference: SharedArrayBuffer | null = null
let runningBudget: BudgetCopy | null = null

/**
 * Makes this process a worker of the driver that started it. Its tasks run in a thread, so that this one hears at any
 * time of a lower rejection reference, and of the driver's end.
 *
 * @param program the thread's, as of `createPiscinaExecutor`
 */
export function serveDriver(program?: string): void {
  process.on('message', (message: ToProcess) => {
    answer(message, program).then(
      (reply) => reply && send(reply),
      (error: unknown) => send(isInputError(error) ? refusalOf(error) : { kind: 'failed', message: messageOf(error) }),
    )
  })
  awakeClock().onSuspended((seconds) => send({ kind: 'suspended', seconds }))
  // The driver is done, or gone. There is nothing to save, and native code that still runs is not waited for.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  // Nor does the terminal's end concern it, to which its libraries may have something to say.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  // Ctrl-C, the end of a terminal and a service manager's stop reach all processes of a group. What becomes of running
  // tasks is for the driver to say; when it ends, so does this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
}

async function answer(message: ToProcess, program: string | undefined): Promise<FromProcess | null> {
  switch (message.kind) {
    case 'setup':
      executor = await start(message.setup, program)
      return { kind: 'ready', code: ownCode(executor.engine) }
    case 'evaluate':
      return { kind: 'answer', answer: await evaluate(started(), message.task) }
    case 'test':
      return { kind: 'answer', answer: await started().test(message.task) }
    case 'reference':
      lower(message.cheapest)
      return null
    case 'budget':
      runningBudget?.update(message.values)
      return null
  }
}

/** The driver alone decides when a task is given up. */
function start(setup: WorkerSetup, program: string | undefined): Promise<ReadyExecutor> {
  const shared = { ...setup, dataset: shareDataset(setup.dataset) }
  return createPiscinaExecutor(shared, { workers: 1, graceSeconds: Infinity, program })
}

function started(): ReadyExecutor {
  if (executor === null) throw new Error('the worker process has no setup')
  return executor
}

async function evaluate(on: ReadyExecutor, { budget, ...task }: SentTask): Promise<Evaluation> {
  if (budget === undefined) return evaluateWithReference(on, task)
  const copy = copyBudget(budget, (spent) => send({ kind: 'spent', spent }))
  runningBudget = copy
  try {
    return await evaluateWithReference(on, task, copy.budget)
  } finally {
    copy.close()
    runningBudget = null
  }
}

async function evaluateWithReference(
  on: ReadyExecutor,
  { rejection, ...sent }: Omit<SentTask, 'budget'>,
  budget?: TaskBudget,
): Promise<Evaluation> {
  const task = { ...sent, budget }
  const { cheapest } = rejection
  if (rejection.kind === 'fixed') return on.evaluate({ ...task, rejection: { kind: 'fixed', cheapest } })
  const buffer = createSharedReferenceBuffer(cheapest)
  runningReference = buffer
  let told = cheapest
  const tell = (lower: number): void => {
    if (lower < told) send({ kind: 'reference', cheapest: lower })
    told = Math.min(told, lower)
  }
  const stopWatching = watchSharedReference(buffer, tell)
  try {
    const shared: EvaluationTask = { ...task, rejection: { kind: 'shared', buffer } }
    return await on.evaluate(shared)
  } finally {
    tell(stopWatching())
    runningReference = null
  }
}

function lower(cheapest: number): void {
  if (runningReference !== null) sharedReference(runningReference).offer({ ...noCost, computeSeconds: cheapest })
}

function send(message: FromProcess): void {
  // Without a driver there is nobody to tell, and `disconnect` ends this process.
  if (process.connected) process.send?.(message)
}

/** The same images in memory that the thread shares. */
function shareDataset(dataset: Dataset): Dataset {
  const { train, validation, test } = dataset
  return { ...dataset, train: shareSplit(train), validation: shareSplit(validation), test: shareSplit(test) }
}

function shareSplit({ count, pixels, labels }: Split): Split {
  return { count, pixels: shareBytes(pixels), labels: shareBytes(labels) }
}

function shareBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}
