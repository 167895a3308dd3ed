import type { DatasetRequest } from '../dataset-request.js'
import type { ImageFindings } from './inspect-images.js'
import { fitsNetworks, keepsSize, proposedSize } from './proposed-size.js'

/** Proposed settings for `data:`; absent ones have their defaults. */
export type ProposedSettings = Pick<
  DatasetRequest,
  'name' | 'module' | 'settings' | 'path' | 'channels' | 'labels' | 'layout' | 'splits' | 'testShare'
> & {
  readonly size?: number
  readonly validation: number
}

/**
 * All official validation images, as many of each class; without any a fifth of the training images. At most 5,000,
 * or one of each class, and each class keeps one for training.
 */
function proposedValidation({ train, validation, classNames }: ImageFindings): number {
  const classes = classNames.length
  const most = Math.max(1, Math.floor(5000 / classes))
  if (validation !== null) return classes * Math.min(Math.min(...validation.perClass), most)
  return classes * Math.max(1, Math.min(Math.floor(Math.min(...train.perClass) / 5), most))
}

/**
 * Settings that read these images in the same way and make them usable for training; null if a class has fewer than two
 * training images.
 */
export function proposeSettings(
  { name, module, settings, path }: Pick<DatasetRequest, 'name' | 'module' | 'settings' | 'path'>,
  findings: ImageFindings,
  {
    size,
    channels,
    layout,
    splits,
    labels,
    testShare,
  }: Omit<DatasetRequest, 'name' | 'train' | 'validation' | 'test' | 'seed'>,
): ProposedSettings | null {
  if (Math.min(...findings.train.perClass) < 2) return null
  const kept = keepsSize(findings) ? undefined : proposedSize(findings)
  const asked = size != null && fitsNetworks({ height: size, width: size }) ? size : undefined
  const wanted = asked ?? kept
  return {
    name,
    ...(module === undefined ? {} : { module, settings }),
    ...(path === undefined ? {} : { path }),
    ...(wanted === undefined ? {} : { size: wanted }),
    ...(channels === undefined ? {} : { channels }),
    ...(layout === undefined ? {} : { layout }),
    ...(splits === undefined ? {} : { splits }),
    ...(labels === undefined ? {} : { labels }),
    ...(testShare === undefined ? {} : { testShare }),
    validation: proposedValidation(findings),
  }
}
