import { mostImagePixels } from '../../limits.js'
import { tooManyPixels } from '../decoded-image.js'

/** One colour component of a frame. */
export interface Component {
  readonly id: number
  /** Sampling factors: the largest ones of a frame are those of full resolution. */
  readonly h: number
  readonly v: number
  readonly quantization: number
  /** Blocks of 8x8 that hold pixels. */
  readonly columns: number
  readonly rows: number
  /** Blocks that are stored: as many as whole units of all components have. */
  readonly storedColumns: number
  readonly storedRows: number
}

/** The frame header of a JPEG. */
export interface Frame {
  readonly isProgressive: boolean
  readonly width: number
  readonly height: number
  readonly maxH: number
  readonly maxV: number
  /** Units of all components, each of `h` times `v` blocks. */
  readonly unitColumns: number
  readonly unitRows: number
  readonly components: readonly Component[]
}

/** @throws Error unless it is a frame of 8 bits with 1, 3 or 4 components; DataError for too many pixels. */
export function parseFrame(content: Uint8Array, isProgressive: boolean): Frame {
  const view = new DataView(content.buffer, content.byteOffset, content.length)
  if (content.length < 6) throw new Error('its frame is cut off')
  const [precision, height, width, count] = [view.getUint8(0), view.getUint16(1), view.getUint16(3), view.getUint8(5)]
  if (precision !== 8) throw new Error(`it has ${precision} bits a value, and 8 are read`)
  if (width === 0 || height === 0) throw new Error(`it is of ${width} x ${height} pixels`)
  if (width * height > mostImagePixels) throw tooManyPixels(width, height)
  if ((count !== 1 && count !== 3 && count !== 4) || content.length < 6 + 3 * count) {
    throw new Error(`it has ${count} colour components, and 1, 3 or 4 are read`)
  }
  const sampled = Array.from({ length: count }, (_, i) => {
    const [id, factors, quantization] = [0, 1, 2].map((field) => view.getUint8(6 + 3 * i + field))
    return { id: id ?? 0, h: (factors ?? 0) >> 4, v: (factors ?? 0) & 15, quantization: quantization ?? 0 }
  })
  const areFactors = sampled.every(({ h, v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4)
  if (!areFactors || new Set(sampled.map(({ id }) => id)).size < count) throw new Error('its components are damaged')
  const maxH = Math.max(...sampled.map(({ h }) => h))
  const maxV = Math.max(...sampled.map(({ v }) => v))
  const unitColumns = Math.ceil(width / 8 / maxH)
  const unitRows = Math.ceil(height / 8 / maxV)
  const components = sampled.map((component) => ({
    ...component,
    columns: Math.ceil((Math.ceil(width / 8) * component.h) / maxH),
    rows: Math.ceil((Math.ceil(height / 8) * component.v) / maxV),
    storedColumns: unitColumns * component.h,
    storedRows: unitRows * component.v,
  }))
  return { isProgressive, width, height, maxH, maxV, unitColumns, unitRows, components }
}
