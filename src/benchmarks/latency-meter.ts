import type { Engine, TrainableNetwork } from '../engines/engine.js'
import { initialWeights } from '../networks/weights.js'
import type { Clock } from '../platform/clock.js'
import { createRng } from '../platform/rng.js'
import { createSearchSpace, type SpaceSetup } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import { type Latency, leastSeconds, measureLatencies } from './latency.js'

/** Measures how fast the networks of a run are on this machine, in the calling thread. */
export interface LatencyMeter {
  /** For one image and for a batch of 64, to be reported: medians, measured while nothing else runs. */
  report(architecture: Architecture): readonly Latency[]
  /** For one image, to be compared with a limit: the least of many repetitions, which holds while workers train. */
  seconds(architecture: Architecture): number
}

/**
 * A meter for the networks of `space` on `engine`. The weights do not matter for time, so networks get initial ones.
 *
 * @throws EngineError, on use, if the engine cannot create the network.
 */
export function latencyMeter(engine: Engine, space: SpaceSetup, clock: Clock): LatencyMeter {
  const networks = createSearchSpace(space)
  const measured = <T>(architecture: Architecture, measure: (network: TrainableNetwork) => T): T => {
    const spec = networks.network(architecture, space.macro)
    const network = engine.create(spec, initialWeights(spec, createRng('latency')))
    try {
      return measure(network)
    } finally {
      network.dispose()
    }
  }
  return {
    seconds: (architecture) => measured(architecture, (network) => leastSeconds(network, clock)),
    report: (architecture) => measured(architecture, (network) => measureLatencies(network, clock, { seconds: 0.1 })),
  }
}
