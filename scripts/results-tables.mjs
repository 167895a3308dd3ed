/*
 * Brings the measured figures of README.md and docs/results.md up to date with the runs in results/reference:
 *
 *   node scripts/results-tables.mjs            writes the documents again
 *   node scripts/results-tables.mjs --check    only checks that they are up to date (exit code 1)
 *
 * A table stands between `<!-- results: KIND RUN -->` and `<!-- end of KIND RUN -->`. A figure in a sentence stands
 * between `<!-- = RUN PATH FORMAT -->` and `<!-- / -->`: RUN is a folder of results/reference, PATH leads to a value of
 * its summary.json (an item of a list is found by its name, blanks as underscores, or by its percent; `A:B` is A over B),
 * and FORMAT is one of those below.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { table } from './markdown.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const documents = ['README.md', 'docs/results.md']
const summaries = new Map()

function summaryOf(run) {
  if (!summaries.has(run)) {
    const file = path.join(root, 'results/reference', run, 'summary.json')
    summaries.set(run, JSON.parse(readFileSync(file, 'utf8')))
  }
  return summaries.get(run)
}

function valueAt(run, keys) {
  if (keys.includes(':')) return keys.split(':').reduce((over, under) => valueAt(run, over) / valueAt(run, under))
  let value = summaryOf(run)
  for (const key of keys.split('/')) {
    value = Array.isArray(value)
      ? (value.find((item) => item.name?.replaceAll(' ', '_') === key || String(item.percent) === key) ?? value[key])
      : value?.[key]
  }
  if (value === undefined) throw new Error(`results/reference/${run}/summary.json has no ${keys}`)
  return value
}

const fixed = (digits) => (value) => value.toFixed(digits)
const percent = (value) => (100 * value).toFixed(2)
const points = (value) => `${value < 0 ? '-' : '+'}${Math.abs(100 * value).toFixed(2)}`
const figures = {
  0: fixed(0),
  1: fixed(1),
  2: fixed(2),
  percent,
  points,
  times: fixed(2),
}

/** `times` one figure; `times-interval` with its bounds, `times-bounds` these alone. */
function format(value, name) {
  const [figure, part] = name.split('-')
  const show = figures[figure]
  if (show === undefined) throw new Error(`${name} is no format`)
  if (part === undefined) return value === null ? 'none' : show(value.mean ?? value.value ?? value)
  const bounds = `[${show(value.low)}, ${show(value.high)}]`
  return part === 'bounds' ? bounds : `${show(value.mean ?? value.value)} ${bounds}`
}

const withBounds = (value, show) => (value === null || value === undefined ? '-' : format(value, `${show}-interval`))
const estimate = (value) =>
  value.value === null
    ? '-'
    : `${figures[2](value.value)}${value.low === null ? '' : ` [${figures[2](value.low)}, ${figures[2](value.high)}]`}`

/** Arms of a comparison: what each spent, how much cheaper it is than full training, and what it found. */
function arms(run) {
  const { arms: measured, comparisons, resampling } = summaryOf(run)
  return table(
    [
      'arm',
      'TFLOP',
      'compute seconds',
      'speed-up, FLOPs',
      'speed-up, time',
      'test accuracy',
      'points against full',
      'Spearman',
    ],
    Object.entries(measured).map(([name, arm]) => {
      const against = resampling.comparisons[name]
      return [
        name,
        (arm.trainingFlops / 1e12).toFixed(0),
        arm.computeSeconds.toFixed(0),
        withBounds(against?.speedup.trainingFlops, 'times'),
        withBounds(against?.speedup.computeSeconds, 'times'),
        withBounds(resampling.arms[name].testAccuracy, 'percent'),
        withBounds(against?.testAccuracyDifference, 'points'),
        comparisons[name]?.rankCorrelation.spearman?.toFixed(2) ?? '-',
      ]
    }),
  )
}

/** Methods of a ranking, over the architectures that all of them scored. */
function ranks(run) {
  const at = ({ common }, wanted) => common.find((subset) => subset.percent === wanted)
  return table(
    [
      'method',
      'seconds per architecture',
      'Spearman, all',
      'Spearman, top 20 %',
      'common ratio, top 20 %',
      'common ratio, top 10 %',
    ],
    summaryOf(run).methods.map((method) => [
      method.name,
      at(method, 100).seconds.mean.toPrecision(2),
      estimate(at(method, 100).spearman),
      estimate(at(method, 20).spearman),
      estimate(at(method, 20).commonRatio),
      estimate(at(method, 10).commonRatio),
    ]),
  )
}

/** Rank correlation of each score by epochs of training, and the change from the first of them to the last. */
function training(run) {
  const { curves } = summaryOf(run).inTraining.epochs
  const at = (point) => point.subsets.find((subset) => subset.percent === 100)
  const epochs = curves[0].points.map((point) => point.at)
  const show = (value) => (value === null ? '-' : figures[2](value))
  return table(
    ['score after epochs', ...epochs.map(String), 'change'],
    curves.map(({ name, points }) => {
      const { value, low, high } = at(points.at(-1)).decline
      const change = value === null ? '-' : `${show(-value)} [${show(-high)}, ${show(-low)}]`
      const values = epochs.map((epoch) => points.find((point) => point.at === epoch))
      return [name, ...values.map((point) => (point ? show(at(point).spearman.value) : '-')), change]
    }),
  )
}

/** FEAR's search against full training, a row for each comparison. */
function headline(runs) {
  return table(
    [
      'run',
      'architectures',
      'speed-up, time',
      'speed-up, FLOPs',
      'test accuracy, FEAR',
      'test accuracy, full training',
      'difference, points',
      'speed-up over an equally accurate short training',
    ],
    runs.split('+').map((run) => {
      const { arms, resampling } = summaryOf(run)
      const { speedup, testAccuracyDifference, equalAccuracy } = resampling.comparisons.fear
      const equal = equalAccuracy
        ? `${format(equalAccuracy.speedup.computeSeconds, 'times-interval')} (${equalAccuracy.against})`
        : '-'
      return [
        run,
        String(arms.fear.trials),
        format(speedup.computeSeconds, 'times-interval'),
        format(speedup.trainingFlops, 'times-interval'),
        `${percent(arms.fear.best.testAccuracy)} %`,
        `${percent(arms.full.best.testAccuracy)} %`,
        format(testAccuracyDifference, 'points-interval'),
        equal,
      ]
    }),
  )
}

/** The machine and the software of a run. */
function setting(run) {
  const { hardware, engine, workers, dataset, command } = summaryOf(run)
  return (
    `\`${command}\`, ${hardware.cpu} (${hardware.platform}, Node ${hardware.node.slice(1)}), engine ${engine.name} ` +
    `with ${engine.device}, ${workers} workers; ${dataset.name} ${dataset.fingerprint}.`
  )
}

const tables = { headline, arms, ranks, training, setting }

/** A document with its tables and figures as the runs have them. */
function fillIn(text) {
  return text
    .replace(/(<!-- results: (\w+) (\S+) -->\n)[\s\S]*?(<!-- end of \2 \3 -->)/g, (_, begin, kind, run, end) => {
      return `${begin}\n${tables[kind](run)}\n\n${end}`
    })
    .replace(/(<!-- = (\S+) (\S+) (\S+) -->)[^<]*(<!-- \/ -->)/g, (_, begin, run, keys, name, end) => {
      return `${begin}${format(valueAt(run, keys), name)}${end}`
    })
}

let isStale = false
for (const document of documents) {
  const file = path.join(root, document)
  const text = readFileSync(file, 'utf8')
  const filled = fillIn(text)
  if (text === filled) continue
  if (process.argv.includes('--check')) {
    process.stderr.write(`${document} is out of date: run node scripts/results-tables.mjs\n`)
    isStale = true
  } else {
    writeFileSync(file, filled)
  }
}
if (isStale) process.exitCode = 1
