/** A search whose strategy and evaluator are objects of this program. */
import {
  type Evaluator,
  interruptedOutcome,
  runTrial,
  type StrategyFactory,
  scoreOf,
  scoreTraining,
  search,
  shuffledOrder,
  trainWhole,
} from 'fear-nas'

/** Changes one operation of the best architecture so far, unless everything near it was proposed before. */
const climb: StrategyFactory = ({ duplicates }, space, rng) => {
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  return {
    name: 'climb',
    ask(history, stream) {
      const [best] = history.trials.toSorted((a, b) => scoreOf(b) - scoreOf(a))
      const near = best === undefined ? [] : space.neighbours(best.architecture)
      const isNew = (one: string): boolean => !history.hasProposed(space.canonical(one, duplicates))
      const candidates = near.filter(isNew)
      return candidates[stream.integer(candidates.length)] ?? order.firstNew(history)
    },
  }
}

/** Trains for one epoch; the score is the validation accuracy. */
const glance: Evaluator = {
  name: 'glance',
  evaluate: (request, context) =>
    runTrial(request, context, 'train', (trial) => {
      const trained = trainWhole(trial, { ...context.recipe, epochs: 1 })
      if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, trial) }
      return { outcome: scoreTraining(trial, trained, { score: 'validation', scoreEpoch: 'last', batch: 128 }) }
    }),
}

const run = await search(
  {
    data: { name: 'fashion-mnist', train: 500, validation: 200, test: 500, size: 8 },
    space: { channels: 4, cells: 1 },
    training: { epochs: 3, batch: 32 },
    budget: { trials: 12 },
    finalists: 2,
  },
  { strategy: climb, evaluator: glance },
)
for (const { architecture, index, outcome } of run.trials) {
  console.log(index, architecture, outcome.kind, outcome.kind === 'scored' ? outcome.score : '')
}
console.log('best:', run.best.architecture, run.best.testAccuracy)
