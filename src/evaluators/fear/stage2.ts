import type { FeatureBatch } from '../../engines/engine.js'
import { resolveCut } from '../../networks/cuts.js'
import { trainingFlops } from '../../networks/flops.js'
import { ImageBatches } from '../../training/batches.js'
import type { Interruption } from '../../training/epoch.js'
import { cacheFeatures, FeatureBatches, type FeatureBuffer } from '../../training/feature-batches.js'
import { learningRateAt } from '../../training/schedule.js'
import { type FinishedTraining, optimiserOf, trainNetwork } from '../../training/train-network.js'
import type { TrialRun } from '../trial-run.js'
import type { FearOptions } from './options.js'

/**
 * Stage 2, "freeze training": continues from stage 1's weights with everything before the cut frozen and a new
 * optimiser, for a fixed number of epochs. Phases: `stage2`, and before it `features` if features are cached.
 *
 * @param featureBuffer kept between trials by the caller, to avoid allocating up to 100 MB for each.
 */
export function runStage2(
  run: TrialRun,
  options: FearOptions,
  featureBuffer: FeatureBuffer,
): FinishedTraining | Interruption {
  const { network, meter, spec, request, context } = run
  const { dataset, recipe, timeoutSeconds } = context
  const { stage2 } = options
  const cut = resolveCut(spec, stage2.cut)
  // A separate order of images, the same for every architecture, however long its stage 1 was.
  const dataSeed = [...request.dataSeed, 'stage2']
  const images = new ImageBatches(dataset, dataset.train, stage2.batch, {
    dataSeed,
    augmentation: recipe.augmentation,
  })
  const shared = {
    epochs: stage2.epochs,
    optimiser: optimiserOf(recipe),
    learningRate: (epoch: number) => learningRateAt('cosine', stage2.learningRate, epoch, stage2.epochs),
    meter,
    timeoutSeconds,
  }
  meter.enter(stage2.cacheFeatures ? 'features' : 'stage2')
  network.freezeUpTo(cut.name, stage2.batchNorm)
  if (!stage2.cacheFeatures) {
    return trainNetwork({
      ...shared,
      batches: images,
      flopsPerImage: trainingFlops(spec, { frozenAt: cut.node }),
      step: (batch, step) => network.trainStep(batch, step),
    })
  }

  images.begin(0)
  const cached = cacheFeatures(network, cut, images, stage2.batchNorm, meter, timeoutSeconds, featureBuffer)
  if (cached.kind !== 'cached') return cached
  meter.enter('stage2')
  return trainNetwork<FeatureBatch>({
    ...shared,
    batches: new FeatureBatches(cached, stage2.batch, dataSeed),
    flopsPerImage: trainingFlops(spec, { frozenAt: cut.node, cachedFeatures: true }),
    step: (batch, step) => network.trainTailStep(batch, step),
  })
}
