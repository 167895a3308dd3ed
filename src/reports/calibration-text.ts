import type { CalibrationSummary } from '../studies/index.js'
import { formatAccuracy, formatDuration } from './format.js'

/** A calibrated threshold and its compute time: `71.20 % (12 s)`; a dash for none. */
export function describeCalibration(
  calibration: Pick<CalibrationSummary, 'threshold' | 'computeSeconds'> | null,
): string {
  if (calibration === null) return '-'
  return `${formatAccuracy(calibration.threshold)} (${formatDuration(calibration.computeSeconds)})`
}
