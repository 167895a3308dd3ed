import { DataError } from '../../platform/errors.js'
import type { FileSource } from '../file-tree/file-tree.js'
import type { ParquetFile } from './parquet-file.js'

/** The images of a column of Parquet files, by names such as `train.parquet: row 12`. */
export class ParquetImages implements FileSource {
  readonly #places = new Map<string, { readonly file: ParquetFile; readonly column: string; readonly row: number }>()
  /** The group of rows that was read last of each file: images are asked for in order. */
  readonly #groups = new Map<ParquetFile, { readonly start: number; readonly images: Promise<readonly unknown[]> }>()

  /** @returns the name of an image */
  add(file: ParquetFile, column: string, row: number): string {
    const name = `${file.file}: row ${row}`
    this.#places.set(name, { file, column, row })
    return name
  }

  async start(name: string, length: number): Promise<Uint8Array> {
    return (await this.read(name)).subarray(0, length)
  }

  async read(name: string): Promise<Uint8Array> {
    const place = this.#places.get(name)
    if (place === undefined) throw new DataError('there is no such row')
    const { column, file, row } = place
    const group = file.groups.findLastIndex((first) => first <= row)
    const [start = 0, end = file.rows] = file.groups.slice(group)
    const known = this.#groups.get(file)
    const images = known?.start === start ? known.images : file.values(column, start, end)
    if (known?.start !== start) this.#groups.set(file, { start, images })
    const value = (await images)[row - start]
    const bytes = value instanceof Uint8Array ? value : (value as { readonly bytes?: unknown } | null)?.bytes
    // A copy, since the bytes of all images of a group may lie in one piece of memory.
    if (bytes instanceof Uint8Array) return Uint8Array.from(bytes)
    throw new DataError('it holds no bytes of an image')
  }
}
