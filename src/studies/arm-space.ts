import type { LatencyMeter } from '../benchmarks/latency-meter.js'
import type { LatencyRange, NetworkLimits } from '../networks/latency-range.js'
import {
  isWithinLimits,
  type NetworkSize,
  networkSize,
  type SizeLimits,
  type SizeRange,
  sizeUnits,
} from '../networks/size.js'
import { ConfigError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { limitedSpace } from '../spaces/limited-space.js'
import { createSearchSpace, type SpaceSetup } from '../spaces/registry.js'
import type { Architecture, MacroSpec, SearchSpace } from '../spaces/search-space.js'

/** Maximum number of architectures to check for one within the constraints; all of a smaller space. */
const mostLookedAt = 100_000

/** Maximum number of networks to measure for one within a limit on latency; 10 s at 50 ms each. */
const mostMeasured = 200

/**
 * The space of an arm: the whole space, or the part within the arm's constraints.
 *
 * @param meter measures what a limit on latency needs.
 * @throws ConfigError if no architecture is within them; the message has the existing sizes, or the least latency.
 */
export function armSpace(
  setup: SpaceSetup,
  constraints: NetworkLimits | null | undefined,
  meter?: Pick<LatencyMeter, 'seconds'>,
): SearchSpace {
  const whole = createSearchSpace(setup)
  const { name, macro } = setup
  if (constraints == null) return whole
  const { latency, ...sizes } = constraints
  if (latency === undefined && sizeUnits.every((unit) => sizes[unit] === undefined)) return whole
  if (latency !== undefined && meter === undefined) {
    throw new ConfigError('constraints.latency needs networks to measure, and this run has none. Remove it.')
  }
  const space = limitedSpace(whole, constraints, macro, (architecture) => meter?.seconds(architecture) ?? Number.NaN)
  const nothing = `No architecture of ${name} is within constraints (${describeLimits(constraints)}) for this data set: `
  const change = 'Change constraints, or space.channels and space.cells.'
  const measured: number[] = []
  for (const architecture of someOf(whole)) {
    if (space.part?.holds(architecture)) return space
    if (latency === undefined || !isWithinLimits(whole.network(architecture, macro), sizes)) continue
    measured.push(meter?.seconds(architecture) ?? Number.NaN)
    if (measured.length === mostMeasured) break
  }
  if (measured.length > 0) {
    throw new ConfigError(
      `${nothing}the ${measured.length} networks measured take ${milliseconds(Math.min(...measured))} to ` +
        `${milliseconds(Math.max(...measured))} for one image on this machine. ${change}`,
    )
  }
  throw new ConfigError(
    `${nothing}${whole.size > mostLookedAt ? `none of ${mostLookedAt} drawn. Those` : 'its networks'} have ` +
      `${sizesThereAre(whole, macro, constraints)}. ${change}`,
  )
}

/** `params at most 500000, flops at least 1000, latency at most 2 ms`. */
export function describeLimits({ latency, ...limits }: NetworkLimits): string {
  const sizes = sizeUnits.flatMap((unit) =>
    limits[unit] === undefined ? [] : `${unit} ${describeRange(limits[unit])}`,
  )
  return [...sizes, ...(latency === undefined ? [] : [`latency ${describeLatency(latency)}`])].join(', ')
}

function describeLatency({ atLeastSeconds, atMostSeconds }: LatencyRange): string {
  return describeRange({
    atLeast: atLeastSeconds === undefined ? undefined : milliseconds(atLeastSeconds),
    atMost: atMostSeconds === undefined ? undefined : milliseconds(atMostSeconds),
  })
}

/** `0.412 ms`. */
function milliseconds(seconds: number): string {
  return `${Number((1000 * seconds).toPrecision(3))} ms`
}

/** Numbers, or texts with a unit. */
type Bounds = { readonly [side in keyof SizeRange]: string | number | undefined }

function describeRange({ atLeast, atMost }: Bounds): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  return bounds.join(' and ')
}

/** All architectures in order if the space is small enough, otherwise random ones. */
function* someOf(space: SearchSpace): Generator<Architecture> {
  const rng = createRng('constraints')
  for (let i = 0; i < Math.min(space.size, mostLookedAt); i++) {
    yield space.size > mostLookedAt ? space.sample(rng) : space.at(i)
  }
}

/** `1234 to 56789 params`, for each limited unit. */
function sizesThereAre(whole: SearchSpace, macro: MacroSpec, limits: SizeLimits): string {
  const limited = sizeUnits.filter((unit) => limits[unit] !== undefined)
  const least: Record<keyof NetworkSize, number> = { params: Infinity, flops: Infinity }
  const most: Record<keyof NetworkSize, number> = { params: 0, flops: 0 }
  for (const architecture of someOf(whole)) {
    const size = networkSize(whole.network(architecture, macro))
    for (const unit of limited) {
      least[unit] = Math.min(least[unit], size[unit])
      most[unit] = Math.max(most[unit], size[unit])
    }
  }
  return limited.map((unit) => `${least[unit]} to ${most[unit]} ${unit}`).join(', ')
}
