import { checkSpec } from '../../engines/check-spec.js'
import { firstLineOf } from '../../platform/message-of.js'
import { ownPartName } from '../../platform/parts/part-settings.js'
import { createRng } from '../../platform/rng.js'
import { createSearchSpace, type SpaceSetup } from '../../spaces/registry.js'
import type { Complaint } from '../issues.js'

/** How many networks are built. */
const sampled = 8

/**
 * What is wrong with the networks that a space from outside the package builds for the images in use, by some of them; null
 * if nothing is, and for spaces of this package.
 */
export function checkOwnNetworks({ macro, ...options }: SpaceSetup): Complaint | null {
  if (options.name !== 'module' && options.name !== 'value') return null
  const { classes, input } = macro
  const images = `images of ${input.channels}x${input.height}x${input.width} and ${classes} classes`
  const space = createSearchSpace(options)
  const rng = createRng('own networks')
  for (let i = 0; i < sampled; i++) {
    let architecture = ''
    try {
      architecture = space.parse(i === 0 ? space.at(0) : space.sample(rng))
      const spec = space.network(architecture, macro)
      checkSpec(spec)
      const [image] = spec.nodes
      const isOfThese = (['channels', 'height', 'width'] as const).every((side) => image?.[side] === input[side])
      if (!isOfThese || spec.classes !== classes)
        throw new Error('nodes[0] must be macro.input, and classes macro.classes')
    } catch (error) {
      const which = architecture === '' ? 'an architecture' : `the network of ${architecture}`
      return {
        path: ['space', options.name],
        sentence: `space.${options.name} ${ownPartName(options)} cannot build ${which} for ${images}: ${firstLineOf(error).replace(/\.$/, '')}. See docs/extending.md.`,
      }
    }
  }
  return null
}
