import type { Place } from './strategy.js'

/** The fidelity of a trial; 0 if absent. */
export function fidelityOf({ fidelity = 0 }: Place): number {
  return fidelity
}

/** A trial's place alone: nothing at the cheapest fidelity. */
export function placeOf({ fidelity, promotes, origin }: Place): Place {
  return {
    ...(fidelity !== undefined && { fidelity }),
    ...(promotes !== undefined && { promotes }),
    ...(origin !== undefined && { origin }),
  }
}
