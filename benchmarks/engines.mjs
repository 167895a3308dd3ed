// How many times as long a training step takes with each engine as with the native one, on one thread: 8 channels, one
// cell a stage, 28x28 pixels. The warnings of choose-engine quote it. Engines are measured in turns, so that all meet
// the same noise.
//
//   node benchmarks/engines.mjs        FEAR_NAS_ISA=avx2 for the native engine on a lesser instruction set
import { engineNames, loadEngine } from '../dist/engines/registry.js'
import { initialWeights } from '../dist/networks/weights.js'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { natsTss } from '../dist/spaces/nats-tss/index.js'

const architecture = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|avg_pool_3x3~2|'
const options = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 }
const input = { channels: 1, height: 28, width: 28 }
const spec = natsTss.network(architecture, { channels: 8, cells: 1, input, classes: 10 })
const rng = createRng('benchmark', 'engines')
const weights = initialWeights(spec, rng.fork('weights'))

function randomBatch(count) {
  const images = new Float32Array(count * 28 * 28).map(() => rng.normal())
  const labels = new Int32Array(count).map(() => rng.integer(10))
  return { images, labels, count }
}

async function loadAll(names) {
  const engines = []
  for (const name of names) {
    try {
      engines.push(await loadEngine(name))
    } catch (error) {
      console.log(`${name} is not measured: ${error.message}`)
    }
  }
  return engines
}

/** Median seconds of a step of each engine, after three steps to warm up: Node compiles WebAssembly twice. */
function measure(engines, batch, rounds) {
  const networks = engines.map((engine) => engine.create(spec, weights))
  const seconds = networks.map(() => [])
  for (let round = -3; round < rounds; round++) {
    networks.forEach((network, i) => {
      const started = systemClock.now()
      network.trainStep(batch, options)
      if (round >= 0) seconds[i].push(systemClock.now() - started)
    })
  }
  for (const network of networks) network.dispose()
  return seconds.map((values) => values.toSorted((a, b) => a - b)[Math.floor(rounds / 2)])
}

function print(engines, count, rounds) {
  const medians = measure(engines, randomBatch(count), rounds)
  const native = medians[engines.findIndex(({ name }) => name === 'native')]
  engines.forEach(({ name, info }, i) => {
    const times = (medians[i] / native).toFixed(1)
    console.log(
      `batch ${count}, ${name} on ${info.device}: ${(1000 * medians[i]).toFixed(1)} ms a step, ${times} times native`,
    )
  })
}

const engines = await loadAll(engineNames)
// tfjs-cpu takes seconds a step.
const fast = engines.filter(({ name }) => name !== 'tfjs-cpu')
print(fast, 128, 15)
print(fast, 16, 51)
print(engines, 16, 3)
