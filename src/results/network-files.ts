import type { RunDirectory } from '../journal/run-directory.js'
import { decodeNetwork, encodeNetwork } from '../models/network-file.js'
import type { NetworkStore } from '../studies/index.js'

/** Trained networks as files `trained-<arm>-<trial>.bin` of a run directory, until they have been measured. */
export function networkFiles(directory: Pick<RunDirectory, 'read' | 'write' | 'remove'>): NetworkStore {
  const nameOf = (arm: string, trial: number): string => `trained-${arm}-${trial}.bin`
  return {
    put(arm, { weights, ...facts }) {
      if (weights !== null) directory.write(nameOf(arm, facts.trial), encodeNetwork(facts, weights))
    },
    get(arm, trial) {
      const bytes = directory.read(nameOf(arm, trial))
      return bytes && decodeNetwork(bytes).weights
    },
    remove: (arm, trial) => directory.remove(nameOf(arm, trial)),
  }
}
