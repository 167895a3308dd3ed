/*
 * Does a run survive kill -9, wherever it hits? A small comparison on real images (a threshold found by calibration,
 * trials with FEAR, finalists, full training, measurements on the test images) is started by the command line, killed
 * after a random time or a random line of its output, resumed, killed again, until it comes to its end; then another
 * one, until `--kills` have been survived. Run by `make kill-cycles`.
 *
 *   node benchmarks/kill-cycles.mjs [--kills 200] [--seed 1] [--json] [--keep]
 *
 * After every kill: the complete lines of the journal are those from before, and others after them; nothing is recorded
 * twice. After every end: the table, the winners and the networks are those of a run that was not killed, and nothing
 * half-written is left. `--keep` keeps the run directories.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { completeText, doubled, eventsOf, phaseOf, tableOf } from './kill-cycles/journal-state.mjs'

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const kills = Number(options.kills)
if (!Number.isInteger(kills) || kills < 1) throw new RangeError('--kills must be a positive integer')

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

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-kills-'))
const configFile = path.join(folder, 'tiny.yaml')
writeFileSync(configFile, config)

/**
 * Runs the command line; `until` may kill it.
 *
 * @param until `{ seconds, lines }`: kill -9 `seconds` after `lines` lines of output; null: let it end.
 * @returns whether the kill hit it, and how it ended otherwise.
 */
function session(args, until) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let [output, errors, timer] = ['', '', null]
    const arm = () => {
      if (until === null || timer !== null || output.split('\n').length - 1 < until.lines) return
      timer = setTimeout(() => child.kill('SIGKILL'), 1000 * until.seconds)
    }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      arm()
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text
    })
    arm()
    child.on('error', reject)
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({ killed: signal === 'SIGKILL', exitCode, output, errors })
    })
  })
}

/** What is left at the end of a run, to be the same however often it was killed. */
function remains(directory) {
  const names = readdirSync(directory).sort()
  const networks = names.filter((name) => name.endsWith('.bin'))
  const { arms } = JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))
  return {
    names,
    table: tableOf(completeText(path.join(directory, 'journal.jsonl'))),
    best: Object.values(arms).map(({ best }) => best),
    networks: networks.map((name) => readFileSync(path.join(directory, name)).toString('base64')),
  }
}

const started = systemClock.now()
const reference = path.join(folder, 'reference')
const uninterrupted = await session(['compare', configFile, '--workers', '1', '--out', reference], null)
if (uninterrupted.exitCode !== 0) throw new Error(uninterrupted.errors)
const runSeconds = systemClock.now() - started
// Without the table at the end, which is printed when all is done.
const runLines = uninterrupted.output.split('\n').filter((line) => line.startsWith('[')).length
const expected = remains(reference)

const rng = createRng(options.seed, 'kills')
const hits = {}
const failures = []
const tally = { kills: 0, runs: 0, sessions: 0, killsOfOneRun: 0 }

/** Half of the kills come after a random time, which mostly hits the start; half after a random line of output. */
function nextKill() {
  if (rng.next() < 0.5) return { lines: 0, seconds: rng.next() * runSeconds }
  // A resumed session has fewer lines: rather an early one.
  return { lines: 1 + Math.floor(runLines * rng.next() ** 2), seconds: rng.next() * 0.02 }
}

async function killUntilItEnds(directory) {
  const fail = (what) => {
    failures.push(`${path.basename(directory)}: ${what}`)
    process.stderr.write(`FAILED ${failures.at(-1)}\n`)
  }
  const journal = path.join(directory, 'journal.jsonl')
  for (let killsHere = 0; ; ) {
    const before = completeText(journal)
    const workers = String(1 + rng.integer(2))
    const command =
      before === '' ? ['compare', configFile, '--workers', workers, '--out', directory] : ['resume', directory]
    // A run that has come to its end once is seldom killed again: there is more to break in one that has not.
    const spared = before.includes('"event":"run.finished"') && rng.next() < 0.8
    const until = tally.kills < kills && !spared ? nextKill() : null
    const { killed, exitCode, errors } = await session(command, until)
    tally.sessions++
    const after = completeText(journal)
    if (!after.startsWith(before)) fail('complete lines of the journal are lost')
    for (const what of doubled(after)) fail(`recorded twice: ${what}`)
    if (!killed) {
      if (exitCode !== 0) return fail(`exit code ${exitCode}: ${errors}`)
      const found = remains(directory)
      for (const what of Object.keys(expected)) {
        if (!isDeepStrictEqual(found[what], expected[what])) fail(`${what} differ from those of the uninterrupted run`)
      }
      const ends = eventsOf(after).filter(({ event }) => event === 'run.finished')
      if (ends.length === 0) fail('no run.finished')
      return
    }
    tally.kills++
    tally.killsOfOneRun = Math.max(tally.killsOfOneRun, ++killsHere)
    const phase = phaseOf(before, after, arms)
    hits[phase] = (hits[phase] ?? 0) + 1
    process.stderr.write(`kill ${tally.kills}: ${phase}\n`)
  }
}

// Where nothing works, such as on a full disk, a few failures say it all.
while (tally.kills < kills && failures.length < 10) await killUntilItEnds(path.join(folder, `run-${++tally.runs}`))

const result = { ...tally, seconds: Math.round(systemClock.now() - started), hits, failures }
if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`)
else {
  const order = Object.entries(hits).sort(([, a], [, b]) => b - a)
  const rows = [
    ...order.map(([phase, count]) => [`  during ${phase}`, count]),
    ['kills survived', tally.kills],
    ['runs that came to their end', tally.runs],
    ['most kills of one run', tally.killsOfOneRun],
    ['failures', failures.length],
  ]
  for (const [what, count] of rows) process.stdout.write(`${what.padEnd(34)}${String(count).padStart(6)}\n`)
  for (const failure of failures) process.stdout.write(`${failure}\n`)
}
if (failures.length > 0) process.stdout.write(`the run directories are in ${folder}\n`)
else if (!options.keep) rmSync(folder, { recursive: true })
process.exitCode = failures.length === 0 ? 0 : 1
