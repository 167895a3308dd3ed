/*
 * Does any damaged data file crash, hang or fill the memory? Small valid files of every format are damaged at random and
 * read through the whole path that a run takes, in processes of their own, half of them in a worker thread. Run by
 * `make mutations`.
 *
 *   node benchmarks/mutate-inputs.mjs [--count 15000] [--seed 1] [--only png-grey-8,csv] [--threads] [--keep FOLDER] [--json]
 *
 * Counts what came of them: "read", "refused" (a message and exit code 2), "other error" (a fault of ours), "slow" (more
 * than 5 s of a processor, or no answer in 60 s), "large" (the process grew over 500 MB) and "crashed". The exit code is 1
 * if there is any of the last four. `--threads` reads all in worker threads instead of half of them. `--keep` keeps those inputs in a folder.
 */
import { fork } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRng } from '../dist/platform/rng.js'
import { mutate } from './mutate-inputs/mutations.mjs'
import { seeds } from './mutate-inputs/seeds.mjs'

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '15000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    threads: { type: 'boolean', default: false },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const count = Number(options.count)
if (!Number.isInteger(count) || count < 1) throw new RangeError('--count must be a positive integer')
const names = options.only?.split(',') ?? Object.keys(seeds)
for (const name of names) if (seeds[name] === undefined) throw new RangeError(`there is no seed "${name}"`)

const mostSeconds = 5
const mostMB = 500
const answerMs = 60_000
/** Inputs per process: a new process shows the memory that one input takes, not what many leave behind. */
const inputsPerProcess = 500
const program = fileURLToPath(new URL('./mutate-inputs/read-input.mjs', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-mutations-'))

let child = null
let answered = 0

/** What a process says of an input, or what became of the process. */
function ask(question) {
  if (child === null || answered === inputsPerProcess) {
    child?.kill()
    child = fork(program)
    answered = 0
  }
  answered++
  const asked = child
  return new Promise((resolve) => {
    const end = (answer) => {
      clearTimeout(timer)
      asked.removeAllListeners()
      if (answer.peakMB === undefined || answer.peakMB > mostMB) {
        asked.kill('SIGKILL')
        child = null
      }
      resolve(answer)
    }
    const timer = setTimeout(() => end({ outcome: 'slow', message: 'no answer', seconds: answerMs / 1000 }), answerMs)
    asked.once('message', end)
    asked.once('exit', (code, signal) =>
      end({ outcome: 'crashed', message: `it ended with ${code ?? signal}`, seconds: 0 }),
    )
    asked.send(question)
  })
}

function outcomeOf({ outcome, seconds, peakMB }) {
  if (outcome === 'crashed' || outcome === 'other error') return outcome
  if (seconds > mostSeconds) return 'slow'
  return peakMB > mostMB ? 'large' : outcome
}

const outcomes = ['read', 'refused', 'other error', 'slow', 'large', 'crashed']
const counts = Object.fromEntries(
  names.map((name) => [name, Object.fromEntries(outcomes.map((outcome) => [outcome, 0]))]),
)
const found = []
const worst = { seconds: 0, peakMB: 0 }
try {
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length]
    const { kind, bytes, place } = seeds[name]
    const rng = createRng('mutations', options.seed, i)
    const own = path.join(folder, String(i))
    // The first of each is the seed itself, which must be read.
    const mutant = i < names.length ? Buffer.from(bytes) : mutate(bytes, () => rng.next())
    const location = place(path.join(own, 'data'), mutant, rng.integer(4) > 0)
    const answer = await ask({ kind, location, inThread: options.threads || rng.integer(2) > 0 })
    const outcome = i < names.length && answer.outcome !== 'read' ? 'other error' : outcomeOf(answer)
    counts[name][outcome]++
    worst.seconds = Math.max(worst.seconds, answer.seconds)
    worst.peakMB = Math.max(worst.peakMB, answer.peakMB ?? 0)
    if (outcomes.indexOf(outcome) >= 2) {
      found.push({ input: i, seed: name, outcome, message: answer.message.slice(0, 500) })
      if (options.keep !== undefined) cpSync(own, path.join(options.keep, String(i)), { recursive: true })
    }
    rmSync(own, { recursive: true, force: true })
    if (process.stderr.isTTY && i % 100 === 0) process.stderr.write(`\r${i} of ${count}`)
  }
} finally {
  child?.kill()
  rmSync(folder, { recursive: true, force: true })
}

const total = Object.fromEntries(
  outcomes.map((outcome) => [outcome, names.reduce((sum, name) => sum + counts[name][outcome], 0)]),
)
if (options.json) {
  process.stdout.write(`${JSON.stringify({ count, seed: options.seed, total, worst, counts, found }, null, 2)}\n`)
} else {
  for (const name of names) {
    const shown = outcomes
      .filter((outcome) => counts[name][outcome] > 0)
      .map((outcome) => `${counts[name][outcome]} ${outcome}`)
    process.stdout.write(`${name.padEnd(20)} ${shown.join(', ')}\n`)
  }
  for (const fault of found)
    process.stdout.write(`input ${fault.input}, ${fault.seed}: ${fault.outcome}: ${fault.message}\n`)
  const sums = outcomes.map((outcome) => `${total[outcome]} ${outcome}`).join(', ')
  process.stdout.write(
    `${count} inputs: ${sums}; at most ${worst.seconds.toFixed(2)} s and ${worst.peakMB.toFixed(0)} MB\n`,
  )
}
process.exitCode = found.length > 0 ? 1 : 0
