/*
 * A search by the real driver whose evaluations take no time: an endless space of cells of five nodes, and outcomes that
 * are as long as FEAR's, three phases each.
 */
import { createSimulatedExecutor } from '../dist/execution/simulated-executor.js'
import { ManualClock } from '../dist/platform/clock.js'
import { runSearch } from '../dist/search/driver.js'
import { Ledger } from '../dist/search/ledger.js'

const operations = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3']

/** Each of 5^10 = 9,765,625 cells once. */
function cell(index) {
  let number = (index * 102_947) % 5 ** 10
  const nodes = [1, 2, 3, 4].map((inputs) => {
    const edges = Array.from({ length: inputs }, (_, input) => {
      const operation = operations[number % 5]
      number = Math.floor(number / 5)
      return `${operation}~${input}`
    })
    return `|${edges.join('|')}|`
  })
  return nodes.join('+')
}

const strategy = { name: 'counting', looksAtResults: false, ask: ({ proposed }) => cell(proposed) }

/** Costs and scores that differ from trial to trial. */
function outcomeOf(number) {
  const spread = ((number * 7919) % 10_007) / 10_007
  const cost = (share) => ({
    computeSeconds: share * (0.1 + spread),
    trainingFlops: Math.round(share * 1.6e10 * (1 + spread)),
    steps: Math.round(share * 500),
    epochs: share * 12,
  })
  const accuracy = ((number * 6151) % 9973) / 9973
  return {
    kind: 'scored',
    score: accuracy,
    metric: 'train-accuracy',
    trainAccuracy: accuracy,
    validationAccuracy: null,
    cost: cost(1),
    phases: { stage1: cost(0.6), features: cost(0.1), stage2: cost(0.3) },
    stage1: { epochs: 7.2, trainAccuracy: 0.65 },
  }
}

/** Runs `trials` trials on eight simulated workers; `onFinished` is told how many have finished. */
export async function instantSearch(trials, { journal, onFinished = () => {} } = {}) {
  const clock = new ManualClock()
  let evaluated = 0
  const evaluate = () => ({ outcome: outcomeOf(evaluated++) })
  const executor = createSimulatedExecutor({ workers: 8, clock, evaluate, test: () => 0 })
  const { table } = await runSearch(
    {
      arm: 'fear',
      seed: 1,
      strategy,
      canonical: (architecture) => architecture,
      // Without rejection, and so without anything that waits: the driver at its fastest.
      evaluator: { name: 'fear', ratio: null },
      budget: { trials },
    },
    {
      executor,
      wallSeconds: () => clock.now(),
      ledger: new Ledger(),
      journal,
      onEvent({ kind, progress }) {
        if (kind === 'trial-finished') onFinished(progress.finishedTrials)
      },
    },
  )
  await executor.close()
  if (table.finished.length !== trials) throw new Error(`${table.finished.length} of ${trials} trials finished`)
}
