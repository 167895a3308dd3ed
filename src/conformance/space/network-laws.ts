import fc from 'fast-check'
import { expect } from 'vitest'
import { checkSpec } from '../../engines/check-spec.js'
import type { Engine } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { initialWeights } from '../../networks/weights.js'
import { createRng } from '../../platform/rng.js'
import type { Architecture } from '../../spaces/search-space.js'
import { makeBatch, usualOptions } from '../engine/suite.js'
import type { SpaceSuite } from './suite.js'

/** Number of architectures to train that connect input and output, and that do not. */
const trained = { connected: 6, unconnected: 3 } as const

/** Laws of the networks. */
export function networkLaws(suite: SpaceSuite): void {
  const { space, macros, architecture, law } = suite
  const macro = fc.constantFrom(...macros)
  const cutsOf = ({ cuts }: NetworkSpec) => cuts.map(({ name }) => name)

  law('networks are well formed, and connected where the architecture is', () => {
    fc.assert(
      fc.property(architecture, macro, (text, inUse) => {
        const spec = space.network(text, inUse)
        checkSpec(spec)
        expect([spec.classes, spec.nodes[0]]).toEqual([inUse.classes, inUse.input])
        expect(isReached(spec)).toBe(space.isConnected(text))
      }),
    )
  })

  law('networks are the same each time, and plain data', () => {
    fc.assert(
      fc.property(architecture, macro, (text, inUse) => {
        const spec = space.network(text, inUse)
        expect(structuredClone(spec)).toEqual(space.network(text, inUse))
        expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
      }),
      { numRuns: 10 },
    )
  })

  law('all networks may be frozen at the same cuts', () => {
    for (const inUse of macros) {
      const first = space.network(space.at(0), inUse)
      expect(cutsOf(first)).toEqual(expect.arrayContaining(['last-stage', 'head']))
      fc.assert(
        fc.property(architecture, (text) => {
          const spec = space.network(text, inUse)
          expect(cutsOf(spec)).toEqual(cutsOf(first))
          const nodes = spec.cuts.map(({ node }) => node)
          expect(nodes).toEqual(nodes.toSorted((a, b) => a - b))
          expect(spec.cuts.find(({ name }) => name === 'head')?.node).toBe(spec.head.node)
        }),
        { numRuns: 30 },
      )
    }
  })

  law('an engine trains its networks, which look at the image where the architecture is connected', async () => {
    const engine = await suite.engine()
    for (const text of chosenToTrain(suite)) {
      const seen = trainOneStep(engine, space.network(text, macros[0]))
      expect([text, Number.isFinite(seen.loss), seen.looksAtImage]).toEqual([text, true, space.isConnected(text)])
    }
  })
}

/** Architectures of both kinds, at random. */
function chosenToTrain({ space, population }: SpaceSuite): readonly Architecture[] {
  const order = [...createRng('conformance', 'trained').permutation(population.length)]
  const mixed = order.map((i) => population[i] as Architecture)
  return [
    ...mixed.filter((text) => space.isConnected(text)).slice(0, trained.connected),
    ...mixed.filter((text) => !space.isConnected(text)).slice(0, trained.unconnected),
  ]
}

/** The loss of a step, and whether different images have different logits after it. */
function trainOneStep(engine: Engine, spec: NetworkSpec): { readonly loss: number; readonly looksAtImage: boolean } {
  const network = engine.create(spec, initialWeights(spec, createRng('conformance', 'weights')))
  try {
    const batch = makeBatch(spec, 8)
    const { loss } = network.trainStep(batch, usualOptions)
    const logits = network.logits(batch.images, batch.count)
    return { loss, looksAtImage: logits.some((logit, i) => logit !== logits[i % spec.classes]) }
  } finally {
    network.dispose()
  }
}

/** Whether a path of edges leads from the image to the head. */
function isReached({ edges, head }: NetworkSpec): boolean {
  const reached = new Set([0])
  for (const edge of edges) if (reached.has(edge.from)) reached.add(edge.to)
  return reached.has(head.node)
}
