import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../src/engines/engine.js'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'
import type { InTrainingOptions } from '../../../src/evaluators/measures-in-training/settings.js'
import type { EvaluatorOptions } from '../../../src/evaluators/registry.js'
import { createEvaluator } from '../../../src/evaluators/registry.js'
import { measureNames } from '../../../src/evaluators/zero-cost/registry.js'
import type { NetworkWeights } from '../../../src/networks/weights.js'
import { nativeEngine } from '../support/engines.js'
import { smallContext, smallRequest } from '../support/small-world.js'

/** Two epochs, which is all of the recipe, in three batches each. */
const everything: InTrainingOptions = {
  name: 'measures-in-training',
  measures: measureNames,
  batch: 4,
  epochs: [0, 1, 2],
  training: 'paper',
  threshold: null,
}

/** An engine that writes down the loss of every training step, and the weights of each network that took one at its end. */
function listen(engine: Engine) {
  const losses: number[] = []
  const weights: NetworkWeights[] = []
  const listening: Engine = {
    name: engine.name,
    info: engine.info,
    create(spec, initial) {
      const network = engine.create(spec, initial)
      const { trainStep, dispose } = network
      let steps = 0
      network.trainStep = (batch, options) => {
        const result = trainStep.call(network, batch, options)
        steps++
        losses.push(result.loss)
        return result
      }
      network.dispose = () => {
        if (steps > 0) weights.push(network.weights())
        dispose.call(network)
      }
      return network
    },
  }
  return { engine: listening, losses, weights }
}

function train(engine: Engine, options: EvaluatorOptions) {
  const { engine: listening, losses, weights } = listen(engine)
  const context = smallContext(listening)
  const { outcome } = createEvaluator(options).evaluate(smallRequest, context)
  if (outcome.kind !== 'scored') throw new Error(`not scored: ${JSON.stringify(outcome)}`)
  const { trainAccuracy, validationAccuracy, snapshots } = outcome
  return { losses, weights, trainAccuracy, validationAccuracy, last: snapshots?.at(-1) }
}

const engines = {
  wasm: loadWasmEngine(),
  'tfjs-cpu': await loadTfjsCpuEngine(),
  native: await nativeEngine('training that is measured on the way, on the native engine'),
}

describe.each(Object.entries(engines))('training that is measured on the way, on %s', (_, engine) => {
  it.skipIf(engine === null).each(['paper', 'recipe'] as const)(
    'goes on bit for bit as if nobody had looked: %s',
    (training) => {
      if (engine === null) throw new Error('not skipped')
      const measured = train(engine, { ...everything, training })
      const unmeasured = train(engine, { ...everything, training, measures: ['snip'], epochs: [2] })
      expect(measured.losses).toHaveLength(2 * 3)
      expect(new Set(measured.losses).size).toBeGreaterThan(4)
      expect(measured.losses).toEqual(unmeasured.losses)
      expect(measured.weights).toHaveLength(1)
      expect(measured.weights).toEqual(unmeasured.weights)
      expect(measured.last?.measures.snip).toBe(unmeasured.last?.measures.snip)
    },
  )

  it.skipIf(engine === null)('is full training where the recipe is followed to its end', () => {
    if (engine === null) throw new Error('not skipped')
    const measured = train(engine, { ...everything, training: 'recipe' })
    const full = train(engine, { name: 'full-training' })
    expect(measured.losses).toEqual(full.losses)
    expect(measured.weights).toEqual(full.weights)
    expect(measured).toMatchObject({
      trainAccuracy: full.trainAccuracy,
      validationAccuracy: full.validationAccuracy,
    })
  })
})
