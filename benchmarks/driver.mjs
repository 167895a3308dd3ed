/*
 * What the search itself costs: trials a second of the driver when evaluations take no time, with and without a journal
 * on disk, for several lengths of search. Run by `make bench`.
 *
 *   node benchmarks/driver.mjs [--quick] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createSimulatedExecutor } from '../dist/execution/simulated-executor.js'
import { openJournal } from '../dist/journal/journal.js'
import { ManualClock, systemClock } from '../dist/platform/clock.js'
import { runSearch } from '../dist/search/driver.js'
import { Ledger } from '../dist/search/ledger.js'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const workers = 8
const lengths = options.quick ? [10_000] : [10_000, 100_000, 1_000_000]

/** Proposes ever new architectures, as a space without end would. */
const strategy = { name: 'counting', ask: ({ proposed }) => `a${proposed}` }

/** A scored trial, its cost and score functions of its number. */
function evaluate({ architecture }) {
  const number = Number(architecture.slice(1))
  const cost = { computeSeconds: 1 + (number % 7), trainingFlops: 1e9 + (number % 1000), steps: 40, epochs: 1 }
  const accuracy = ((number * 7919) % 10_000) / 10_000
  return {
    outcome: {
      kind: 'scored',
      score: accuracy,
      metric: 'validation-accuracy',
      trainAccuracy: accuracy,
      validationAccuracy: accuracy,
      cost,
      phases: { train: cost },
    },
  }
}

async function search(trials, journal) {
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({ workers, clock, evaluate, test: () => 0 })
  const started = systemClock.now()
  const { table } = await runSearch(
    {
      arm: 'full',
      seed: 1,
      strategy,
      canonical: (architecture) => architecture,
      evaluator: { name: 'full-training' },
      budget: { trials },
    },
    { executor, wallSeconds: () => clock.now(), ledger: new Ledger(), journal },
  )
  const seconds = systemClock.now() - started
  await executor.close()
  if (table.finished.length !== trials) throw new Error(`${table.finished.length} of ${trials} trials finished`)
  return trials / seconds
}

async function searchWithJournal(trials) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-driver-'))
  const journal = await openJournal(path.join(folder, 'journal.jsonl'))
  try {
    return await search(trials, journal)
  } finally {
    await journal.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await search(2000)
const rows = []
for (const trials of lengths) {
  const withoutJournal = await search(trials)
  const withJournal = await searchWithJournal(trials)
  const residentMiB = Math.round(process.memoryUsage.rss() / 2 ** 20)
  rows.push({ trials, trialsPerSecond: withoutJournal, trialsPerSecondWithJournal: withJournal, residentMiB })
}
const say = options.json ? process.stderr : process.stdout
say.write(`the driver alone, evaluations that take no time, ${workers} simulated workers\n`)
for (const { trials, trialsPerSecond, trialsPerSecondWithJournal, residentMiB } of rows) {
  say.write(
    `${String(trials).padStart(9)} trials: ${trialsPerSecond.toFixed(0)} a second, ` +
      `${trialsPerSecondWithJournal.toFixed(0)} with a journal on disk, ${residentMiB} MiB resident\n`,
  )
}
if (options.json) process.stdout.write(`${JSON.stringify({ workers, searches: rows })}\n`)
