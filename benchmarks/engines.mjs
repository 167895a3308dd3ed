// How many times as long a training step takes with each engine as with the native one, on one thread: 8 channels, one
// cell a stage, 28x28 pixels, batch 16 (tfjs-cpu takes seconds a step). The warning of choose-engine quotes it.
//
//   node benchmarks/engines.mjs
import { engineNames, loadEngine } from '../dist/engines/registry.js'
import { initialWeights } from '../dist/networks/weights.js'
import { systemClock } from '../dist/platform/clock.js'
import { createRng } from '../dist/platform/rng.js'
import { natsTss } from '../dist/spaces/nats-tss/index.js'

const architecture = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|avg_pool_3x3~2|'
const count = 16
const options = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 }
const input = { channels: 1, height: 28, width: 28 }
const spec = natsTss.network(architecture, { channels: 8, cells: 1, input, classes: 10 })
const rng = createRng('benchmark', 'engines')
const weights = initialWeights(spec, rng.fork('weights'))
const images = new Float32Array(count * 28 * 28).map(() => rng.normal())
const labels = new Int32Array(count).map(() => rng.integer(10))

async function medianSeconds(name, steps) {
  const network = (await loadEngine(name)).create(spec, weights)
  const seconds = Array.from({ length: steps + 1 }, () => {
    const started = systemClock.now()
    network.trainStep({ images, labels, count }, options)
    return systemClock.now() - started
  })
  network.dispose()
  return seconds.slice(1).toSorted((a, b) => a - b)[Math.floor(steps / 2)]
}

const native = await medianSeconds('native', 51)
for (const name of engineNames) {
  const seconds = name === 'native' ? native : await medianSeconds(name, 3)
  process.stdout.write(
    `${name}: ${(1000 * seconds).toFixed(1)} ms a step, ${(seconds / native).toFixed(0)} times native\n`,
  )
}
