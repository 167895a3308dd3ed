import type { RunInput } from '../../src/runs/run-options.js'

/** A search on real images that takes a second. */
export const tinyRun = {
  data: { name: 'fashion-mnist', train: 200, validation: 60, test: 100, size: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 2, batch: 32 },
  budget: { trials: 3 },
  finalists: 1,
  seed: 3,
} as const satisfies RunInput

/** An evaluator that scores every trial of it. */
export const shortTraining = { name: 'short-training', epochs: 1, batch: 32 } as const
