import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildNetwork, cellNetwork, stem } from '../../src/conformance/engine/networks.js'
import { makeBatch, makeWeights, usualOptions } from '../../src/conformance/engine/suite.js'
import { checkedEngine } from '../../src/engines/checked-engine.js'
import type { Engine, TrainableNetwork } from '../../src/engines/engine.js'
import { nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { loadEngine } from '../../src/engines/registry.js'
import { parameterCount } from '../../src/networks/parameters.js'
import { EngineError, NetworkTooLargeError } from '../../src/platform/errors.js'
import { exampleEngine } from '../conformance/example-engine.js'

const spec = cellNetwork(3)

/** The example engine, with a list of the calls that its networks get. */
function listening(limits?: Engine['limits']): { readonly engine: Engine; readonly calls: string[] } {
  const calls: string[] = []
  const create: Engine['create'] = (...given) =>
    new Proxy(exampleEngine.create(...given), {
      get(network, name) {
        const member: unknown = network[name as keyof TrainableNetwork]
        if (typeof member !== 'function') return member
        return (...args: readonly unknown[]) => {
          calls.push(String(name))
          return Reflect.apply(member, network, args)
        }
      },
    })
  return { engine: { ...exampleEngine, limits, create }, calls }
}

describe('a checked engine', () => {
  it('passes on what is right, and nothing that is not', () => {
    const { engine, calls } = listening()
    const network = checkedEngine(engine).create(spec, makeWeights(spec))
    const batch = makeBatch(spec, 4)
    expect(() => network.evaluate({ ...batch, count: 5 })).toThrow(EngineError)
    expect(() => network.trainStep(batch, { ...usualOptions, momentum: Number.NaN })).toThrow(
      'momentum must be a finite number of at least 0, got NaN',
    )
    expect(() => network.evaluateTail({ ...batch, features: batch.images })).toThrow('no cut is frozen')
    expect(() => network.freezeUpTo('cells.99')).toThrow('the network has no cut "cells.99"; its cuts are:')
    expect(calls).toEqual([])
    network.evaluate(batch)
    network.dispose()
    network.dispose()
    expect(() => network.evaluate(batch)).toThrow('this network has been disposed of; create a new one')
    expect(calls).toEqual(['evaluate', 'dispose'])
  })

  it('is not wrapped a second time', () => {
    const engine = checkedEngine(exampleEngine)
    expect(engine).not.toBe(exampleEngine)
    expect(checkedEngine(engine)).toBe(engine)
  })

  it('refuses networks beyond the limits of the engine', () => {
    const most = parameterCount(spec)
    const withLimit = (parameters: number) =>
      checkedEngine(listening({ parameters, networkBytes: Infinity }).engine).create(spec, makeWeights(spec))
    expect(withLimit(most).spec).toBe(spec)
    expect(() => withLimit(most - 1)).toThrow(NetworkTooLargeError)
    expect(() => withLimit(most - 1)).toThrow(`the network has ${most} parameters, more than the engine example takes`)
  })
})

describe('a network whose maps are too large', () => {
  const large = buildNetwork(
    [
      [1, 256, 256],
      [128, 256, 256],
    ],
    [stem()],
  )

  it.each(['native', 'wasm'] as const)('is a NetworkTooLargeError of the engine %s', async (name) => {
    if (name === 'native' && !existsSync(nativeAddonPath())) return
    const engine = await loadEngine(name)
    expect(() => engine.create(large, makeWeights(large))).toThrow(NetworkTooLargeError)
    expect(() => engine.create(large, makeWeights(large))).toThrow('node 1 is too large')
  })
})
