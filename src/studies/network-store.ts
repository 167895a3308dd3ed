import type { NetworkWeights } from '../networks/weights.js'
import type { TrainedNetwork } from '../search/best-network.js'

/**
 * Keeps trained networks until they are measured on the test images, after the arm's clock has stopped. A persistent
 * store avoids training them again after a crash.
 */
export interface NetworkStore {
  put(arm: string, network: TrainedNetwork): void
  /** Null if it was never stored, or was removed. */
  get(arm: string, trial: number): NetworkWeights | null
  remove(arm: string, trial: number): void
}

/** A store in memory. */
export function inMemoryNetworks(): NetworkStore {
  const networks = new Map<string, NetworkWeights>()
  const key = (arm: string, trial: number): string => `${trial} ${arm}`
  return {
    put(arm, { trial, weights }) {
      if (weights !== null) networks.set(key(arm, trial), weights)
    },
    get: (arm, trial) => networks.get(key(arm, trial)) ?? null,
    remove: (arm, trial) => {
      networks.delete(key(arm, trial))
    },
  }
}
