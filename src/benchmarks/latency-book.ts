import type { SpaceSetup } from '../spaces/registry.js'
import type { Architecture } from '../spaces/search-space.js'
import type { LatencyMeter } from './latency-meter.js'

/**
 * The latencies that a run has measured, by architecture. Each is measured once, so that the same architecture is always
 * within a limit or never; those of earlier sessions are not measured again.
 */
export class LatencyBook {
  readonly #create: (space: SpaceSetup) => LatencyMeter
  readonly #seconds: Map<Architecture, number>
  /** Measured before there was a journal. */
  readonly #waiting: [Architecture, number][] = []
  #write: ((architecture: Architecture, seconds: number) => void) | null = null

  /** @param known seconds that earlier sessions measured. */
  constructor(create: (space: SpaceSetup) => LatencyMeter, known: ReadonlyMap<Architecture, number> = new Map()) {
    this.#create = create
    this.#seconds = new Map(known)
  }

  /** Measures the networks of `space`. A run has one space. */
  meterOf(space: SpaceSetup): LatencyMeter {
    const meter = this.#create(space)
    return {
      report: (architecture) => meter.report(architecture),
      seconds: (architecture) => {
        const known = this.#seconds.get(architecture)
        if (known !== undefined) return known
        const seconds = meter.seconds(architecture)
        this.#seconds.set(architecture, seconds)
        if (this.#write === null) this.#waiting.push([architecture, seconds])
        else this.#write(architecture, seconds)
        return seconds
      },
    }
  }

  /** From now on every measurement is written, those so far first. */
  recordWith(write: (architecture: Architecture, seconds: number) => void): void {
    this.#write = write
    for (const [architecture, seconds] of this.#waiting.splice(0)) write(architecture, seconds)
  }
}
