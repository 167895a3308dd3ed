import type { Lineage } from './strategy.js'

/** The fidelity of a trial; 0 if absent. */
export function fidelityOf({ fidelity = 0 }: Lineage): number {
  return fidelity
}

/** The lineage of a trial without its other data; empty at the cheapest fidelity. */
export function lineageOf({ fidelity, promotes, origin }: Lineage): Lineage {
  return {
    ...(fidelity !== undefined && { fidelity }),
    ...(promotes !== undefined && { promotes }),
    ...(origin !== undefined && { origin }),
  }
}
