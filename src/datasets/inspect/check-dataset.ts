import type { Dataset } from '../dataset.js'
import { type DatasetRequest, datasetLabel } from '../dataset-request.js'
import { loadDataset } from '../load-dataset.js'
import type { LoadHooks } from '../raw-images.js'
import { rawImagesLoader } from '../registry.js'
import { inSettings } from '../setting-words.js'
import { datasetProblems } from './dataset-problems.js'
import { type ImageFindings, inspectImages } from './inspect-images.js'
import { type ProposedSettings, proposeSettings } from './propose-settings.js'
import { fitsNetworks, proposedSize } from './proposed-size.js'

/** The result of `fear-nas data check`. */
export interface DatasetCheck extends ImageFindings {
  readonly kind: string
  /** Or the module. */
  readonly name: string
  readonly path: string | null
  /** null if no settings make the data usable. */
  readonly settings: ProposedSettings | null
  /** The images that the configuration uses; null without a configuration. */
  readonly taken: {
    readonly train: number
    readonly validation: number
    readonly test: number
    readonly fingerprint: string
  } | null
}

/** A data set to check, and how to read it. */
export interface CheckRequest extends Omit<DatasetRequest, 'train' | 'validation' | 'test' | 'seed'> {
  readonly kind: string
  /** The whole request of a configuration. */
  readonly configured?: DatasetRequest | undefined
}

/**
 * Reads a whole data set and checks every image.
 *
 * @throws DataError or ConfigError if it cannot be read, or not with this configuration.
 */
export async function checkDataset(request: CheckRequest, hooks: LoadHooks = {}): Promise<DatasetCheck> {
  const { kind, path, size, channels, labels, layout, splits, testShare, configured } = request
  const notes: string[] = []
  const watching: LoadHooks = { ...hooks, onWarning: (message) => notes.push(message) }
  const wanted = { path, train: 0, test: 0, size, channels, labels, layout, splits, testShare }
  const read = () => rawImagesLoader(request)({ ...wanted, settings: request.settings ?? {} }, watching)
  const raw = await (configured === undefined ? read() : inSettings(read))
  const findings = inspectImages(raw)
  const dataset = configured === undefined ? null : await loadDataset(configured, { onProgress: hooks.onProgress })
  return {
    kind,
    name: datasetLabel(request),
    path: path ?? null,
    ...findings,
    notes: [...notes, ...findings.notes],
    // Problems of the images that the configuration uses, as reported by a run.
    problems: dataset === null ? findings.problems : [...sizeProblems(dataset), ...datasetProblems(dataset)],
    settings: proposeSettings(request, findings, { size, channels, labels, layout, splits, testShare }),
    taken:
      dataset === null
        ? null
        : {
            train: dataset.train.count,
            validation: dataset.validation.count,
            test: dataset.test.count,
            fingerprint: dataset.fingerprint,
          },
  }
}

/** Problems for which a run is refused. */
function sizeProblems({ height, width }: Pick<Dataset, 'height' | 'width'>): readonly string[] {
  if (fitsNetworks({ height, width })) return []
  return [
    `networks need a height and width that are multiples of 4, and the images have ${width}x${height}: set data.size, such as ` +
      `${proposedSize({ height, width })}.`,
  ]
}
