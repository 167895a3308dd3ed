/** FEAR's settings, all of them known (arXiv 2106.04010; the values of its authors are in `presets.ts`). */
export interface FearOptions {
  readonly name: 'fear'
  /** Train accuracy in (0, 1] that ends stage 1. */
  readonly threshold: number
  /** Maximum number of epochs of stage 1 (200 in the paper). */
  readonly maxEpochs: number
  /** Reject a trial when its stage 1 costs at least `ratio` times the cheapest so far; null: never. */
  readonly ratio: number | null
  readonly cost: 'seconds' | 'work' | 'steps'
  readonly score: 'train' | 'validation'
  readonly stage1: {
    readonly batch: number
    readonly learningRate: number
    readonly schedule: 'cosine' | 'constant'
    /** When accuracy and cost are checked: after each epoch (as in the paper) or after every step. */
    readonly check: 'epoch' | 'window'
    /** Number of latest steps over which `check: 'window'` averages the accuracy; may span epochs. */
    readonly window: number
  }
  readonly stage2: {
    /** A cut's name (`cells.K`, `head`), or `last-stage`: the cells of the third stage and the head are trained. */
    readonly cut: string
    readonly epochs: number
    readonly batch: number
    readonly learningRate: number
    /** Compute the frozen trunk's features once. Needs training without augmentation. */
    readonly cacheFeatures: boolean
    readonly batchNorm: 'batch' | 'running'
    /** Which epoch of stage 2 is the score: the paper ranks by the last and searches by the best. */
    readonly scoreEpoch: 'last' | 'best'
  }
}
