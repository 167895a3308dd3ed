import { forwardFlops } from './flops.js'
import type { NetworkSpec } from './network-spec.js'
import { parameterCount } from './parameters.js'

/** The size of a network. */
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

/** Inclusive bounds, whole numbers; an absent one does not apply. */
export interface SizeRange {
  readonly atLeast?: number | undefined
  readonly atMost?: number | undefined
}

/** Limits on the size of a network; an absent range allows any value. */
export type SizeLimits = Readonly<Partial<Record<keyof NetworkSize, SizeRange | undefined>>>

/** Whether a network is within `limits`. Computes only the limited quantities. */
export function isWithinLimits(spec: NetworkSpec, { params, flops }: SizeLimits): boolean {
  return (
    (params === undefined || contains(params, parameterCount(spec))) &&
    (flops === undefined || contains(flops, forwardFlops(spec)))
  )
}

function contains({ atLeast = 0, atMost = Infinity }: SizeRange, size: number): boolean {
  return size >= atLeast && size <= atMost
}
