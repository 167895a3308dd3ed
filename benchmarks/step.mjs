// Time of one training step, the native engine against PyTorch on one thread, measured in turns so that both meet the
// same noise. Needs the compiled dist/ and the addon (make build).
//
//   node benchmarks/step.mjs [rounds]
//
// FEAR_NAS_PYTHON names the Python that has torch (default python3); FEAR_NAS_ISA a lesser instruction set. On a busy
// machine pin it to a core: taskset -c 1 node benchmarks/step.mjs
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { loadNativeEngine } from '../dist/engines/native/native-engine.js'
import { initialWeights } from '../dist/networks/weights.js'
import { createRng } from '../dist/platform/rng.js'
import { natsTss } from '../dist/spaces/nats-tss/index.js'

const rounds = Number(process.argv[2] ?? 3)
const stepsPerRound = 5
const batch = 128
const size = 28
const cases = [
  { name: 'C=8, all conv3x3', channels: 8, letters: '333333' },
  { name: 'C=8, mixed cell', channels: 8, letters: '13p3s1' },
  { name: 'C=16, all conv3x3', channels: 16, letters: '333333' },
  { name: 'C=16, mixed cell', channels: 16, letters: '13p3s1' },
]

const operationNames = { 3: 'nor_conv_3x3', 1: 'nor_conv_1x1', p: 'avg_pool_3x3', s: 'skip_connect', n: 'none' }
const options = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 }

function architecture(letters) {
  const [a, b, c, d, e, f] = [...letters].map((letter) => operationNames[letter])
  return `|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`
}

function createNativeStep(engine, { channels, letters }) {
  const input = { channels: 1, height: size, width: size }
  const spec = natsTss.network(architecture(letters), { channels, cells: 1, input, classes: 10 })
  const rng = createRng('benchmark', 'step')
  const network = engine.create(spec, initialWeights(spec, rng.fork('weights')))
  const images = new Float32Array(batch * size * size).map(() => rng.normal())
  const labels = new Int32Array(batch).map(() => rng.integer(10))
  const step = () => network.trainStep({ images, labels, count: batch }, options)
  step()
  return { step, dispose: () => network.dispose() }
}

function nativeSeconds({ step }) {
  return Array.from({ length: stepsPerRound }, () => {
    const start = performance.now()
    step()
    return (performance.now() - start) / 1000
  })
}

/** null, with the reason printed, where PyTorch cannot be run. */
function torchRun({ channels, letters }, steps = stepsPerRound) {
  const python = process.env.FEAR_NAS_PYTHON ?? 'python3'
  const script = fileURLToPath(new URL('step-pytorch.py', import.meta.url))
  const args = [script, channels, 1, batch, size, letters, steps].map(String)
  const { status, stdout, stderr, error } = spawnSync(python, args, { encoding: 'utf8' })
  if (status === 0) return JSON.parse(stdout)
  const reason = error?.message ?? stderr.trim().split('\n').at(-1)
  console.log(`PyTorch is not measured: ${python}: ${reason}. Set FEAR_NAS_PYTHON to a Python that has torch.`)
  return null
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

function milliseconds(seconds) {
  return `${(1000 * seconds).toFixed(1)} ms`
}

const engine = loadNativeEngine()
const torch = torchRun(cases[0], 1)
const rows = []
for (const one of cases) {
  const native = createNativeStep(engine, one)
  const seconds = { native: [], torch: [] }
  for (let round = 0; round < rounds; round++) {
    seconds.native.push(...nativeSeconds(native))
    if (torch !== null) seconds.torch.push(...torchRun(one).seconds)
  }
  native.dispose()
  const row = { network: one.name, 'native median': milliseconds(median(seconds.native)) }
  if (torch !== null) {
    row['PyTorch median'] = milliseconds(median(seconds.torch))
    row['times as fast'] = (median(seconds.torch) / median(seconds.native)).toFixed(2)
    row['by minima'] = (Math.min(...seconds.torch) / Math.min(...seconds.native)).toFixed(2)
  }
  rows.push(row)
}
console.log(
  `one training step, batch ${batch}, ${size}x${size}, one cell a stage, one thread, native on ${engine.info.device}` +
    `${torch === null ? '' : `, PyTorch ${torch.version} channels_last`}, ${rounds} rounds of ${stepsPerRound} steps`,
)
console.table(rows)
