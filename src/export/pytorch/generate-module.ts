import { inputShape, type NetworkSpec } from '../../networks/network-spec.js'
import { liveGraph } from '../live-graph.js'
import { metadataOf } from '../metadata.js'
import type { PortableNetwork } from '../portable-network.js'
import { moduleBody } from './module-body.js'
import { nameInBlock, pythonNames, pythonString } from './python-names.js'
import { type Block, chainOf } from './structure.js'

/** A network as the source of a Python module. */
export interface GeneratedModule {
  readonly source: string
  /** The name that the tensors of each edge begin with, by the edge's name. */
  readonly prefixes: ReadonlyMap<string, string>
}

interface NetworkParts {
  /** Sources of further classes. */
  readonly classes: readonly string[]
  readonly init: readonly string[]
  /** From `x`, the normalised image, to `x`, what the head reads. */
  readonly forward: readonly string[]
  readonly prefixes: ReadonlyMap<string, string>
}

/** The head's batch norm and linear layer in the generated module. */
export const headNames = { batchNorm: 'last_bn', classifier: 'classifier' } as const

export function generateModule(network: PortableNetwork, weights: string): GeneratedModule {
  const { spec } = network
  const { classNames, normalisation, preprocessing, producer, architecture } = metadataOf(network)
  const { channels, height, width } = inputShape(spec)
  const { classes, forward, init, prefixes } = chainParts(spec) ?? flatParts(spec)
  const features = spec.nodes[spec.head.node]?.channels ?? 0
  const usesPool = liveGraph(spec).some(({ incoming }) =>
    incoming.some(({ edge }) => edge.op === 'avg-pool' && edge.kernel === 3),
  )
  const source = `"""The network ${docText(architecture)}, written by ${docText(producer)}.

${docText(preprocessing)}

    from model import CLASS_NAMES, load
    logits, probabilities = load()(images)  # uint8, [batch, ${channels}, ${height}, ${width}]
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

CLASS_NAMES = [${classNames.map(pythonString).join(', ')}]
MEAN = [${normalisation.mean.join(', ')}]
STD = [${normalisation.std.join(', ')}]


class Convolution(nn.Module):
    """ReLU (unless told otherwise), a convolution without bias, and batch norm (unless told otherwise)."""

    def __init__(
        self, inputs, outputs, kernel, stride=1, dilation=1, depthwise=False, relu=True, batch_norm=True
    ):
        super().__init__()
        self.relu = relu
        self.conv = nn.Conv2d(
            inputs,
            outputs,
            kernel,
            stride,
            padding=dilation * (kernel // 2),
            dilation=dilation,
            groups=inputs if depthwise else 1,
            bias=False,
        )
        self.bn = nn.BatchNorm2d(outputs) if batch_norm else nn.Identity()

    def forward(self, x):
        return self.bn(self.conv(F.relu(x) if self.relu else x))

${usesPool ? averagePool : ''}${classes.map((text) => `\n${text}\n`).join('')}
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN).view(-1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(-1, 1, 1), persistent=False)
${indented(init)}
        self.${headNames.batchNorm} = nn.BatchNorm2d(${features})
        self.${headNames.classifier} = nn.Linear(${features}, ${spec.classes})

    def forward(self, images):
        """Logits and probabilities of uint8 images, [batch, channels, height, width]."""
        x = (images.float() / 255 - self.mean) / self.std
${indented(forward)}
        x = F.relu(self.${headNames.batchNorm}(x)).mean(dim=(2, 3))
        logits = self.${headNames.classifier}(x)
        return logits, logits.softmax(dim=1)


def load(weights=Path(__file__).with_name("${weights}")):
    """The trained network, ready to predict."""
    network = Network()
    network.load_state_dict(load_file(weights))
    return network.eval()
`
  return { source, prefixes }
}

const averagePool = `
def average_pool(x):
    """The mean of 3x3 pixels, of which those outside the image do not count."""
    return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)

`

/** A stem and a list of cells and reductions, each class once; null if the network is not built like that. */
function chainParts(spec: NetworkSpec): NetworkParts | null {
  const chain = chainOf(spec)
  if (chain === null) return null
  const names = new Map<string, string>()
  const classes: string[] = []
  const prefixes = new Map([['stem', 'stem']])
  const calls = chain.blocks.map((block, number) => {
    const { call, prefix, text } = blockClass(block, spec)
    for (const [edge, attribute] of prefix) prefixes.set(edge, `cells.${number}.${attribute}`)
    const kind = text.includes('stride=2') || text.includes('avg_pool2d') ? 'Reduction' : 'Cell'
    const known = names.get(text)
    const same = [...names.values()].filter((name) => name.startsWith(kind)).length
    const name = known ?? (same === 0 ? kind : `${kind}${same + 1}`)
    if (known === undefined) {
      names.set(text, name)
      classes.push(`class ${name}(nn.Module):\n${text}\n`)
    }
    return `${name}(${call})`
  })
  const stem = moduleBody([chain.stem], {
    attribute: () => 'stem',
    channels: String,
    input: { node: 0, name: 'x', shape: inputShape(spec) },
    shapes: spec.nodes,
  })
  return {
    classes,
    init: [
      ...stem.init,
      'self.cells = nn.ModuleList(',
      '    [',
      ...calls.map((call) => `        ${call},`),
      '    ]',
      ')',
    ],
    forward: ['x = self.stem(x)', 'for cell in self.cells:', '    x = cell(x)'],
    prefixes,
  }
}

/** The class of a block without its first line, and the arguments for this block. */
function blockClass({ input, inputShape: shape, nodes }: Block, spec: NetworkSpec) {
  const edges = nodes.flatMap(({ incoming }) => incoming.map(({ edge }) => edge))
  const attributes = pythonNames(edges.map(nameInBlock))
  const outputs = nodes.at(-1)?.shape.channels ?? 0
  const isEven = outputs === shape.channels
  const parameters = isEven ? ['channels'] : ['inputs', 'outputs']
  const spoken = new Map(
    isEven
      ? [[outputs, 'channels']]
      : [
          [shape.channels, 'inputs'],
          [outputs, 'outputs'],
        ],
  )
  const body = moduleBody(nodes, {
    attribute: (edge) => attributes.get(edge.replace(/^cells\.\d+\./, '')) ?? '',
    channels: (count) => spoken.get(count) ?? String(count),
    input: { node: input, name: 'x', shape },
    shapes: spec.nodes,
  })
  const text = `    def __init__(self, ${parameters.join(', ')}):
        super().__init__()
${indented(body.init)}

    def forward(self, x):
${indented(body.forward)}
        return node${nodes.length}`.replace('__init__()\n\n\n', '__init__()\n\n')
  const prefix = edges.map((edge) => [edge.name, attributes.get(nameInBlock(edge)) ?? ''] as const)
  return { text, prefix, call: [...spoken.keys()].join(', ') }
}

/** Every operation in one module: for graphs of any form. */
function flatParts(spec: NetworkSpec): NetworkParts {
  const nodes = liveGraph(spec)
  const prefixes = pythonNames(nodes.flatMap(({ incoming }) => incoming.map(({ edge }) => edge.name)))
  const { forward, init, variables } = moduleBody(nodes, {
    attribute: (edge) => prefixes.get(edge) ?? '',
    channels: String,
    input: { node: 0, name: 'x', shape: inputShape(spec) },
    shapes: spec.nodes,
  })
  return { classes: [], init, forward: [...forward, `x = ${variables.get(spec.head.node)}`], prefixes }
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `        ${line}`).join('\n')
}

/** Text within a docstring. */
function docText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
