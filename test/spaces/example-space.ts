import { ArchitectureError } from '../../src/platform/errors.js'
import { productSpace } from '../../src/spaces/product-space.js'
import { checkImages, stagesOf } from '../../src/spaces/skeleton/check-macro.js'
import { addEdge, addNode, convolution, type Step, shapeOf } from '../../src/spaces/skeleton/draft.js'
import { buildNetwork, threeStages } from '../../src/spaces/skeleton/skeleton.js'

const steps: readonly (readonly [name: string, step: Step])[] = [
  ['skip', { op: 'skip' }],
  ['conv1', convolution({ kernel: 1 })],
  ['conv3', convolution({ kernel: 3 })],
  ['pool', { op: 'avg-pool', kernel: 3 }],
]
const names = steps.map(([name]) => name)
const length = 4

/** Cells that are chains of four steps, `conv3-skip-pool-conv1`: 256, of which 121 differ. */
export const chainSpace = productSpace({
  name: 'chain',
  decisions: Array.from({ length }, () => steps.length),
  format: (choices) => choices.map((choice) => names[choice]).join('-'),
  parse(text) {
    const parts = text.trim().split('-')
    if (parts.length === length && parts.every((part) => names.includes(part))) {
      return parts.map((part) => names.indexOf(part))
    }
    throw new ArchitectureError(
      `Not an architecture of chain: "${text}": ${length} of ${names.join(', ')}, joined by "-".`,
    )
  },
  // Skips do not matter.
  duplicates: { canonical: (choices) => choices.filter((choice) => choice > 0).join('') },
  network(choices, macro) {
    const { channels, cells } = stagesOf('chain', macro)
    checkImages('chain', macro)
    return buildNetwork(macro, channels, threeStages(channels, cells), (draft, name, input) => {
      let node = input
      for (const [position, choice] of choices.entries()) {
        const next = addNode(draft, shapeOf(draft, input))
        addEdge(draft, `${name}.${position}`, node, next, steps[choice]?.[1] as Step)
        node = next
      }
      return node
    })
  },
})
