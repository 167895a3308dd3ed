/*
 * Does a long search hold on to memory? Random search with FEAR over tiny networks, two workers, a journal on disk: 1,000
 * trials to warm up, then 1,000 that count. Run by `make soak`; `--json` prints JSON, `--trials N` changes both numbers,
 * `--engine NAME` the engine.
 *
 * The figure: the median resident memory over the last tenth of the trials that count, over that of their first tenth.
 *
 * Left alone, V8 lets the heap of every thread grow for thousands of trials before it collects it, which looks like a
 * leak. So every collection is a full one here (`--gc-global`), and the young generation, whose collections are counted in
 * bytes, is small. What remains is what the search holds: a kilobyte or two for each finished trial.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chooseEngine } from '../dist/engines/choose-engine.js'
import { defaultFearOptions } from '../dist/evaluators/fear/settings.js'
import { createPiscinaExecutor } from '../dist/execution/piscina-pool.js'
import { openJournal } from '../dist/journal/journal.js'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { runSearch } from '../dist/search/driver.js'
import { Ledger } from '../dist/search/ledger.js'
import { natsTss } from '../dist/spaces/nats-tss/index.js'
import { createStrategy } from '../dist/strategies/registry.js'
import { defaultRecipe } from '../dist/training/recipe.js'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    trials: { type: 'string', default: '1000' },
    engine: { type: 'string', default: 'auto' },
  },
})
const trials = Number(options.trials)
if (!Number.isInteger(trials) || trials < 10) throw new RangeError('--trials must be an integer of at least 10')

const flags = ['--gc-global', '--max-semi-space-size=4']
if (!flags.every((flag) => process.execArgv.includes(flag))) {
  process.stderr.write(`Run with: node ${flags.join(' ')} benchmarks/soak.mjs\n`)
  process.exit(2)
}

const warmUp = trials
const [side, classes] = [8, 3]

/** Noisy stripes, a direction each class. */
function stripes(name, count) {
  const rng = createRng('stripes', name)
  const pixels = new Uint8Array(new SharedArrayBuffer(count * side * side))
  const labels = new Uint8Array(new SharedArrayBuffer(count))
  for (let image = 0; image < count; image++) labels[image] = image % classes
  for (let i = 0; i < pixels.length; i++) {
    const [image, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side]
    const isBright = [y, x, y + x][labels[image]] % 4 < 2
    pixels[i] = (isBright ? 160 : 40) + rng.integer(60)
  }
  return { count, pixels, labels }
}

const { engine } = await chooseEngine(options.engine)
const setup = {
  dataset: {
    name: 'stripes',
    classes,
    classNames: ['rows', 'columns', 'diagonals'],
    channels: 1,
    height: side,
    width: side,
    normalisation: { mean: [0.5], std: [0.3] },
    train: stripes('train', 96),
    validation: stripes('validation', 48),
    test: stripes('test', 48),
    fingerprint: 'stripes',
  },
  engine: engine.name,
  space: {
    name: 'nats-tss',
    macro: { channels: 4, cells: 1, input: { channels: 1, height: side, width: side }, classes },
  },
  recipe: { ...defaultRecipe, epochs: 2, batch: 32 },
  timeoutSeconds: 600,
}
const evaluator = {
  ...defaultFearOptions,
  threshold: 0.5,
  maxEpochs: 4,
  stage1: { ...defaultFearOptions.stage1, batch: 32 },
  stage2: { ...defaultFearOptions.stage2, epochs: 1, batch: 32 },
}

const folder = mkdtempSync(join(tmpdir(), 'fear-nas-soak-'))
const journal = await openJournal(join(folder, 'journal.jsonl'))
const executor = await createPiscinaExecutor(setup, { workers: 2 })
const startedSeconds = systemClock.now()
const residentBytes = []
const outcomes = {}
try {
  await runSearch(
    {
      arm: 'soak',
      seed: 1,
      strategy: createStrategy({ name: 'random', duplicates: 'string' }, natsTss, createRng('soak', 'strategy')),
      canonical: (architecture) => natsTss.canonical(architecture, 'string'),
      evaluator,
      budget: { trials: warmUp + trials },
    },
    {
      executor,
      wallSeconds: () => systemClock.now() - startedSeconds,
      ledger: new Ledger(),
      journal,
      onEvent(event) {
        if (event.kind !== 'trial-finished') return
        residentBytes.push(process.memoryUsage.rss())
        outcomes[event.outcome.kind] = (outcomes[event.outcome.kind] ?? 0) + 1
      },
    },
  )
} finally {
  await executor.close()
  await journal.close()
  rmSync(folder, { recursive: true })
}

/** The median of a tenth of the trials that count. */
function mebibytes(tenth) {
  const from = warmUp + Math.floor((tenth * trials) / 10)
  const values = residentBytes.slice(from, from + Math.ceil(trials / 10)).toSorted((a, b) => a - b)
  return values[Math.floor(values.length / 2)] / 2 ** 20
}

const tenths = Array.from({ length: 10 }, (_, tenth) => Number(mebibytes(tenth).toFixed(1)))
const result = {
  engine: engine.name,
  workers: executor.workers,
  trials,
  outcomes,
  seconds: Number((systemClock.now() - startedSeconds).toFixed(1)),
  residentMebibytes: tenths,
  growth: Number((mebibytes(9) / mebibytes(0) - 1).toFixed(4)),
}
if (options.json) console.log(JSON.stringify(result))
else {
  console.log(`${warmUp + trials} trials on ${engine.name} with ${executor.workers} workers in ${result.seconds} s`)
  console.log(`resident MiB by tenths of the last ${trials} trials: ${tenths.join('  ')}`)
  console.log(`growth: ${(100 * result.growth).toFixed(1)} %`)
}
