import type { SettingsKit } from '../../platform/settings/settings-kit.js'

/** A short training of the whole network: the paper's baseline `shortreg`. */
export interface ShortTrainingOptions {
  readonly name: 'short-training'
  readonly epochs: number
  readonly batch: number
  readonly score: 'train' | 'validation'
  /** The epoch whose training accuracy is the score; the paper uses the best. */
  readonly scoreEpoch: 'best' | 'last'
}

/** Short training as a configuration describes it. */
export const shortTrainingSchema = ({ z, batchSize, positive }: SettingsKit) =>
  z.strictObject({
    name: z.literal('short-training'),
    epochs: positive.default(4).describe('Number of epochs; cosine learning-rate schedule to 0'),
    batch: batchSize.default(128),
    score: z.enum(['train', 'validation']).default('train').describe('The images whose accuracy is the score'),
    scoreEpoch: z
      .enum(['best', 'last'])
      .default('best')
      .describe('Epoch that counts, where the score is train accuracy'),
  })
