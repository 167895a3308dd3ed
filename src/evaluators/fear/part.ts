import { type CalibrationPlan, thresholdFrom } from '../calibration/calibration.js'
import { defaultCalibration } from '../calibration/settings.js'
import { evaluatorPart, wholeNetwork } from '../evaluator-part.js'
import { neutralTraits, type Pace } from '../traits.js'
import { checkFearOptions } from './check-options.js'
import { FearEvaluator } from './fear-evaluator.js'
import type { FearOptions } from './options.js'
import { fillFearPreset } from './presets.js'
import { type FearSettings, fearSchema, rankedFearSchema } from './settings.js'

/** FEAR: see `FearEvaluator`. */
export const fearPart = evaluatorPart({
  name: 'fear',
  schema: fearSchema,
  rankedSchema: rankedFearSchema,
  traits: neutralTraits,
  display: {
    title: 'FEAR',
    colours: ['orange', 'orange2', 'orange3'],
    parts: [
      { title: 'FEAR stage 1: to the threshold', colour: 'orange', phases: ['stage1'] },
      { title: 'FEAR stage 2: partly frozen training', colour: 'orange2', phases: ['features', 'stage2'] },
    ],
    thresholdPhase: 'stage1',
  },
  whyNoAccuracy: "FEAR's score is that of a mostly frozen network, not the accuracy after full training",
  create: (options: FearOptions) => new FearEvaluator(options),
  traitsOf: (settings: FearSettings | FearOptions) => ({ ...neutralTraits, pace: paceOf(settings) }),
  // A trial that was not rejected is the same whatever it was compared with.
  identity: (settings) => ({ ...settings, ratio: null, cost: null }),
  batches: ({ stage1, stage2: { batch, cacheFeatures, cut } }) => [
    wholeNetwork(stage1.batch, ['stage1', 'batch']),
    { path: ['stage2', 'batch'], batch, cut, cachesFeatures: cacheFeatures },
  ],
  problems: (settings, { recipe, trainImages, cutNames }) =>
    checkFearOptions(settings, recipe, cutNames(), trainImages),
  calibration: calibrationPlan,
  settle: (settings, found) => {
    const threshold = settings.threshold === 'auto' ? found : settings.threshold
    return threshold === undefined ? null : settled(settings, threshold)
  },
  fillPreset: fillFearPreset,
})

function paceOf({ ratio, cost, maxEpochs, stage1 }: FearSettings | FearOptions): Pace | null {
  if (ratio === null) return null
  const check = stage1.check === 'epoch' ? 'epoch' : 'step'
  return { phase: 'stage1', ratio, unit: cost, check, maxEpochs, batch: stage1.batch }
}

function calibrationPlan(settings: FearSettings | FearOptions): CalibrationPlan | null {
  if (settings.threshold !== 'auto') return null
  const { maxEpochs, stage1 } = settings
  const { architectures, ...least } = 'calibration' in settings ? settings.calibration : defaultCalibration
  return { architectures, evaluator: { name: 'calibration', ...least, maxEpochs, stage1 }, find: thresholdFrom }
}

/** Without what only finds the threshold: the options that evaluate, and that a run is recognised by. */
function settled(settings: FearSettings | FearOptions, threshold: number): FearOptions {
  const { calibration: _, ...options } = { calibration: undefined, ...settings }
  return { ...options, threshold }
}
