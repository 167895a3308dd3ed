import { ArchitectureError, productSpace } from 'fear-nas'

const convolution = /** @type {const} */ ({ op: 'conv', kernel: 3, stride: 1, relu: true, batchNorm: true })
/** What may join two feature maps of the chain. */
const steps = Object.entries(
  /** @type {const} */ ({
    skip: { op: 'skip' },
    pool: { op: 'avg-pool', kernel: 3 },
    conv1: { ...convolution, kernel: 1 },
    conv3: convolution,
  }),
)
const names = steps.map(([name]) => name)

/** @type {(settings: { length?: number }) => import('fear-nas').SearchSpace} */
export default function createChains({ length = 3 }) {
  return productSpace({
    name: 'chain',
    decisions: Array(length).fill(names.length),
    format: (choices) => choices.map((choice) => names[choice]).join('-'),
    parse(text) {
      const choices = text.split('-').map((name) => names.indexOf(name))
      if (choices.length === length && !choices.includes(-1)) return choices
      throw new ArchitectureError(`"${text}" must be ${length} of ${names.join(', ')}, joined by "-".`)
    },
    network(choices, { channels = 8, input, classes }) {
      // Node 0 is the image. The stem halves it, and each step leads one node further.
      const map = { channels, height: Math.ceil(input.height / 2), width: Math.ceil(input.width / 2) }
      const stem = { ...convolution, name: 'stem', from: 0, to: 1, stride: /** @type {const} */ (2), relu: false }
      const chain = choices.map((choice, i) => ({ ...steps[choice][1], name: `step-${i}`, from: i + 1, to: i + 2 }))
      const node = length + 1
      // FEAR freezes the network at a cut: `last-stage`, unless the configuration says otherwise.
      const cuts = [{ name: 'last-stage', node: 1 }]
      return { classes, nodes: [input, ...Array(node).fill(map)], edges: [stem, ...chain], head: { node }, cuts }
    },
  })
}
