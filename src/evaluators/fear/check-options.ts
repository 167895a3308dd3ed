import { isAugmented } from '../../training/augmentation.js'
import type { TrainingRecipe } from '../../training/recipe.js'
import type { SettingProblem } from '../evaluator-part.js'
import type { FearOptions } from './options.js'
import type { FearSettings } from './settings.js'

/**
 * Problems of FEAR's options, alone or together with the recipe and the network; empty if there are none.
 *
 * @param cutNames the names in `spec.cuts`, which are the same for every architecture of a space.
 * @param trainImages the number of training images, if known.
 */
export function checkFearOptions(
  options: FearSettings | FearOptions,
  recipe: TrainingRecipe,
  cutNames: readonly string[],
  trainImages = Infinity,
): readonly SettingProblem[] {
  const { threshold, maxEpochs, ratio, stage1, stage2 } = options
  const problems: SettingProblem[] = []
  const require = (holds: boolean, path: readonly string[], message: string): void => {
    if (!holds) problems.push({ path, message })
  }
  require(threshold === 'auto' || (threshold > 0 && threshold <= 1), [
    'threshold',
  ], `must be in (0, 1], got ${threshold}`)
  require(ratio === null || ratio > 1, ['ratio'], `must be more than 1, or null to never reject, got ${ratio}`)
  const counts = [
    { path: ['maxEpochs'], value: maxEpochs },
    { path: ['stage1', 'batch'], value: stage1.batch },
    { path: ['stage1', 'window'], value: stage1.window },
    { path: ['stage2', 'epochs'], value: stage2.epochs },
    { path: ['stage2', 'batch'], value: stage2.batch },
  ]
  for (const { path, value } of counts) {
    require(Number.isInteger(value) && value > 0, path, `must be a positive whole number, got ${value}`)
  }
  const steps = maxEpochs * Math.ceil(trainImages / Math.min(stage1.batch, trainImages))
  require(stage1.check === 'epoch' || !(stage1.window > steps), [
    'stage1',
    'window',
  ], `must be at most the ${steps} steps that maxEpochs allows, or no network is ever asked, got ${stage1.window}`)
  require(cutNames.includes(stage2.cut), [
    'stage2',
    'cut',
  ], `must be a cut of the network (${cutNames.join(', ')}), got ${stage2.cut}`)
  require(!(stage2.cacheFeatures && isAugmented(recipe.augmentation)), [
    'stage2',
    'cacheFeatures',
  ], 'must be false where training images are augmented: they change from epoch to epoch, so their features do too')
  return problems
}
