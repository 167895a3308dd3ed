/*
 * Does a run survive kill -9, wherever it hits? A small comparison on real images (a threshold found by calibration,
 * trials with FEAR, finalists, full training, measurements on the test images) is started by the command line, killed
 * after a random time or a random line of its output, resumed, killed again, until it comes to its end; then another
 * one, until `--kills` have been survived. With `--train` a training of one network instead. Run by `make kill-cycles`.
 *
 *   node benchmarks/kill-cycles.mjs [--train] [--kills 200] [--seed 1] [--json] [--keep]
 *
 * After every kill of a run: the complete lines of the journal are those from before, and others after them; nothing is
 * recorded twice. After every kill of a training: no epoch is lost. After every end: what was found and the networks are
 * those of a run that was not killed, and nothing half-written is left. `--keep` keeps the directories.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { runs } from './kill-cycles/runs.mjs'
import { session } from './kill-cycles/session.mjs'
import { trainings } from './kill-cycles/trainings.mjs'

const { values: options } = parseArgs({
  options: {
    train: { type: 'boolean', default: false },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const kills = Number(options.kills)
if (!Number.isInteger(kills) || kills < 1) throw new RangeError('--kills must be a positive integer')

const subject = options.train ? trainings : runs
const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-kills-'))
const configFile = path.join(folder, 'tiny.yaml')
writeFileSync(configFile, subject.config)

const started = systemClock.now()
const directory = path.join(folder, 'reference')
const undisturbed = await session(subject.command(configFile, directory, null), null)
if (undisturbed.exitCode !== 0) throw new Error(undisturbed.errors)
const whole = {
  seconds: systemClock.now() - started,
  lines: undisturbed.output.split('\n').filter(subject.isProgress).length,
}
const expected = subject.remains(directory)

const rng = createRng(options.seed, 'kills')
const hits = {}
const failures = []
const tally = { kills: 0, runs: 0, sessions: 0, killsOfOneRun: 0 }

async function killUntilItEnds(directory) {
  const fail = (what) => {
    failures.push(`${path.basename(directory)}: ${what}`)
    process.stderr.write(`FAILED ${failures.at(-1)}\n`)
  }
  for (let killsHere = 0; ; ) {
    const before = subject.stateOf(directory)
    const again = subject.hasBegun(before) && (!subject.resumesByCommand?.(before) || rng.next() < 0.5)
    const command = again ? ['resume', directory] : subject.command(configFile, directory, rng)
    // A run that has come to its end once is seldom killed again: there is more to break in one that has not.
    const spared = subject.hasEnded(before) && rng.next() < 0.8
    const until = tally.kills < kills && !spared ? subject.nextKill(rng, whole, before) : null
    const { killed, exitCode, errors } = await session(command, until)
    tally.sessions++
    const after = subject.stateOf(directory)
    for (const fault of subject.faults(before, after)) fail(fault)
    if (!killed) {
      if (exitCode !== 0) return fail(`exit code ${exitCode} of ${command.join(' ')}: ${errors}`)
      const found = subject.remains(directory)
      for (const what of Object.keys(expected)) {
        if (!isDeepStrictEqual(found[what], expected[what])) fail(`${what}: not as of the uninterrupted one`)
      }
      return
    }
    tally.kills++
    tally.killsOfOneRun = Math.max(tally.killsOfOneRun, ++killsHere)
    const phase = subject.phaseOf(before, after, directory)
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
    [options.train ? 'trainings that came to their end' : 'runs that came to their end', tally.runs],
    ['most kills of one', tally.killsOfOneRun],
    ['failures', failures.length],
  ]
  for (const [what, count] of rows) process.stdout.write(`${what.padEnd(34)}${String(count).padStart(6)}\n`)
  for (const failure of failures) process.stdout.write(`${failure}\n`)
}
if (failures.length > 0) process.stdout.write(`the run directories are in ${folder}\n`)
else if (!options.keep) rmSync(folder, { recursive: true })
process.exitCode = failures.length === 0 ? 0 : 1
