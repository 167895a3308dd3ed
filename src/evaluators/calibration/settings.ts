import type { SettingsKit } from '../../platform/settings/settings-kit.js'
import type { FearOptions } from '../fear/options.js'

/** How a threshold is found: the median accuracy of some networks after a short training. */
export interface CalibrationSettings {
  /** How many networks are drawn from the space. */
  readonly architectures: number
  /** Minimum number of epochs that each is trained for. */
  readonly epochs: number
  /** Minimum number of steps; training continues to the end of that epoch. */
  readonly steps: number
}

/**
 * Five networks, so that two poor learners hardly move the median. Two epochs, which is below the plateau of typical
 * data sets and about what the authors' thresholds take. A hundred steps, because fewer, on a small data set, are too
 * little training.
 */
export const defaultCalibration: CalibrationSettings = { architectures: 5, epochs: 2, steps: 100 }

/** The setting `calibration` of an evaluator with a threshold. */
export const calibrationSchema = ({ z, nonNegative, positive }: SettingsKit) =>
  z.strictObject({
    architectures: positive.default(defaultCalibration.architectures).describe('Networks drawn from the space'),
    epochs: positive
      .default(defaultCalibration.epochs)
      .describe('Minimum number of epochs; the threshold is the median of the best train accuracies'),
    steps: nonNegative
      .default(defaultCalibration.steps)
      .describe('Minimum number of steps; training continues to the end of that epoch'),
  })

/** A training of a calibration: the first epochs of FEAR's stage 1, without a threshold. */
export interface CalibrationOptions extends Omit<CalibrationSettings, 'architectures'>, Pick<FearOptions, 'maxEpochs'> {
  readonly name: 'calibration'
  readonly stage1: FearOptions['stage1']
}
