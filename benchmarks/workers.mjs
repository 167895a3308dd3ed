/*
 * How much faster two workers are than one: the same full trainings by a pool of one and of two, in turn, several
 * rounds, each worker having done one before. Run by `make bench`. Prints trials an hour and the ratio; `--json` prints JSON.
 */
import { loadDataset } from '../dist/datasets/load-dataset.js'
import { chooseEngine } from '../dist/engines/choose-engine.js'
import { createPiscinaExecutor } from '../dist/execution/piscina-pool.js'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { natsTss } from '../dist/spaces/nats-tss/index.js'
import { median } from '../dist/statistics/sample.js'
import { defaultRecipe } from '../dist/training/recipe.js'

const rounds = 5
const trials = 8
const dataset = await loadDataset({
  name: 'fashion-mnist',
  train: 2000,
  validation: 500,
  test: 500,
  size: null,
  seed: 1,
})
const { engine } = await chooseEngine('auto')
const setup = {
  dataset,
  engine: engine.name,
  space: {
    name: 'nats-tss',
    macro: { channels: 8, cells: 1, input: { channels: 1, height: 28, width: 28 }, classes: 10 },
  },
  recipe: { ...defaultRecipe, epochs: 8 },
  timeoutSeconds: 600,
}

// Equal pairs of architectures, so that two workers end together and the figure is not about who waits for the last.
const rng = createRng('workers benchmark')
const architectures = Array.from({ length: trials / 2 }, () => natsTss.sample(rng)).flatMap((one) => [one, one])

async function trialsPerHour(workers) {
  const executor = await createPiscinaExecutor(setup, { workers })
  const evaluate = (architecture, trial) =>
    executor.evaluate({
      architecture,
      trialSeed: ['bench', trial],
      dataSeed: ['bench'],
      evaluator: { name: 'full-training' },
    })
  try {
    // A worker's first trial also compiles its JavaScript; a search has hundreds of trials.
    await Promise.all(architectures.slice(0, workers).map(evaluate))
    const started = systemClock.now()
    await Promise.all(architectures.map(evaluate))
    return (3600 * trials) / (systemClock.now() - started)
  } finally {
    await executor.close()
  }
}

const results = []
for (let round = 0; round < rounds; round++) {
  const one = await trialsPerHour(1)
  const two = await trialsPerHour(2)
  results.push({ one, two, ratio: two / one })
}
const summary = {
  engine: engine.name,
  rounds: results,
  oneWorker: median(results.map(({ one }) => one)),
  twoWorkers: median(results.map(({ two }) => two)),
  ratio: median(results.map(({ ratio }) => ratio)),
}
const isForPrograms = process.argv.includes('--json')
const say = isForPrograms ? process.stderr : process.stdout
say.write(
  `workers: 1 -> ${summary.oneWorker.toFixed(0)} trials/h, 2 -> ${summary.twoWorkers.toFixed(0)} trials/h, ` +
    `ratio ${summary.ratio.toFixed(2)} (median of ${rounds}: ${results.map(({ ratio }) => ratio.toFixed(2)).join(', ')})\n`,
)
if (isForPrograms) process.stdout.write(`${JSON.stringify(summary)}\n`)
