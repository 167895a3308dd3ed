import type { SpaceSetup } from '../spaces/registry.js'
import type { Config } from './schema/config.js'

/** The shape of the input images of a network. */
export interface Images {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly classes: number
}

/** The search space of a configuration, and the network around its cells for `images`. */
export function spaceSetup(settings: Config['space'], images: Images): SpaceSetup {
  const { channels: colours, height, width, classes } = images
  const input = { channels: colours, height, width }
  if (settings.name === 'nats-sss') return { name: settings.name, macro: { input, classes } }
  const { channels, cells, ...space } = settings
  return { ...space, macro: { channels, cells, input, classes } }
}
