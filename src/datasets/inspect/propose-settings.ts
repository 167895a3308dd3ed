import type { DatasetRequest } from '../dataset.js'
import { type ImageFindings, proposedSize } from './inspect-images.js'
import type { Recognised } from './recognise.js'

/** What `data:` of a configuration would say; what is left out has its default. */
export type ProposedSettings = Pick<DatasetRequest, 'name' | 'path' | 'channels' | 'layout' | 'testShare'> & {
  readonly size?: number
  readonly validation: number
}

/** A fifth of the training images, at most 5,000, as many of each class. */
function proposedValidation({ train, classNames }: ImageFindings): number {
  const classes = classNames.length
  const perClass = Math.floor(Math.min(Math.min(...train.perClass) / 5, 5000 / classes))
  return classes * Math.max(1, perClass)
}

/** Settings that read these images as they were read, and with which networks can be trained on them. */
export function proposeSettings(
  { name, path }: Pick<Recognised, 'name'> & { readonly path: string | undefined },
  findings: ImageFindings,
  { size, channels, layout, testShare }: Omit<DatasetRequest, 'name' | 'train' | 'validation' | 'test' | 'seed'>,
): ProposedSettings {
  const fits = findings.height % 4 === 0 && findings.width % 4 === 0
  const wanted = fits ? (size ?? undefined) : proposedSize(findings)
  return {
    name,
    ...(path === undefined ? {} : { path }),
    ...(wanted === undefined ? {} : { size: wanted }),
    ...(channels === undefined ? {} : { channels }),
    ...(layout === undefined ? {} : { layout }),
    ...(testShare === undefined ? {} : { testShare }),
    validation: proposedValidation(findings),
  }
}
