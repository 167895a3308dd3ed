import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquare, chiSquareLimits, tally } from '../../src/conformance/chi-square.js'
import type { EdgeSpec, NetworkSpec, NodeSpec } from '../../src/networks/network-spec.js'
import { ArchitectureError } from '../../src/platform/errors.js'
import { createRng } from '../../src/platform/rng.js'
import type { DuplicateLevel, MacroSpec, SearchSpace } from '../../src/spaces/search-space.js'

/** From the finest to the coarsest. */
const levels: readonly DuplicateLevel[] = ['string', 'nats-bench', 'isomorphism']

/**
 * The laws every finite search space keeps. `macros` are surroundings its networks are built in; the space is
 * enumerated, so this is for spaces up to some 100,000 architectures.
 */
export function describeSearchSpace(name: string, space: SearchSpace, macros: readonly MacroSpec[]): void {
  const index = fc.integer({ min: 0, max: space.size - 1 })
  const architecture = index.map((i) => space.at(i))
  const all = Array.from({ length: space.size }, (_, i) => space.at(i))

  describe(`${name} keeps the laws of a search space:`, () => {
    it('at and indexOf are inverse, and no spelling comes twice', () => {
      expect(new Set(all).size).toBe(space.size)
      fc.assert(
        fc.property(index, (i) => {
          expect(space.indexOf(space.at(i))).toBe(i)
        }),
      )
    })

    it('at throws RangeError out of range', () => {
      for (const i of [-1, space.size, 0.5, Number.NaN]) expect(() => space.at(i)).toThrow(RangeError)
    })

    it('parse leaves a canonical spelling alone and ignores white space around it', () => {
      fc.assert(
        fc.property(architecture, (text) => {
          expect(space.parse(text)).toBe(text)
          expect(space.parse(` ${text}\n`)).toBe(text)
        }),
      )
    })

    it('parse takes no other text: one changed character is an ArchitectureError or another architecture', () => {
      const known = new Set(all)
      const mutation = fc.tuple(architecture, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, insert]) => {
        const position = at % text.length
        return text.slice(0, position) + insert + text.slice(position + 1)
      })
      fc.assert(
        fc.property(fc.oneof(mutation, fc.string()), (text) => {
          if (known.has(text.trim())) expect(space.parse(text)).toBe(text.trim())
          else expect(() => space.parse(text)).toThrow(ArchitectureError)
        }),
      )
    })

    it('neighbours are architectures, all different, without the one itself, and it is theirs', () => {
      fc.assert(
        fc.property(architecture, (text) => {
          const neighbours = space.neighbours(text)
          expect(new Set([...neighbours, text]).size).toBe(neighbours.length + 1)
          for (const neighbour of neighbours) {
            expect(space.parse(neighbour)).toBe(neighbour)
            expect(space.neighbours(neighbour)).toContain(text)
          }
        }),
        { numRuns: 30 },
      )
    })

    it('each level of canonical forms is coarser than the one before, and has as many forms as distinct says', () => {
      let finer = all
      for (const level of levels) {
        const forms = all.map((text) => space.canonical(text, level))
        const count = new Set(forms).size
        expect(count).toBe(space.distinct(level))
        // Coarser: a finer form determines the coarser one, so the pairs of both are no more than the finer forms.
        expect(new Set(finer.map((form, i) => `${form} ${forms[i]}`)).size).toBe(new Set(finer).size)
        finer = forms
      }
    })

    it('architectures of one canonical form are all connected or all not', () => {
      const connected = new Map<string, boolean>()
      for (const text of all) {
        const form = space.canonical(text, 'isomorphism')
        const here = space.isConnected(text)
        if ((connected.get(form) ?? here) !== here) expect.fail(`${text} is not connected like others of ${form}`)
        connected.set(form, here)
      }
      expect(connected.size).toBe(space.distinct('isomorphism'))
    })

    it('sample is uniform and a function of the stream', () => {
      expect(space.sample(createRng(3))).toBe(space.sample(createRng(3)))
      const rng = createRng('sample')
      const counts = tally(25, 5_000, () => Math.floor((space.indexOf(space.sample(rng)) * 25) / space.size))
      expect(chiSquare(counts)).toBeLessThan(chiSquareLimits[24])
    })

    it('networks are well formed, and connected where the architecture is', () => {
      fc.assert(
        fc.property(architecture, fc.constantFrom(...macros), (text, macro) => {
          const spec = space.network(text, macro)
          expect(spec.classes).toBe(macro.classes)
          expect(spec.nodes[0]).toEqual(macro.input)
          expectWellFormed(spec)
          expect(isReached(spec)).toBe(space.isConnected(text))
        }),
      )
    })

    it('networks are the same each time, and plain data', () => {
      fc.assert(
        fc.property(architecture, fc.constantFrom(...macros), (text, macro) => {
          const spec = space.network(text, macro)
          expect(structuredClone(spec)).toEqual(space.network(text, macro))
          expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
        }),
        { numRuns: 10 },
      )
    })
  })
}

/** What `NetworkSpec` promises: order, names, shapes, and cuts that every path passes. */
function expectWellFormed({ nodes, edges, head, cuts }: NetworkSpec): void {
  expect(edges.map((edge) => edge.to)).toEqual(edges.map((edge) => edge.to).toSorted((a, b) => a - b))
  expect(new Set(edges.map((edge) => edge.name)).size).toBe(edges.length)
  for (const edge of edges) {
    const from = nodes[edge.from]
    const to = nodes[edge.to]
    expect(edge.from).toBeLessThan(edge.to)
    if (from === undefined || to === undefined) expect.fail(`edge ${edge.name} leads out of the network`)
    expect(to).toEqual(outputShape(edge, from, to.channels))
  }

  expect(nodes[head.node]).toBeDefined()
  expect(new Set(cuts.map((cut) => cut.name)).size).toBe(cuts.length)
  expect(cuts.map((cut) => cut.node)).toEqual(cuts.map((cut) => cut.node).toSorted((a, b) => a - b))
  expect(cuts.find((cut) => cut.name === 'head')?.node).toBe(head.node)
  expect(cuts.map((cut) => cut.name)).toContain('last-stage')
  for (const { node } of cuts) {
    expect(edges.filter((edge) => edge.from < node && edge.to > node)).toEqual([])
  }
}

function outputShape(edge: EdgeSpec, from: NodeSpec, channels: number): NodeSpec {
  const stride = edge.op === 'conv' ? edge.stride : edge.op === 'avg-pool' && edge.kernel === 2 ? 2 : 1
  return {
    channels: edge.op === 'conv' ? channels : from.channels,
    height: Math.ceil(from.height / stride),
    width: Math.ceil(from.width / stride),
  }
}

/** Whether a path of edges leads from the image to the head. */
function isReached({ edges, head }: NetworkSpec): boolean {
  const reached = new Set([0])
  for (const edge of edges) if (reached.has(edge.from)) reached.add(edge.to)
  return reached.has(head.node)
}
