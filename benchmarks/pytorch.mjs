/*
 * The native engine against PyTorch, one thread each, in turns of a fraction of a second so that both meet the same
 * noise: training steps, training the tail on stored features, inference. Run by `make bench`.
 *
 *   node benchmarks/pytorch.mjs [--quick] [--only TEXT] [--json]
 *
 * `--only` takes the cases whose name holds TEXT. FEAR_NAS_PYTHON names the Python that has torch (default python3);
 * FEAR_NAS_ISA a lesser instruction set. On a busy machine pin it to a core: taskset -c 1 node benchmarks/pytorch.mjs
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { timeWorkload } from '../dist/benchmarks/timing.js'
import { benchmarkTraffic } from '../dist/benchmarks/traffic.js'
import { benchmarkFlops, createWorkload } from '../dist/benchmarks/workload.js'
import { loadNativeEngine } from '../dist/engines/native/native-engine.js'
import { systemClock } from '../dist/platform/clock.js'
import { median } from '../dist/statistics/sample.js'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'boolean' } },
})
const rounds = options.quick ? 3 : 8
/** How long the native engine's turn should take, roughly. */
const turnSeconds = options.quick ? 0.1 : 0.3
const python = process.env.FEAR_NAS_PYTHON ?? 'python3'

const conv3x3 = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|'
const mixed = '|nor_conv_1x1~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|nor_conv_3x3~0|skip_connect~1|nor_conv_1x1~2|'
const grey = { cells: 1, size: 28, inputChannels: 1, cut: null }
const colour = { channels: 16, size: 32, inputChannels: 3, batch: 128, cut: null }
const narrowAndWide = [
  ['C=8, all conv3x3', { channels: 8, architecture: conv3x3 }],
  ['C=8, mixed cell', { channels: 8, architecture: mixed }],
  ['C=16, all conv3x3', { channels: 16, architecture: conv3x3 }],
  ['C=16, mixed cell', { channels: 16, architecture: mixed }],
]
const cases = [
  ...narrowAndWide.map(([name, network]) => ({ name, kind: 'step', batch: 128, ...grey, ...network })),
  { name: 'C=16, all conv3x3, 32x32x3', kind: 'step', cells: 1, ...colour, architecture: conv3x3 },
  { name: 'C=16, mixed cell, 32x32x3', kind: 'step', cells: 1, ...colour, architecture: mixed },
  { name: 'C=16, N=5, all conv3x3, 32x32x3', kind: 'step', cells: 5, ...colour, architecture: conv3x3 },
  { name: 'C=16, N=5, mixed cell, 32x32x3', kind: 'step', cells: 5, ...colour, architecture: mixed },
  ...narrowAndWide.map(([name, network]) => ({
    name: `${name}, tail`,
    kind: 'tail',
    batch: 256,
    ...grey,
    ...network,
    cut: 'last-stage',
  })),
  ...narrowAndWide.map(([name, network]) => ({
    name: `${name}, evaluate`,
    kind: 'evaluate',
    batch: 256,
    ...grey,
    ...network,
  })),
]

/*
 * PyTorch at its best: by default glibc gives large tensors back to the system, and the page faults of the next batch
 * take up to a third of its time.
 */
const keepMemory = { MALLOC_MMAP_THRESHOLD_: String(4e9), MALLOC_TRIM_THRESHOLD_: String(8e9) }

/** A PyTorch process that has the case's network ready. Throws, with Python's last line, where it cannot be had. */
async function startTorch(one) {
  const script = fileURLToPath(new URL('pytorch.py', import.meta.url))
  const child = spawn(python, [script, JSON.stringify(one)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...keepMemory },
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text))
  child.on('error', (error) => (complaint ||= error.message))
  // A process that ends early breaks the pipe; the answer that is missing tells it.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const { done, value } = await lines.next()
    if (done) throw new Error(complaint.trim().split('\n').at(-1) || 'it ended without a word')
    return JSON.parse(value)
  }
  const { version } = await answer()
  return {
    version,
    async time(steps) {
      child.stdin.write(`${steps}\n`)
      return (await answer()).seconds
    },
    close: () => child.stdin.end(),
  }
}

function summarise(one, seconds) {
  const medianSeconds = median(seconds)
  return { medianSeconds, minSeconds: Math.min(...seconds), imagesPerSecond: one.batch / medianSeconds }
}

async function measure(engine, one, torch) {
  const workload = createWorkload(engine, one)
  workload.run()
  const [first] = timeWorkload(workload, { steps: 1 }, systemClock).seconds
  const steps = Math.max(2, Math.min(50, Math.round(turnSeconds / first)))
  const turns = { native: [], torch: [] }
  let phases = {}
  for (let round = 0; round < rounds; round++) {
    const timing = timeWorkload(workload, { steps }, systemClock)
    phases = timing.phases
    turns.native.push(timing.seconds)
    if (torch !== null) turns.torch.push(await torch.time(steps))
  }
  workload.dispose()
  const flops = benchmarkFlops(one)
  const native = summarise(one, turns.native.flat())
  return {
    ...one,
    rounds,
    steps: rounds * steps,
    flops,
    trafficBytes: benchmarkTraffic(one),
    native: { isa: engine.info.device, ...native, gflops: flops / native.medianSeconds / 1e9, phases },
    torch: torch === null ? null : summarise(one, turns.torch.flat()),
    ratio: torch === null ? null : ratios(turns),
  }
}

/** How many times as fast the native engine is: by the medians of all, by the minima, and round by round. */
function ratios({ native, torch }) {
  const byRound = native.map((seconds, round) => median(torch[round]) / median(seconds))
  return {
    median: median(byRound),
    least: Math.min(...byRound),
    most: Math.max(...byRound),
    byMedians: median(torch.flat()) / median(native.flat()),
    byMinima: Math.min(...torch.flat()) / Math.min(...native.flat()),
  }
}

function row({ kind, name, native, torch, ratio }) {
  const show = ({ medianSeconds, imagesPerSecond }) =>
    kind === 'step' ? `${(1000 * medianSeconds).toFixed(1)} ms` : `${imagesPerSecond.toFixed(0)} images/s`
  const times = torch === null ? [] : [show(torch), ratio.median, ratio.least, ratio.most, ratio.byMinima]
  const cells = [show(native), `${native.gflops.toFixed(0)} GFLOP/s`, ...times]
  return `${name.padEnd(34)}${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell).padStart(17)).join('')}`
}

const engine = loadNativeEngine()
const say = options.json ? process.stderr : process.stdout
const results = []
let version = null
let absence = null
say.write(
  `${'one thread, medians'.padEnd(34)}${['native', '', 'PyTorch', 'times as fast', 'least round', 'most', 'by minima'].map((title) => title.padStart(17)).join('')}\n`,
)
for (const one of cases.filter(({ name }) => name.includes(options.only ?? ''))) {
  let torch = null
  if (absence === null) {
    try {
      torch = await startTorch(one)
      version = torch.version
    } catch (error) {
      absence = `${python}: ${error.message}`
      say.write(`PyTorch is not measured: ${absence}. Set FEAR_NAS_PYTHON to a Python that has torch.\n`)
    }
  }
  const result = await measure(engine, one, torch)
  torch?.close()
  results.push(result)
  say.write(`${row(result)}\n`)
}
if (options.json)
  process.stdout.write(`${JSON.stringify({ torch: version, isa: engine.info.device, cases: results })}\n`)
