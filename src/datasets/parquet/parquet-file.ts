import { close, fstatSync } from 'node:fs'
import { promisify } from 'node:util'
import type { AsyncBuffer, Compressors, FileMetaData, SchemaTree } from 'hyparquet'
import { ConfigError, DataError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { openPlainFile } from '../../platform/plain-file.js'
import { readAt } from '../../platform/read-at.js'
import { mostParquetFooterBytes, mostParquetGroupBytes } from '../limits.js'

const closeDescriptor = promisify(close)

/** A column at the top of a table. */
export interface ParquetColumn {
  readonly name: string
  /** `struct`: of `bytes`, and other fields. */
  readonly kind: 'struct' | 'bytes' | 'value' | 'other'
}

/** An open Parquet file. */
export interface ParquetFile {
  readonly file: string
  readonly rows: number
  readonly columns: readonly ParquetColumn[]
  /** Bytes of images in it, unpacked. */
  bytesOf(column: string): number
  /** Names of the classes of columns, as Hugging Face's `datasets` writes them. */
  readonly classNames: ReadonlyMap<string, readonly string[]>
  readonly version: readonly number[]
  /** The values of a column from row `start` up to `end`. */
  values(column: string, start: number, end: number): Promise<readonly unknown[]>
  /** The first row of each group of rows that are stored together, and the number of rows. */
  readonly groups: readonly number[]
  close(): Promise<void>
}

type Library = typeof import('hyparquet') & { readonly compressors: Compressors }
let loading: Promise<Library> | null = null

/** Loads the library when the first file is opened, since most runs need none. */
async function library(): Promise<Library> {
  loading ??= Promise.all([import('hyparquet'), import('hyparquet-compressors')]).then(([reader, { compressors }]) => ({
    ...reader,
    compressors: bounded(compressors),
  }))
  return loading.catch((cause: unknown) => {
    throw new ConfigError(
      `Parquet is read by the package hyparquet, which cannot be loaded (${messageOf(cause).split('\n')[0]}). Install ` +
        'fear-nas again.',
      { cause },
    )
  })
}

/** A page may claim any size. */
function bounded(compressors: Compressors): Compressors {
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, length: number) => {
        if (length > mostParquetGroupBytes) throw new DataError(`a page of it claims ${length} bytes`)
        return unpack(input, length)
      },
    ]),
  )
}

/**
 * Opens a Parquet file.
 *
 * @throws DataError `FILE: problem` for one that is damaged or whose groups of rows are too large; FileKindError for anything
 * but a plain file.
 */
export async function openParquet(file: string): Promise<ParquetFile> {
  const { compressors, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await library()
  const descriptor = openPlainFile(file)
  const { size, mtimeMs, ctimeMs } = fstatSync(descriptor)
  const buffer: AsyncBuffer = {
    byteLength: size,
    slice: (start, end = size) => {
      const bytes = readPiece(descriptor, size, start, end)
      // The library asks for many pieces at once; when one fails, nobody waits for the others.
      bytes.catch(() => {})
      return bytes
    },
  }
  const damaged = (cause: unknown): never => {
    if (cause instanceof ConfigError) throw cause
    throw new DataError(`${file}: it is a damaged Parquet file (${messageOf(cause)}). Download or write it again.`, {
      cause,
    })
  }
  try {
    const metadata = await parquetMetadataAsync(buffer, { geoparquet: false })
    const columns = parquetSchema(metadata).children.map(columnOf)
    return {
      file,
      rows: Number(metadata.num_rows),
      columns,
      bytesOf: (column) => groupBytes(metadata, column).reduce((sum, bytes) => sum + bytes, 0),
      classNames: classNamesOf(metadata),
      version: [size, mtimeMs, ctimeMs],
      groups: groupStarts(metadata),
      async values(column, start, end) {
        checkGroups(file, groupBytes(metadata, column))
        const options = {
          file: buffer,
          metadata,
          compressors,
          columns: [column],
          rowStart: start,
          rowEnd: end,
          utf8: false,
        }
        const rows = await parquetReadObjects(options).catch(damaged)
        if (rows.length !== end - start) damaged(new Error(`rows ${start} to ${end} are not there`))
        return rows.map((row) => row[column])
      },
      close: () => closeDescriptor(descriptor),
    }
  } catch (error) {
    await closeDescriptor(descriptor)
    return damaged(error)
  }
}

async function readPiece(descriptor: number, size: number, start: number, end: number): Promise<ArrayBuffer> {
  const isWithin = start >= 0 && end >= start && end <= size
  const bytes = new ArrayBuffer(isWithin ? end - start : 0)
  if (isWithin && (await readAt(descriptor, new Uint8Array(bytes), start))) return bytes
  throw new DataError('it is cut off')
}

function columnOf({ element, children }: SchemaTree): ParquetColumn {
  const { name, repetition_type: repetition, type } = element
  // Its types say otherwise, but the library does not check them.
  if (typeof name !== 'string') throw new DataError('a column of it has no name')
  if (repetition === 'REPEATED') return { name, kind: 'other' }
  const hasBytes = children.some((child) => child.element.name === 'bytes' && child.element.type === 'BYTE_ARRAY')
  if (children.length > 0) return { name, kind: hasBytes ? 'struct' : 'other' }
  const isText = element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING'
  return { name, kind: type === 'BYTE_ARRAY' && !isText ? 'bytes' : 'value' }
}

/** Unpacked bytes of a column in each group of rows. */
function groupBytes({ row_groups }: FileMetaData, column: string): readonly number[] {
  return row_groups.map(({ columns }) =>
    columns
      .filter(({ meta_data }) => meta_data?.path_in_schema[0] === column)
      .reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0),
  )
}

function groupStarts({ row_groups }: FileMetaData): readonly number[] {
  const starts = [0]
  for (const { num_rows } of row_groups) starts.push((starts.at(-1) ?? 0) + Number(num_rows))
  return starts
}

/** @throws DataError for groups that would take too much memory. */
function checkGroups(file: string, groups: readonly number[]): void {
  const largest = Math.max(...groups)
  if (largest <= mostParquetGroupBytes) return
  throw new DataError(
    `${file}: its images come in groups of up to ${largest} bytes, and at most ${mostParquetGroupBytes} are read at once. ` +
      `Write it with smaller ones: python -c "import pyarrow.parquet as p; f = '${file}'; p.write_table(p.read_table(f), f, row_group_size=1000)"`,
  )
}

function classNamesOf({ key_value_metadata = [] }: FileMetaData): ReadonlyMap<string, readonly string[]> {
  const text = key_value_metadata.find(({ key }) => key === 'huggingface')?.value
  if (text === undefined || text.length > mostParquetFooterBytes) return new Map()
  try {
    const features: unknown = JSON.parse(text)?.info?.features
    return new Map(
      Object.entries(features ?? {}).flatMap(([column, feature]) => {
        const names: unknown = feature?._type === 'ClassLabel' ? feature.names : null
        return Array.isArray(names) && names.every((name) => typeof name === 'string') ? [[column, names]] : []
      }),
    )
  } catch {
    // Without names the numbers are the names.
    return new Map()
  }
}
