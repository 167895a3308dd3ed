import { forwardFlops } from './flops.js'
import type { NetworkSpec } from './network-spec.js'
import { parameterCount } from './parameters.js'

/** How large a network is. */
export interface NetworkSize {
  /** Trainable parameters. */
  readonly params: number
  /** Forward FLOPs of one image; a multiply-add is two. */
  readonly flops: number
}

export const sizeUnits = ['params', 'flops'] as const satisfies readonly (keyof NetworkSize)[]

export function networkSize(spec: NetworkSpec): NetworkSize {
  return { params: parameterCount(spec), flops: forwardFlops(spec) }
}

/** Bounds that belong to the range, whole numbers; an absent one does not count. */
export interface SizeRange {
  readonly atLeast?: number | undefined
  readonly atMost?: number | undefined
}

/** What a network may be; an absent range allows anything. */
export type SizeLimits = Readonly<Partial<Record<keyof NetworkSize, SizeRange | undefined>>>

/** Whether a network is within `limits`. Counts only what is limited. */
export function isWithin(spec: NetworkSpec, { params, flops }: SizeLimits): boolean {
  return (
    (params === undefined || contains(params, parameterCount(spec))) &&
    (flops === undefined || contains(flops, forwardFlops(spec)))
  )
}

function contains({ atLeast = 0, atMost = Infinity }: SizeRange, size: number): boolean {
  return size >= atLeast && size <= atMost
}
