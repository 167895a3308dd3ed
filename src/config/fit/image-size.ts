import { fitsNetworks, proposedSize } from '../../datasets/inspect/proposed-size.js'
import type { Complaint } from '../issues.js'
import type { Images } from '../space-setup.js'

/** Why images cannot keep their size: networks halve them twice. */
export function checkImageSize({ height, width }: Pick<Images, 'height' | 'width'>): readonly Complaint[] {
  if (fitsNetworks({ height, width })) return []
  const sentence =
    `data.size is not set, and the images have ${width}x${height} pixels (width x height): networks halve them twice, so ` +
    `both must be multiples of 4. Set data.size, such as ${proposedSize({ height, width })}.`
  return [{ path: ['data', 'size'], sentence }]
}
