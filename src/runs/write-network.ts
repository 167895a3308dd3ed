import { stringify } from 'yaml'
import { measureLatencies } from '../benchmarks/latency.js'
import type { Config } from '../config/schema/config.js'
import type { TrainingDirectory } from '../journal/training-directory.js'
import { encodeNetwork, type NetworkFacts } from '../models/network-file.js'
import { forwardFlops } from '../networks/flops.js'
import { parameterCount } from '../networks/parameters.js'
import type { NetworkWeights } from '../networks/weights.js'
import { systemClock } from '../platform/clock.js'
import { describeHardware } from '../platform/hardware.js'
import { messageOf } from '../platform/message-of.js'
import { networkReport, picture } from '../reports/html/network-report.js'
import {
  accuracyByClass,
  confusionOf,
  type NetworkMetrics,
  type Repetition,
  surestMistakes,
} from '../results/network-metrics.js'
import { createSearchSpace } from '../spaces/registry.js'
import { ImageBatches } from '../training/batches.js'
import type { TrainedEpoch } from '../training/checkpoint.js'
import { classifyImages } from '../training/classify-images.js'
import type { PreparedRun } from './prepare-run.js'
import { surroundingsOf } from './surroundings.js'

/** A trained network on its way into its directory. */
export interface FinishedNetwork {
  readonly facts: NetworkFacts
  readonly weights: NetworkWeights
  readonly curve: readonly TrainedEpoch[]
  /** From 1. */
  readonly epoch: number
  readonly testAccuracy: number
  readonly repetitions: readonly Repetition[]
  /** What `summary.json` says. */
  readonly figures: { readonly computeSeconds: number } & Readonly<Record<string, unknown>>
}

const mostMistakes = 36
const imagesAtATime = 256

/**
 * Measures a network and writes all files of its directory; `summary.json` is the last.
 *
 * @param stop asked now and then before anything is written; it throws to end this early
 */
export async function writeNetwork(
  store: TrainingDirectory,
  network: FinishedNetwork,
  config: Config,
  prepared: Pick<PreparedRun, 'engine' | 'setup'>,
  { onWarning, stop }: { readonly onWarning?: ((message: string) => void) | undefined; readonly stop: () => void },
): Promise<void> {
  const { facts, figures, weights } = network
  const { fingerprint, name } = prepared.setup.dataset
  const plain: unknown = JSON.parse(JSON.stringify(config))
  const { metrics, mistakes } = await measure(network, prepared, stop)
  store.write('config.yaml', stringify(plain))
  store.write('network.bin', encodeNetwork(facts, surroundingsOf(prepared.setup), weights))
  store.write('metrics.json', `${JSON.stringify(metrics, null, 2)}\n`)
  store.write('mistakes.json', `${JSON.stringify({ schema: 1, mistakes })}\n`)
  try {
    store.write('report.html', await networkReport({ metrics, mistakes }))
  } catch (error) {
    onWarning?.(`report.html was not written: ${messageOf(error)} The network is complete without it.`)
  }
  store.write(
    'summary.json',
    `${JSON.stringify({ schema: 1, command: 'train', ...figures, dataset: { name, fingerprint }, config: plain }, null, 2)}\n`,
  )
}

async function measure(
  { curve, epoch, facts, repetitions, testAccuracy, weights }: FinishedNetwork,
  prepared: Pick<PreparedRun, 'engine' | 'setup'>,
  stop: () => void,
) {
  const { engine, setup } = prepared
  const { dataset, space } = setup
  const { architecture, validationAccuracy } = facts
  const network = engine.create(createSearchSpace(space).network(architecture, space.macro), weights)
  try {
    const classified = await classifyImages(network, new ImageBatches(dataset, dataset.test, imagesAtATime), stop)
    const confusion = confusionOf(dataset.classes, dataset.test.labels, classified.labels)
    const metrics: NetworkMetrics = {
      schema: 1,
      architecture,
      classNames: dataset.classNames,
      testAccuracy,
      validationAccuracy,
      testImages: dataset.test.count,
      confusion,
      accuracyByClass: accuracyByClass(confusion),
      curve,
      epoch,
      parameters: parameterCount(network.spec),
      flops: forwardFlops(network.spec),
      latency: measureLatencies(network, systemClock),
      engine: `${engine.name} ${engine.info.version} (${engine.info.device})`,
      hardware: describeHardware(),
      repetitions,
    }
    const surest = surestMistakes(dataset.test, classified, mostMistakes)
    return { metrics, mistakes: surest.map((mistake) => ({ ...mistake, png: picture(mistake.image, dataset) })) }
  } finally {
    network.dispose()
  }
}
