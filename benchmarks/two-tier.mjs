/*
 * Is a first tier of synflow worth it at equal cost? Searches by FEAR are replayed from a ranking that scored and trained
 * the same networks: some draw networks and evaluate them until the budget is spent; others draw more, pay synflow for all,
 * and evaluate among the best share only. The three best by score are trained in full, the best of these by validation
 * accuracy is handed over, and its test accuracy counts.
 *
 *   npm run build && node benchmarks/two-tier.mjs results/reference/cifar10-rank [SEARCHES]
 */
import path from 'node:path'
import { readJournal } from '../dist/journal/read-journal.js'
import { replay } from '../dist/journal/replay.js'
import { journalFile } from '../dist/journal/run-directory.js'
import { createRng } from '../dist/platform/rng.js'
import { keptOf, poolFor } from '../dist/search/prefilter.js'

const [directory, searches = 4000] = process.argv.slice(2)
const { arms } = replay((await readJournal(journalFile(directory))).events)
const [full, fear, synflow] = ['full-training', 'fear', 'zero-cost synflow'].map((name) => arms.get(name).trials)
const seconds = (trials, i) => trials.get(i).outcome.cost.computeSeconds
const score = (trials, i) => trials.get(i).outcome.score ?? -Infinity
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
const meanSeconds = sum([...fear.keys()].map((i) => seconds(fear, i))) / fear.size

console.log(`${path.basename(directory)}: ${full.size} networks, ${searches} searches, drawn with replacement`)
for (const trials of [5, 10, 20]) {
  for (const keep of [1, 0.5, 0.2]) {
    const runs = Array.from({ length: Number(searches) }, (_, i) => search(trials, keep, createRng('two-tier', i)))
    const mean = (of) => sum(runs.map(of)) / runs.length
    const accuracy = mean((run) => run.accuracy)
    const deviation = Math.sqrt(mean((run) => (run.accuracy - accuracy) ** 2))
    console.log(
      `budget of ${trials} evaluations, keep ${keep}: test accuracy ${(100 * accuracy).toFixed(2)} +- ` +
        `${((100 * 1.96 * deviation) / Math.sqrt(runs.length)).toFixed(2)} %, ${mean((run) => run.evaluated).toFixed(1)} ` +
        `evaluated, ${mean((run) => run.search).toFixed(1)} s of search, ${mean((run) => run.finalists).toFixed(1)} s of finalists`,
    )
  }
}

/** One search whose budget is the seconds of that many mean evaluations; with `keep: 1` nothing is filtered. */
function search(trials, keep, rng) {
  // Without a filter the search may go on as long as its budget lasts.
  const pool = Array.from({ length: keep === 1 ? 5 * trials : poolFor(trials, keep) }, () => rng.integer(full.size))
  const kept =
    keep === 1
      ? pool
      : pool.toSorted((a, b) => score(synflow, b) - score(synflow, a)).slice(0, keptOf(pool.length, keep))
  let spent = keep === 1 ? 0 : sum(pool.map((i) => seconds(synflow, i)))
  const evaluated = []
  for (const place of rng.permutation(kept.length)) {
    if (spent >= trials * meanSeconds) break
    evaluated.push(kept[place])
    spent += seconds(fear, kept[place])
  }
  const finalists = [...new Set(evaluated)].toSorted((a, b) => score(fear, b) - score(fear, a)).slice(0, 3)
  const [winner] = finalists.toSorted((a, b) => validation(b) - validation(a))
  return {
    accuracy: full.get(winner).outcome.testAccuracy,
    evaluated: evaluated.length,
    search: spent,
    finalists: sum(finalists.map((i) => seconds(full, i))),
  }
}

function validation(i) {
  return full.get(i).outcome.validationAccuracy ?? -Infinity
}
