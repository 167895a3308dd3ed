import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { cellNetwork } from '../../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../../src/conformance/engine/suite.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'

/** Other threads and processes cannot import TypeScript: they take what `npm run build` compiled. */
const compiled = (file: string) => JSON.stringify(pathToFileURL(path.resolve('dist', file)).href)

/** Runs a script in a process of its own: what it prints, as JSON. */
function runNode(script: string, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  if (status !== 0) throw new Error(`the process ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as unknown
}

describe('the wasm engine in other threads and processes', () => {
  it('gives three threads that train at once the losses that one gets alone', async () => {
    const spec = cellNetwork(3)
    const weights = makeWeights(spec)
    const batch = makeBatch(spec, 37)
    const alone = loadWasmEngine().create(spec, weights)
    const expected = Array.from({ length: 100 }, () => alone.trainStep(batch, usualOptions).loss)
    alone.dispose()
    expect(expected.every(Number.isFinite)).toBe(true)

    // All start when all are ready.
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      const { spec, weights, batch, options, steps, gate, threads } = workerData
      import(${compiled('engines/wasm/wasm-engine.js')}).then(({ loadWasmEngine }) => {
        const network = loadWasmEngine().create(spec, weights)
        Atomics.add(gate, 0, 1)
        Atomics.notify(gate, 0)
        while (Atomics.load(gate, 0) < threads) Atomics.wait(gate, 0, Atomics.load(gate, 0), 100)
        const losses = Array.from({ length: steps }, () => network.trainStep(batch, options).loss)
        network.dispose()
        parentPort.postMessage(losses)
      })
    `
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const workerData = { spec, weights, batch, options: usualOptions, steps: expected.length, gate, threads: 3 }
    const workers = [1, 2, 3].map(() => new Worker(source, { eval: true, workerData }))
    const losses = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
    await Promise.all(workers.map((worker) => worker.terminate()))
    expect(losses).toEqual([expected, expected, expected])
  })

  it('loads no native code', () => {
    const loaded = runNode(`
      import { chooseEngine } from ${compiled('engines/choose-engine.js')}
      import { estimateStep, standardStep } from ${compiled('benchmarks/engine-speed.js')}
      import { systemClock } from ${compiled('platform/clock.js')}
      const { engine } = await chooseEngine('wasm')
      const { seconds } = estimateStep(engine, { ...standardStep, batch: 8 }, systemClock, 0.01)
      const objects = process.report.getReport().sharedObjects
      process.stdout.write(JSON.stringify({ name: engine.name, trained: seconds > 0, objects }))
    `)
    expect(loaded).toMatchObject({ name: 'wasm', trained: true })
    const { objects } = loaded as { objects: readonly string[] }
    // The C library is among them, or the list is not what it is taken for.
    expect(objects.length).toBeGreaterThan(0)
    expect(objects.filter((file) => /\.node$|tensorflow/.test(file))).toEqual([])
  })

  it('is missed, loudly, where Node runs without WebAssembly', () => {
    const script = `
      import { chooseEngine } from ${compiled('engines/choose-engine.js')}
      const { engine, warning } = await chooseEngine('auto')
      process.stdout.write(JSON.stringify({ name: engine.name, warning }))
    `
    const choice = runNode(script, ['--jitless'], { FEAR_NAS_ISA: 'abacus', CUDA_VISIBLE_DEVICES: '' })
    expect(choice).toEqual({
      name: 'tfjs-cpu',
      warning: expect.stringMatching(/^WARNING: far too slow.*about \d+ times.*native \(.*wasm \(.*--jitless/),
    })
  })
})
