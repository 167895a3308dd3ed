/*
 * Does a search slow down as it grows, and can it still be looked at? A million trials by the real driver, evaluations
 * that take no time, without a journal and with one on disk: seconds for each 10,000 trials and resident memory. Then
 * `fear-nas status` as a whole process, with the start of Node, on journals of 100,000 trials and of all.
 *
 *   node benchmarks/scale.mjs [--trials 1000000] [--output build/scale.json]
 *
 * On a machine that does other work, look at the processor's seconds. scripts/performance-tables.mjs writes what is kept
 * as results/reference/scale.json into docs/performance.md and draws docs/scale.svg.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { loadConfig } from '../dist/config/load-config.js'
import { createRunDirectory } from '../dist/journal/run-directory.js'
import { systemClock } from '../dist/platform/clock.js'
import { describeHardware } from '../dist/platform/hardware.js'
import { instantSearch } from './instant-search.mjs'

const { values: options } = parseArgs({
  options: {
    trials: { type: 'string', default: '1000000' },
    output: { type: 'string', default: 'build/scale.json' },
    // For the processes that this one starts: each search has its own, so that memory is that of one.
    search: { type: 'string' },
    into: { type: 'string' },
  },
})
const step = 10_000
const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** Has a process say at its end what it used. */
const meter = 'data:text/javascript,process.on("exit",()=>process.stderr.write(JSON.stringify(process.cpuUsage())))'

if (options.search !== undefined) {
  process.stdout.write(JSON.stringify(await courseOf(Number(options.search), options.into)))
} else {
  await measure(Number(options.trials))
}

/** One search; `into` is the run directory of one with a journal. */
async function courseOf(trials, into) {
  await instantSearch(2000)
  const directory = into === undefined ? undefined : await createRunDirectory(into)
  await directory?.journal.append(runStarted(trials))
  const samples = []
  let last = { seconds: systemClock.now(), cpuSeconds: cpuSeconds(process.cpuUsage()) }
  await instantSearch(trials, {
    journal: directory?.journal,
    onFinished(finished) {
      if (finished % step !== 0) return
      const now = { seconds: systemClock.now(), cpuSeconds: cpuSeconds(process.cpuUsage()) }
      samples.push({
        trials: finished,
        seconds: now.seconds - last.seconds,
        cpuSeconds: now.cpuSeconds - last.cpuSeconds,
        residentMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
      })
      last = now
    },
  })
  await directory?.close()
  return samples
}

function runStarted(trials) {
  const config = loadConfig('search-configs/fashion.yaml', [`budget.trials=${trials}`])
  const about = { date: systemClock.date(), hardware: describeHardware(), engine: 'native' }
  return { event: 'run.started', schema: 1, command: 'search', config, seed: 1, ...about }
}

async function measure(trials) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-scale-'))
  const loadBefore = loadavg()[0]
  try {
    const courses = { 'without a journal': course(trials), 'with a journal': course(trials, path.join(folder, 'long')) }
    const short = Math.min(trials, 100_000)
    course(short, path.join(folder, 'short'))
    const statuses = [status(path.join(folder, 'short'), short, 7), status(path.join(folder, 'long'), trials, 3)]
    const result = {
      date: systemClock.date(),
      hardware: describeHardware(),
      load: [loadBefore, loadavg()[0]],
      trials,
      step,
      courses,
      statuses,
    }
    for (const [name, samples] of Object.entries(courses)) say(name, samples)
    for (const one of statuses) say(`status of ${one.trials} trials, ${one.journalMiB} MiB`, one.runs)
    mkdirSync(path.dirname(options.output), { recursive: true })
    writeFileSync(options.output, `${JSON.stringify(result, null, 1)}\n`)
    process.stdout.write(`everything is in ${options.output}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function course(trials, into) {
  const script = fileURLToPath(import.meta.url)
  const words = [script, '--search', String(trials), ...(into === undefined ? [] : ['--into', into])]
  const { status: code, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** `fear-nas status` of a directory, several times. */
function status(directory, trials, times) {
  const runs = Array.from({ length: times }, () => {
    const started = systemClock.now()
    const words = ['--import', meter, cli, 'status', directory, '--json']
    const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    const seconds = systemClock.now() - started
    const found = stdout === '' ? null : JSON.parse(stdout).arms[0]?.trials.finished
    if (found !== trials) throw new Error(`status found ${found} of ${trials} trials: ${stderr}`)
    return { seconds, cpuSeconds: cpuSeconds(JSON.parse(stderr)) }
  })
  const journalMiB = Math.round(statSync(path.join(directory, 'journal.jsonl')).size / 2 ** 20)
  return { trials, journalMiB, runs }
}

function cpuSeconds({ user, system }) {
  return (user + system) / 1e6
}

/** The mean, and the least and most, of the seconds that passed and of the processor's. */
function say(name, samples) {
  const texts = ['seconds', 'cpuSeconds'].map((unit) => {
    const values = samples.map((sample) => sample[unit])
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return `${mean.toFixed(3)} (${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`
  })
  process.stdout.write(`${name}: ${texts[0]} s, processor ${texts[1]} s\n`)
}
