// Exports the network of a run to ONNX, TensorFlow.js and PyTorch and lets the programs that people use predict all test images
// from the files: ONNX Runtime in Python and Node, TensorFlow.js in Node and Chromium, PyTorch. Prints a table of how their
// predictions compare with those of fear-nas, and why a program is skipped. Fails if one predicts otherwise.
//
//   node scripts/check-exports.mjs RUN                 after `npm run build`
//   node scripts/check-exports.mjs RUN --validation    the validation images, too
//   node scripts/check-exports.mjs RUN --images 1000   the first 1000 only
//   node scripts/check-exports.mjs RUN --download      fetches ONNX Runtime for Node from npm, 290 MB, into the temporary folder
//
// FEAR_NAS_PYTHON names a Python with numpy, onnx, onnxruntime, torch and safetensors, FEAR_NAS_CHROMIUM a browser.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadRecordedConfig } from '../dist/config/load-config.js'
import { checkExport } from '../dist/export/check-export.js'
import { exportNetwork, loadDataset, loadNetwork } from '../dist/index.js'
import { findNetwork } from '../dist/runs/export-source.js'
import { Absent, consumers } from './check-exports/consumers.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { validation: { type: 'boolean' }, images: { type: 'string' }, download: { type: 'boolean' } },
})
const [run] = positionals
const most = Number(options.images ?? Number.POSITIVE_INFINITY)
if (run === undefined || !(most >= 1)) {
  console.error('usage: node scripts/check-exports.mjs RUN [--validation] [--images N] [--download]')
  process.exit(2)
}

const work = mkdtempSync(path.join(tmpdir(), 'fear-nas-exports-'))
try {
  await check()
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function check() {
  const file = findNetwork(run)
  const model = await loadNetwork(file)
  const { count, labels, name: dataset, pixels } = await imagesOf(file)
  const folders = {}
  for (const format of ['onnx', 'tfjs', 'pytorch']) {
    folders[format] = path.join(work, format)
    // The exports' own check; all images follow below.
    await exportNetwork(file, { format, directory: folders[format], images: Math.min(32, count) })
  }
  const [expected, seconds] = await timed(() => model.logits(pixels))
  const { channels, height, width } = model.input
  const description = `${count} images of ${dataset}`
  console.log(`${file}: ${model.architecture}\n${description}; Node ${process.version}, ${cpus()[0]?.model}\n`)
  row('program', 'right answers', 'predictions that differ', 'largest difference of logits', 'seconds')
  row('---', '---', '---', '---', '---')
  row(`fear-nas, ${model.engine}`, rightAnswers(expected, labels), '', '', seconds.toFixed(1))
  for (const { name, run: predict } of consumers) {
    try {
      const input = { count, pixels, folders, shape: [channels, height, width] }
      const [outputs, taken] = await timed(() => predict(input, options.download === true))
      const [native, logits, probabilities] = [expected, outputs.logits, outputs.probabilities].map((values) =>
        inTurn(values, count, pixels.length / count),
      )
      const original = { engine: model.engine, logits: native }
      const predictInTurn = (part) => ({ logits: logits(part), probabilities: probabilities(part) })
      const opened = { checkedBy: name, unchecked: null, predict: predictInTurn }
      const checked = await checkExport(opened, original, { count, pixels, labels, description })
      const differ = checked.images - checked.equalPredictions
      const ties = differ === 0 ? '0' : `${differ}, by rounding`
      row(name, checked.rightAnswers.exported, ties, checked.largestLogitDifference.toExponential(1), taken.toFixed(1))
    } catch (error) {
      const isAbsent = error instanceof Absent
      if (!isAbsent) process.exitCode = 1
      row(name, `${isAbsent ? 'skipped' : 'FAILED'}: ${error.message.trim().split('\n').at(-1)}`, '', '', '')
    }
  }
  model.dispose()
}

/** The images of the run that the network was not trained on. */
async function imagesOf(file) {
  const { data, seed } = loadRecordedConfig(path.join(path.dirname(file), 'config.yaml'))
  const { name, test, validation } = await loadDataset({ ...data, seed })
  const splits = options.validation ? [test, validation] : [test]
  const size = test.pixels.length / test.count
  const count = Math.min(
    most,
    splits.reduce((sum, split) => sum + split.count, 0),
  )
  const joined = (values) => new Uint8Array(Buffer.concat(values))
  return {
    name,
    count,
    pixels: joined(splits.map(({ pixels }) => pixels)).subarray(0, count * size),
    labels: joined(splits.map(({ labels }) => labels)).subarray(0, count),
  }
}

async function timed(work) {
  const start = performance.now()
  const result = await work()
  return [result, (performance.now() - start) / 1000]
}

function rightAnswers(logits, labels) {
  const classes = logits.length / labels.length
  const predicted = (i) => {
    const own = logits.subarray(i * classes, (i + 1) * classes)
    return own.indexOf(Math.max(...own))
  }
  return `${labels.filter((label, i) => label === predicted(i)).length} of ${labels.length}`
}

/** Gives out what was computed at once as the check asks for it: the outputs of the next images, which `pixels` are. */
function inTurn(values, count, imageBytes) {
  const classes = values.length / count
  let given = 0
  return (pixels) => {
    const from = given
    given += pixels.length / imageBytes
    return values.subarray(from * classes, given * classes)
  }
}

function row(...cells) {
  console.log(`| ${cells.join(' | ')} |`)
}
