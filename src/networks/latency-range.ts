import type { SizeLimits } from './size.js'

/** Inclusive bounds on the seconds for one image; an absent one does not apply. */
export interface LatencyRange {
  readonly atLeastSeconds?: number | undefined
  readonly atMostSeconds?: number | undefined
}

/** Limits on a network: on its size, and on the time that it takes for one image on this machine. */
export type NetworkLimits = SizeLimits & { readonly latency?: LatencyRange | undefined }

/** Whether a measured latency is within a range. */
export function isFastEnough({ atLeastSeconds = 0, atMostSeconds = Infinity }: LatencyRange, seconds: number): boolean {
  return seconds >= atLeastSeconds && seconds <= atMostSeconds
}
