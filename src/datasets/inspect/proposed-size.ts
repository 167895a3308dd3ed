/** Maximum proposed size; larger images take hours and gigabytes to train on. */
const largestProposed = 64
/** Images up to this size may keep it. */
const largestKept = 96

/** A valid square size: the smaller side rounded to a multiple of 4, at most 64. */
export function proposedSize({ height, width }: { readonly height: number; readonly width: number }): number {
  return Math.max(4, Math.min(largestProposed, 4 * Math.round(Math.min(height, width) / 4)))
}

/** Whether networks support images of this size. */
export function fitsNetworks({ height, width }: { readonly height: number; readonly width: number }): boolean {
  return height % 4 === 0 && width % 4 === 0
}

/** Whether images may keep their size, in a first configuration. */
export function keepsSize(size: { readonly height: number; readonly width: number }): boolean {
  return fitsNetworks(size) && Math.max(size.height, size.width) <= largestKept
}
