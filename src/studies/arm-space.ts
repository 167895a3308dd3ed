import { type NetworkSize, networkSize, type SizeLimits, type SizeRange, sizeUnits } from '../networks/size.js'
import { ConfigError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { limitedSpace } from '../spaces/limited-space.js'
import { createSearchSpace, type SpaceSetup } from '../spaces/registry.js'
import type { Architecture, MacroSpec, SearchSpace } from '../spaces/search-space.js'

/** Maximum number of architectures to check for one within the constraints; all of a smaller space. */
const mostLookedAt = 100_000

/**
 * The space of an arm: the whole space, or the part within the arm's constraints.
 *
 * @throws ConfigError if no architecture is within them; the message has the existing sizes.
 */
export function armSpace(setup: SpaceSetup, constraints: SizeLimits | null | undefined): SearchSpace {
  const whole = createSearchSpace(setup)
  const { name, macro } = setup
  if (constraints == null || sizeUnits.every((unit) => constraints[unit] === undefined)) return whole
  const space = limitedSpace(whole, constraints, macro)
  for (const architecture of someOf(whole)) if (space.part?.holds(architecture)) return space
  throw new ConfigError(
    `No architecture of ${name} is within constraints (${describeLimits(constraints)}) for this data set: ` +
      `${whole.size > mostLookedAt ? `none of ${mostLookedAt} drawn. Those` : 'its networks'} have ` +
      `${sizesThereAre(whole, macro, constraints)}. Change constraints, or space.channels and space.cells.`,
  )
}

/** `params at most 500000, flops at least 1000`. */
export function describeLimits(limits: SizeLimits): string {
  return sizeUnits
    .flatMap((unit) => (limits[unit] === undefined ? [] : `${unit} ${describeRange(limits[unit])}`))
    .join(', ')
}

function describeRange({ atLeast, atMost }: SizeRange): string {
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
