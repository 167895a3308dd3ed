/**
 * How well one can measure the latency of a network, batch 1, quiet and while two workers train beside it: the minimum,
 * the first quartile and the median of repetitions, and the sum over a table of operations.
 *
 *   npm run build && node benchmarks/latency.mjs [NETWORKS]
 */
import { isMainThread, Worker } from 'node:worker_threads'
import { createWorkload } from '../dist/benchmarks/workload.js'
import { loadEngine } from '../dist/engines/registry.js'
import { initialWeights } from '../dist/networks/weights.js'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { createSearchSpace } from '../dist/spaces/registry.js'
import { spearman } from '../dist/statistics/spearman.js'
import { estimateLatency, OperationTable } from './latency/operation-table.mjs'

const engine = await loadEngine('native')

if (!isMainThread) {
  const architecture = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|'
  const one = { kind: 'step', architecture, channels: 8, cells: 1, batch: 256, size: 28, inputChannels: 1, cut: null }
  const work = createWorkload(engine, one)
  for (;;) work.run()
}

const count = Number(process.argv[2] ?? 50)
const macro = { channels: 8, cells: 1, input: { channels: 1, height: 28, width: 28 }, classes: 10 }
const quantile = (sorted, q) => sorted[Math.floor(q * (sorted.length - 1))]

/** Milliseconds of batch 1: repetitions for 50 ms, at least 15. */
function repeat(spec) {
  const network = engine.create(spec, initialWeights(spec, createRng('latency')))
  const images = new Float32Array(28 * 28).map((_, i) => Math.sin(i))
  network.logits(images, 1)
  const times = []
  for (let total = 0; times.length < 15 || total < 0.05; ) {
    const from = performance.now()
    network.logits(images, 1)
    times.push(performance.now() - from)
    total += times.at(-1) / 1000
  }
  network.dispose()
  times.sort((a, b) => a - b)
  return { min: times[0], quartile: quantile(times, 0.25), median: quantile(times, 0.5) }
}

const spaces = {
  'nats-tss': createSearchSpace({ name: 'nats-tss' }),
  cell: createSearchSpace({
    name: 'cell',
    nodes: 5,
    operations: ['none', 'skip_connect', 'avg_pool_3x3', 'nor_conv_3x3', 'sep_conv_3x3', 'dil_conv_3x3'],
  }),
}
const chosen = Object.entries(spaces).map(([name, space]) => {
  const rng = createRng('latency', name)
  return [name, Array.from({ length: count }, () => space.network(space.sample(rng), macro))]
})
const measureAll = () => new Map(chosen.map(([name, specs]) => [name, specs.map(repeat)]))
const tableAll = () => {
  const table = new OperationTable(engine, systemClock)
  const from = performance.now()
  const sums = new Map(chosen.map(([name, specs]) => [name, specs.map((spec) => 1000 * estimateLatency(spec, table))]))
  console.log(`  table of ${table.size} operations in ${((performance.now() - from) / 1000).toFixed(1)} s`)
  return sums
}

function compare(title, reference, values) {
  const errors = values.map((value, i) => value / reference[i] - 1)
  const sorted = errors.toSorted((a, b) => a - b)
  const size = errors.map(Math.abs).toSorted((a, b) => a - b)
  console.log(
    `  ${title.padEnd(34)} Spearman ${spearman(reference, values).toFixed(4)}, error: median ${(100 * quantile(sorted, 0.5)).toFixed(1)} %, ` +
      `absolute median ${(100 * quantile(size, 0.5)).toFixed(1)} %, 90 % below ${(100 * quantile(size, 0.9)).toFixed(1)} %, largest ${(100 * size.at(-1)).toFixed(1)} %`,
  )
}

const quiet = measureAll()
const again = measureAll()
const quietTable = tableAll()
const secondTable = tableAll()
const workers = [new Worker(new URL(import.meta.url)), new Worker(new URL(import.meta.url))]
await new Promise((resolve) => setTimeout(resolve, 1500))
const busy = measureAll()
const busyTable = tableAll()
await Promise.all(workers.map((worker) => worker.terminate()))
for (const [name] of chosen) {
  const of = (all, way) => all.get(name).map((one) => one[way])
  const reference = of(quiet, 'median')
  console.log(
    `${name}: median latency from ${Math.min(...reference).toFixed(3)} to ${Math.max(...reference).toFixed(3)} ms`,
  )
  for (const way of ['min', 'quartile', 'median']) compare(`${way}, quiet again`, of(quiet, way), of(again, way))
  for (const way of ['min', 'quartile', 'median']) compare(`${way}, beside two workers`, of(quiet, way), of(busy, way))
  compare('table against median', reference, quietTable.get(name))
  compare('table against minimum', of(quiet, 'min'), quietTable.get(name))
  compare('second table against first', quietTable.get(name), secondTable.get(name))
  compare('table beside workers against first', quietTable.get(name), busyTable.get(name))
}
process.exit(0)
