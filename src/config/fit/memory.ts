import type { Engine } from '../../engines/engine.js'
import { resolveCut } from '../../networks/cuts.js'
import { type NetworkSpec, nodeSize } from '../../networks/network-spec.js'
import { parameterCount } from '../../networks/parameters.js'
import { isWithinLimits, type SizeLimits } from '../../networks/size.js'
import { memoryFactor, trainingMemoryBytes } from '../../networks/training-memory.js'
import { bytesText } from '../../platform/bytes-text.js'
import { counted } from '../../platform/count.js'
import { createRng } from '../../platform/rng.js'
import { createSearchSpace, type SpaceSetup } from '../../spaces/registry.js'
import { type Complaint, type ConfigPath, dotted } from '../issues.js'
import { checkOwnNetworks } from './own-networks.js'
import type { PlannedTraining } from './trainings.js'

/** The memory needed by a run, and the available memory. */
export interface MemoryRequest {
  readonly space: SpaceSetup
  /** Constraints: an architecture counts if it is within any of them; empty: all count. */
  readonly constraints: readonly SizeLimits[]
  readonly trainings: readonly PlannedTraining[]
  readonly trainImages: number
  readonly datasetBytes: number
  readonly workers: number
  readonly engine: Pick<Engine, 'name' | 'info' | 'limits'>
  readonly memoryBytes: number
}

export interface MemoryFindings {
  /** Half of the networks need more than `memoryFactor` times the memory there is, or none can be built. */
  readonly complaint: Complaint | null
  /** The memory may be insufficient for the largest networks. */
  readonly warning: string | null
}

/** Number of architectures in the sample of the space. */
const sampled = 48
/** Share of the memory above which there is a warning, since the rest of the system needs some. */
const comfortable = 0.8

/** Whether the networks of a space can be trained on this machine, by an estimate. */
export function checkMemory(request: MemoryRequest): MemoryFindings {
  const wrong = checkOwnNetworks(request.space)
  if (wrong !== null) return { complaint: wrong, warning: null }
  const needs = networkNeeds(request)
  const typical = needs[Math.floor(needs.length / 2)]
  const largest = needs.at(-1)
  // A GPU has its own memory, whose size is unknown here.
  if (typical === undefined || largest === undefined || request.engine.info.gpu)
    return { complaint: null, warning: null }
  const { engine, datasetBytes, workers, memoryBytes } = request
  const { parameters = Infinity, networkBytes = Infinity } = engine.limits ?? {}
  const complain = (path: ConfigPath, sentence: string): MemoryFindings => ({
    complaint: { path, sentence },
    warning: null,
  })
  if (typical.parameters > parameters) {
    const size = `${Math.round(typical.parameters / 1e6)} million parameters`
    return complain(
      ['space'],
      `space: half of its networks have ${size} or more, and the engine ${engine.name} takes ${Math.floor(parameters / 1e6)} million. Lower space.channels or space.cells.`,
    )
  }
  const limit = Math.min(networkBytes, memoryBytes - datasetBytes)
  if (typical.bytes > memoryFactor * limit) {
    const { path, batch } = typical.training
    const has = limit === networkBytes ? `the engine ${engine.name} has` : 'beside the images this machine has'
    return complain(
      path,
      `${dotted(path)} is ${batch}, and with ${imagesText(request)} half of the networks need ${bytesText(typical.bytes)} or ` +
        `more each, by estimate; ${has} ${bytesText(Math.max(0, limit))}. Lower ${settingsToLower(request, path)}.`,
    )
  }
  const together = datasetBytes + workers * typical.bytes
  if (workers > 1 && together > memoryFactor * memoryBytes) {
    const fitting = Math.max(1, Math.floor((memoryBytes - datasetBytes) / typical.bytes))
    return complain(
      ['workers'],
      `workers: ${workers} of them need ${bytesText(together)} or more for half of the networks, by estimate; this ` +
        `machine has ${bytesText(memoryBytes)}. Set workers to at most ${fitting}, or lower ${dotted(typical.training.path)}.`,
    )
  }
  const most = datasetBytes + workers * largest.bytes
  if (most <= comfortable * memoryBytes && largest.bytes <= networkBytes && largest.parameters <= parameters) {
    return { complaint: null, warning: null }
  }
  return {
    complaint: null,
    warning:
      `The largest networks need about ${bytesText(most)} with ${counted(workers, 'worker')}, by estimate, ` +
      `of the ${bytesText(Math.min(memoryBytes, workers * networkBytes))} available. If trials run out of memory, lower ${settingsToLower(request, largest.training.path)}.`,
  }
}

interface NetworkNeed {
  readonly bytes: number
  readonly parameters: number
  /** The one that needs most memory. */
  readonly training: PlannedTraining
}

/** Sizes of some networks of the space, smallest first. */
function networkNeeds(request: MemoryRequest): readonly NetworkNeed[] {
  const { macro, ...options } = request.space
  const space = createSearchSpace(options)
  const rng = createRng('memory')
  const specs = Array.from({ length: sampled }, () => space.network(space.sample(rng), macro)).filter(
    (spec) => request.constraints.length === 0 || request.constraints.some((limits) => isWithinLimits(spec, limits)),
  )
  return specs.flatMap((spec) => networkNeed(spec, request) ?? []).sort((a, b) => a.bytes - b.bytes)
}

function networkNeed(spec: NetworkSpec, { trainings, trainImages }: MemoryRequest): NetworkNeed | null {
  const [most] = trainings
    .map((training) => ({ training, bytes: trainingBytes(spec, training, trainImages) }))
    .sort((a, b) => b.bytes - a.bytes)
  return most === undefined ? null : { ...most, parameters: parameterCount(spec) }
}

function trainingBytes(
  spec: NetworkSpec,
  { batch, cut, cachesFeatures }: PlannedTraining,
  trainImages: number,
): number {
  const node = cut === null ? 0 : resolveCut(spec, cut).node
  const features = spec.nodes[node]
  const inBatch = Math.min(batch, trainImages)
  // Batches are float arrays outside the engine; features are kept for all images.
  const given = (cachesFeatures ? trainImages : 0) + inBatch
  return trainingMemoryBytes(spec, inBatch, node) + 4 * given * (features === undefined ? 0 : nodeSize(features))
}

function imagesText({ space: { macro } }: MemoryRequest): string {
  const channels = macro.channels === undefined ? '' : `space.channels ${macro.channels} and `
  return `${channels}images of ${macro.input.width}x${macro.input.height}`
}

function settingsToLower({ space }: MemoryRequest, path: ConfigPath): string {
  const settings = [dotted(path), ...(space.macro.channels === undefined ? [] : ['space.channels']), 'data.size']
  return `${settings.slice(0, -1).join(', ')} or ${settings.at(-1)}`
}
