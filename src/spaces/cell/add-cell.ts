import type { NodeSpec } from '../../networks/network-spec.js'
import { addEdge, addNode, convolution, type Draft, type Step, shapeOf } from '../skeleton/draft.js'
import type { Cell, CellEdge } from './cell.js'
import { type OperationStep, operationSteps } from './operations.js'

/** The last step of an operation, which leads to the node of the cell. */
interface LastStep {
  readonly name: string
  readonly from: number
  readonly step: Step
}

/** A skip connection between nodes of different widths: NATS-Bench's 1x1 convolution and batch norm, without ReLU. */
const projection: readonly OperationStep[] = [{ part: '', step: convolution({ kernel: 1, relu: false }) }]

/**
 * Adds the nodes of a cell, reachable or not, and its edges other than `none`. An operation of several steps has an
 * extra node between each two, as wide as its input node.
 *
 * @param channels of every node of the cell except its input.
 * @returns the output node.
 */
export function addCell(cell: Cell, draft: Draft, name: string, input: number, channels: number): number {
  const shape: NodeSpec = { ...shapeOf(draft, input), channels }
  const nodes = [input]
  for (let to = 1; to <= (cell.at(-1)?.to ?? 0); to++) {
    const last = cell
      .filter((edge) => edge.to === to && edge.operation !== 'none')
      .map((edge) => addInnerSteps(draft, `${name}.node${to}.${edge.from}`, nodes[edge.from] as number, edge, channels))
    const node = addNode(draft, shape)
    nodes.push(node)
    for (const { name, from, step } of last) addEdge(draft, name, from, node, step)
  }
  return nodes.at(-1) as number
}

/** Adds all steps of an operation but the last, each with the node it leads to. */
function addInnerSteps(draft: Draft, name: string, from: number, { operation }: CellEdge, channels: number): LastStep {
  const shape = shapeOf(draft, from)
  const steps = stepsOf(operation, shape.channels === channels)
  let node = from
  for (const { part, step } of steps.slice(0, -1)) {
    const next = addNode(draft, shape)
    addEdge(draft, `${name}.${part}`, node, next, step)
    node = next
  }
  const { part, step } = steps.at(-1) as OperationStep
  return { name: part === '' ? name : `${name}.${part}`, from: node, step }
}

function stepsOf(operation: CellEdge['operation'], keepsWidth: boolean): readonly OperationStep[] {
  if (operation === 'none') return []
  return operation === 'skip_connect' && !keepsWidth ? projection : operationSteps[operation]
}
