import { DataError } from '../../../platform/errors.js'
import { mostJpegCoefficientBytes } from '../../limits.js'
import type { Component, Frame } from './frame.js'
import { inverseDct } from './inverse-dct.js'
import type { BlockStore } from './scan.js'

/** The samples of one component, at its own resolution. */
export interface SamplePlane {
  readonly samples: Uint8Array
  /** Samples of a row. */
  readonly stride: number
}

/** Collects scans, then returns the samples. */
export interface FrameStore {
  /** The target of a scan's coefficients, which are multiplied by current or later `tables`. */
  storeFor(tables: QuantizationTables): BlockStore
  planes(tables: QuantizationTables): readonly SamplePlane[]
}

/** By their number; each in rows, as coefficients are. */
export type QuantizationTables = ReadonlyMap<number, Int32Array>

/**
 * Storage of a frame's blocks: as coefficients until the last scan for a progressive image, otherwise directly as
 * samples.
 */
export function frameStore(frame: Frame): FrameStore {
  return frame.isProgressive ? new CoefficientStore(frame) : new SampleStore(frame)
}

/** Converts blocks of a single scan to samples immediately, so that only samples are kept. */
class SampleStore implements FrameStore {
  readonly #planes: ReadonlyMap<Component, SamplePlane>

  constructor({ components }: Frame) {
    this.#planes = new Map(
      components.map((component) => {
        const stride = 8 * component.storedColumns
        return [component, { samples: new Uint8Array(stride * 8 * component.storedRows), stride }]
      }),
    )
  }

  storeFor(tables: QuantizationTables): BlockStore {
    const coefficients = new Int32Array(64)
    return {
      coefficients,
      begin: () => {
        coefficients.fill(0)
        return 0
      },
      end: (component, row, column) => {
        const { samples, stride } = this.#planes.get(component) as SamplePlane
        const table = tableOf(tables, component)
        for (let i = 0; i < 64; i++) coefficients[i] = (coefficients[i] as number) * (table[i] as number)
        inverseDct(coefficients, samples, 8 * (row * stride + column), stride)
      },
    }
  }

  planes(): readonly SamplePlane[] {
    return [...this.#planes.values()]
  }
}

/** Coefficients of all components; their samples in the end take the same memory. */
class CoefficientStore implements FrameStore {
  readonly #coefficients: Int16Array
  /** Where the coefficients of each component begin. */
  readonly #starts: ReadonlyMap<Component, number>

  constructor({ components }: Frame) {
    let length = 0
    this.#starts = new Map(
      components.map((component) => {
        const start = length
        length += 64 * component.storedColumns * component.storedRows
        return [component, start]
      }),
    )
    if (2 * length > mostJpegCoefficientBytes) {
      throw new DataError(
        `it is progressive, and its coefficients take ${2 * length} bytes, of which at most ${mostJpegCoefficientBytes} are ` +
          'kept: save it as a baseline JPEG, or smaller',
      )
    }
    this.#coefficients = new Int16Array(length)
  }

  storeFor(): BlockStore {
    return {
      coefficients: this.#coefficients,
      begin: (component, row, column) =>
        (this.#starts.get(component) as number) + 64 * (row * component.storedColumns + column),
      end: () => {},
    }
  }

  planes(tables: QuantizationTables): readonly SamplePlane[] {
    return [...this.#starts].map(([component, start]) => this.#plane(component, start, tableOf(tables, component)))
  }

  /**
   * The samples of a component in the memory of its coefficients. 8 rows of samples take half the bytes of their
   * coefficients, so that only those of the very rows that are being made must be held apart.
   */
  #plane({ storedColumns, storedRows }: Component, start: number, table: Int32Array): SamplePlane {
    const stride = 8 * storedColumns
    const samples = new Uint8Array(this.#coefficients.buffer, 2 * start, stride * 8 * storedRows)
    const band = new Uint8Array(8 * stride)
    const block = new Int32Array(64)
    for (let row = 0; row < storedRows; row++) {
      for (let column = 0; column < storedColumns; column++) {
        const from = start + 64 * (row * storedColumns + column)
        for (let i = 0; i < 64; i++) block[i] = (this.#coefficients[from + i] as number) * (table[i] as number)
        inverseDct(block, band, 8 * column, stride)
      }
      samples.set(band, row * band.length)
    }
    return { samples, stride }
  }
}

function tableOf(tables: QuantizationTables, { quantization }: Component): Int32Array {
  const table = tables.get(quantization)
  if (table === undefined) throw new Error('a quantization table is missing')
  return table
}
