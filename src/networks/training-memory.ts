import { liveNodes } from './live-nodes.js'
import { type EdgeSpec, type NetworkSpec, nodeSize } from './network-spec.js'
import { parameterLayout } from './parameters.js'

/** Copies of the parameters: weights, gradient, momentum, and weights in the layouts of the kernels; measured. */
const floatsPerParameter = 15
/** Images per block: the lanes of a vector, 16 with AVX-512. */
const blockImages = 16

/**
 * Bytes that a compiled engine needs to train a network on batches of `batch` images: an estimate to decide whether a
 * network can be trained, right within a factor of `memoryFactor` from 10 MB and 32 images on. Arrays share memory if
 * their lifetimes do not overlap, as native/network/layout.cpp lays them out: node i is computed at time i, and its
 * gradient at time 2n - i. TensorFlow.js shares less and needs more.
 *
 * @param frozenAt the node of a cut whose features are given: only the part above it is in memory.
 */
export function trainingMemoryBytes(spec: NetworkSpec, batch: number, frozenAt = 0): number {
  const { parameterCount } = parameterLayout(spec)
  const images = blockImages * Math.ceil(batch / blockImages)
  const floats = images * mostLiveFloats(spec, frozenAt) + blockImages * scratchFloats(spec)
  return 4 * (floats + floatsPerParameter * parameterCount)
}

/** The factor by which the true value may differ from `trainingMemoryBytes`. */
export const memoryFactor = 1.5

/**
 * Floats per image in buffers that kernels reuse for every block: padded planes, their gradients and Winograd's tiles.
 */
function scratchFloats({ nodes, edges }: NetworkSpec): number {
  const read = edges.filter(({ op }) => op === 'conv').map(({ from }) => nodes[from])
  return 3 * Math.max(0, ...read.map((node) => (node === undefined ? 0 : nodeSize(node))))
}

/** Maximum number of live floats per image during a training step. */
function mostLiveFloats({ nodes, edges, head }: NetworkSpec, frozenAt: number): number {
  const count = nodes.length
  // Changes of the live memory, by time.
  const changes = new Float64Array(2 * count + 2)
  const alive = (floats: number, first: number, last: number): void => {
    changes[first] = (changes[first] as number) + floats
    changes[last + 1] = (changes[last + 1] as number) - floats
  }
  const live = liveNodes({ edges, head })
  const isTrained = (node: number): boolean => node > frozenAt && live.has(node)
  const outgoing = nodes.map((): EdgeSpec[] => [])
  const lowest = nodes.map((_, i) => i)
  for (const edge of edges) {
    outgoing[edge.from]?.push(edge)
    lowest[edge.to] = Math.min(lowest[edge.to] ?? edge.from, edge.from)
  }
  nodes.forEach((node, i) => {
    if (i < frozenAt) return
    const floats = nodeSize(node)
    const edgesOut = outgoing[i] ?? []
    const lasts = isTrained(i) || edgesOut.some(({ to }) => isTrained(to))
    const read = Math.max(i === head.node ? count : i, ...edgesOut.map(({ to }) => to))
    alive(floats, i, lasts ? 2 * count - i : read)
    for (const edge of edgesOut) {
      const target = nodes[edge.to]
      if (edge.op !== 'conv' || target === undefined) continue
      alive(nodeSize(target), i, isTrained(edge.to) && edge.batchNorm ? 2 * count - i : edge.to)
    }
    if (isTrained(i)) alive(floats, i === head.node ? count : 2 * count - i, 2 * count - (lowest[i] ?? i))
  })
  let now = 0
  let most = 0
  for (const change of changes) {
    now += change
    most = Math.max(most, now)
  }
  return most
}
