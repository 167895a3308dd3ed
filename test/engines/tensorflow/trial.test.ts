import tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { cellNetwork } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { tinyFear, tinySetup, tinyTask } from '../../../src/conformance/executor/tiny-setup.js'
import { loadTensorflowEngine } from '../../../src/engines/tfjs/tensorflow-engine.js'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import type { EvaluatorOptions } from '../../../src/evaluators/registry.js'
import { createWorkerRuntime } from '../../../src/execution/worker-runtime.js'
import { cannotLoad } from './why-not.js'

const uncached: FearOptions = { ...tinyFear, stage2: { ...tinyFear.stage2, cacheFeatures: false, batchNorm: 'batch' } }

describe.skipIf(await cannotLoad('trials on libtensorflow'))('on libtensorflow', () => {
  it.each<[string, EvaluatorOptions]>([
    ['FEAR, features cached', tinyFear],
    ['FEAR, features computed anew', uncached],
    ['full training', { name: 'full-training' }],
  ])('a trial leaves no tensor behind: %s', async (_, evaluator) => {
    const runtime = await createWorkerRuntime(await tinySetup('tensorflow'))
    // All copies of tfjs in a process count their tensors together.
    const before = tf.memory().numTensors
    const { outcome } = runtime.evaluate(tinyTask(0, { evaluator }))
    expect(outcome.kind).toBe('scored')
    if (evaluator.name === 'fear') expect(outcome.phases.stage2?.steps).toBeGreaterThan(0)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('shares a process with the engine in JavaScript, call by call', async () => {
    const spec = cellNetwork(1)
    const batch = makeBatch(spec, 5)
    const losses = (steps: number, train: () => { loss: number }) => Array.from({ length: steps }, () => train().loss)
    const alone = (await loadTensorflowEngine()).create(spec, makeWeights(spec))
    const expected = losses(3, () => alone.trainStep(batch, usualOptions))
    alone.dispose()

    const before = tf.memory().numTensors
    const ours = (await loadTensorflowEngine()).create(spec, makeWeights(spec))
    const theirs = (await loadTfjsCpuEngine()).create(spec, makeWeights(spec))
    const inTurn = losses(3, () => {
      theirs.trainStep(batch, usualOptions)
      return ours.trainStep(batch, usualOptions)
    })
    ours.dispose()
    theirs.dispose()
    expect(inTurn).toEqual(expected)
    expect(tf.memory().numTensors).toBe(before)
  })
})
