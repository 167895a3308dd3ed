/* Comparisons to kill: what they are, and what must hold of their journals and results. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { completeText, doubled, eventsOf, phaseOf, tableOf } from './journal-state.mjs'

const trials = 6
const config = `data: { name: fashion-mnist, train: 200, validation: 60, test: 100, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator:
  name: fear
  threshold: auto
  calibration: { architectures: 3, epochs: 1, steps: 6 }
  cost: work
  ratio: 1.5
  maxEpochs: 4
  stage2: { epochs: 1, batch: 32 }
budget: { trials: ${trials} }
resampling: { searches: 50 }
finalists: 3
seed: 3
`
const arms = [
  { name: 'fear', trials, finalists: 3, calibrates: true, tests: false },
  { name: 'full', trials, finalists: 0, calibrates: false, tests: true },
]

export const runs = {
  config,
  command: (configFile, directory, rng) => [
    ...['compare', configFile, '--workers', rng === null ? '1' : String(1 + rng.integer(2))],
    ...['--out', directory],
  ],
  /** Without the table at the end, which is printed when all is done. */
  isProgress: (line) => line.startsWith('['),

  /** The complete lines of the journal. */
  stateOf: (directory) => completeText(path.join(directory, 'journal.jsonl')),
  hasBegun: (journal) => journal !== '',
  hasEnded: (journal) => journal.includes('"event":"run.finished"'),

  /** Half of the kills come after a random time, which mostly hits the start; half after a random line of output. */
  nextKill(rng, { lines, seconds }) {
    if (rng.next() < 0.5) return { lines: 0, seconds: rng.next() * seconds }
    // A resumed session has fewer lines: rather an early one.
    return { lines: 1 + Math.floor(lines * rng.next() ** 2), seconds: rng.next() * 0.02 }
  },

  /** What a session must not have broken. */
  faults: (before, after) => [
    ...(after.startsWith(before) ? [] : ['complete lines of the journal are lost']),
    ...doubled(after).map((what) => `recorded twice: ${what}`),
  ],
  phaseOf: (before, after) => phaseOf(before, after, arms),

  /** What is left at the end of a run, to be the same however often it was killed. */
  remains(directory) {
    const names = readdirSync(directory).sort()
    const networks = names.filter((name) => name.endsWith('.bin'))
    const { arms } = JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))
    const journal = completeText(path.join(directory, 'journal.jsonl'))
    return {
      names,
      table: tableOf(journal),
      best: Object.values(arms).map(({ best }) => best),
      networks: networks.map((name) => readFileSync(path.join(directory, name)).toString('base64')),
      hasEnd: eventsOf(journal).some(({ event }) => event === 'run.finished'),
    }
  },
}
