/*
 * Brings the measured figures of docs/performance.md and of the README up to date:
 *
 *   node scripts/performance-tables.mjs build/bench.json    takes them from a run of `make bench`, and keeps that run
 *                                                           as results/reference/bench.json
 *   node scripts/performance-tables.mjs                     writes the documents again from the run that is kept
 *   node scripts/performance-tables.mjs --check             only checks that they are up to date (exit code 1)
 *
 * The figures of benchmarks/scale.mjs are those that are kept as results/reference/scale.json.
 *
 * A table stands between `<!-- bench: NAME -->` and `<!-- end of NAME -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawRoofline, reached } from './draw-roofline.mjs'
import { drawScale } from './draw-scale.mjs'
import { table, thousands } from './markdown.mjs'
import { scaleTables } from './scale-tables.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const reference = path.join(root, 'results/reference/bench.json')
const read = (name) => readFileSync(path.join(root, name), 'utf8')

const milliseconds = ({ medianSeconds }) => `${(1000 * medianSeconds).toFixed(1)} ms`
const imagesPerSecond = ({ imagesPerSecond: speed }) => thousands(speed)

/** Bits of the vectors of an instruction set. */
const vectorBits = { avx512: '512', avx2: '256', generic: '128' }

function peakOf({ roofline, isa }) {
  return roofline.peakGflops[vectorBits[isa] ?? '128'] ?? Math.max(...Object.values(roofline.peakGflops))
}

function setting({ hardware, isa, torch, cases, date }) {
  const yardstick = torch === null ? 'without PyTorch' : `PyTorch ${torch}, channels_last`
  return (
    `${hardware.cpu}, ${hardware.platform}, Node ${hardware.node.slice(1)}, native engine with ${isa}; ${yardstick}.\n` +
    `One thread each, ${cases[0].rounds} alternating rounds, medians; ${date.slice(0, 10)}.`
  )
}

function casesOf({ cases }, kind) {
  return cases.filter((one) => one.kind === kind)
}

function comparison(cases, show, unit) {
  return table(
    ['network', `native${unit}`, `PyTorch${unit}`, 'speed-up', 'range over rounds', 'ratio of minima'],
    cases.map(({ name, native, torch, ratio }) => [
      name.replace(/, (tail|evaluate)$/, ''),
      show(native),
      torch === null ? '' : show(torch),
      ratio === null ? '' : ratio.median.toFixed(2),
      ratio === null ? '' : `${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)}`,
      ratio === null ? '' : ratio.byMinima.toFixed(2),
    ]),
  )
}

function summary(bench) {
  return table(
    ['training step', 'native', 'PyTorch', 'speed-up'],
    casesOf(bench, 'step').map(({ name, native, torch, ratio }) => [
      name,
      milliseconds(native),
      torch === null ? '' : milliseconds(torch),
      ratio === null ? '' : ratio.median.toFixed(2),
    ]),
  )
}

function machine({ roofline }) {
  const { peakGflops, bandwidth } = roofline
  const peaks = Object.entries(peakGflops).toReversed()
  return [
    table(
      ['float32 multiply-adds, vectors of', ...peaks.map(([bits]) => `${bits} bits`)],
      [['GFLOP/s', ...peaks.map(([, gflops]) => gflops.toFixed(0))]],
    ),
    '',
    table(
      ['working set', 'read, GB/s', 'write, GB/s', 'copy, GB/s'],
      Object.entries(bandwidth).map(([name, { bytes, read: reading, write, copy }]) => [
        `${name}, ${thousands(bytes / 1024)} KiB`,
        reading.toFixed(0),
        write.toFixed(0),
        copy.toFixed(0),
      ]),
    ),
  ].join('\n')
}

/** The training steps at their least disturbed, as the machine's limits are measured. */
function limits(bench) {
  const peak = peakOf(bench)
  const memory = bench.roofline.bandwidth.memory.copy
  return table(
    [
      'training step',
      'GFLOP',
      'FLOPs per byte',
      'compute bound',
      'memory bound',
      'measured minimum',
      'GFLOP/s',
      'of peak',
    ],
    casesOf(bench, 'step').map((one) => [
      one.name,
      (one.flops / 1e9).toFixed(2),
      (one.flops / one.trafficBytes).toFixed(1),
      `${(one.flops / peak / 1e6).toFixed(1)} ms`,
      `${(one.trafficBytes / memory / 1e6).toFixed(1)} ms`,
      `${(1000 * one.native.minSeconds).toFixed(1)} ms`,
      reached(one).toFixed(0),
      `${((100 * reached(one)) / peak).toFixed(0)} %`,
    ]),
  )
}

/** Where the time of the first few training steps goes, in per cent of it. */
function phases(bench) {
  const steps = casesOf(bench, 'step').slice(0, 4)
  const names = Object.keys(steps[0].native.phases)
  return table(
    ['training step', ...names],
    steps.map(({ name, native }) => {
      const total = Object.values(native.phases).reduce((sum, seconds) => sum + seconds, 0)
      return [name, ...names.map((phase) => `${((100 * native.phases[phase]) / total).toFixed(0)} %`)]
    }),
  )
}

function around({ driver, workers }) {
  const { searches, workers: simulated } = driver
  return [
    table(
      ['architectures', 'trials per second', 'with a journal on disk', 'resident memory'],
      searches.map(({ trials, trialsPerSecond, trialsPerSecondWithJournal, residentMiB }) => [
        thousands(trials),
        thousands(trialsPerSecond),
        thousands(trialsPerSecondWithJournal),
        `${residentMiB} MiB`,
      ]),
    ),
    '',
    `(The driver alone: ${simulated} simulated workers whose evaluations take no time.)`,
    ...(workers === null
      ? []
      : [
          '',
          `Full trainings: ${thousands(workers.oneWorker)} trials per hour with one worker, ` +
            `${thousands(workers.twoWorkers)} with two on two cores, ${workers.ratio.toFixed(2)} times as many ` +
            `(median of ${workers.rounds.length} rounds).`,
        ]),
  ].join('\n')
}

/** The tables by name. */
function tables(bench, scale) {
  return {
    scale: scaleTables(scale),
    setting: setting(bench),
    summary: summary(bench),
    steps: comparison(casesOf(bench, 'step'), milliseconds, ''),
    tails: comparison(casesOf(bench, 'tail'), imagesPerSecond, ', images/s'),
    evaluations: comparison(casesOf(bench, 'evaluate'), imagesPerSecond, ', images/s'),
    machine: machine(bench),
    limits: limits(bench),
    phases: phases(bench),
    around: around(bench),
  }
}

function fillIn(file, parts) {
  return read(file).replace(
    /(<!-- bench: (\w+) -->\n)[\s\S]*?\n(<!-- end of \2 -->)/g,
    (_, begin, name, end) => `${begin}\n${parts[name]}\n\n${end}`,
  )
}

/** The run with its fractions cut to six digits: more would be noise. */
function shorten(bench) {
  return JSON.stringify(
    bench,
    (_, value) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value),
    1,
  )
}

const [argument] = process.argv.slice(2)
const isCheck = argument === '--check'
const text = argument === undefined || isCheck ? readFileSync(reference, 'utf8') : readFileSync(argument, 'utf8')
// Shortened first: the documents must follow from what is kept.
const bench = JSON.parse(shorten(JSON.parse(text)))
const missing = ['roofline', 'driver', 'cases'].filter((part) => bench[part] === null || bench[part].length === 0)
if (missing.length > 0) {
  const file = argument ?? reference
  process.stderr.write(`${file} has no ${missing.join(' and no ')}: run make bench again, with a C++ compiler.\n`)
  process.exit(2)
}
const scale = JSON.parse(read('results/reference/scale.json'))
const parts = tables(bench, scale)
const files = {
  'docs/performance.md': fillIn('docs/performance.md', parts),
  'README.md': fillIn('README.md', parts),
  'docs/roofline.svg': drawRoofline(bench, peakOf(bench)),
  'docs/scale.svg': drawScale(scale),
}
if (isCheck) {
  const stale = Object.entries(files).filter(([name, content]) => read(name) !== content)
  for (const [name] of stale) process.stderr.write(`${name} is out of date: run node scripts/performance-tables.mjs\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(root, name), content)
  writeFileSync(reference, `${shorten(bench)}\n`)
}
