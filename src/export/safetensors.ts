import { ExportError } from '../platform/errors.js'
import type { WeightTensor } from './tensors.js'

/*
 * The format safetensors: the length of the header (8 bytes, little endian), the header as JSON, and the tensors one after
 * another. Only float32 is written here.
 */

interface TensorEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [from: number, to: number]
}

/** @param metadata texts for the header */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, WeightTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] } satisfies TensorEntry
    offset += values.byteLength
  }
  const text = JSON.stringify(header)
  // Spaces behind it, so that the tensors begin at a multiple of 8 bytes.
  const bytes = Buffer.byteLength(text)
  const padded = Buffer.from(text + ' '.repeat((8 - (bytes % 8)) % 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const data = [...tensors.values()].map(({ values: { buffer, byteLength, byteOffset } }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  )
  return Buffer.concat([length, padded, ...data])
}

/** @throws ExportError if the bytes are not those of `encodeSafetensors`. */
export function decodeSafetensors(bytes: Uint8Array): ReadonlyMap<string, WeightTensor> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 8 + Number(file.readBigUInt64LE(0))
  const { __metadata__: _, ...entries } = JSON.parse(file.toString('utf8', 8, start)) as Record<string, TensorEntry>
  return new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          data_offsets: [from, to],
          dtype,
          shape,
        },
      ]) => {
        const values = new Float32Array(Uint8Array.from(file.subarray(start + from, start + to)).buffer)
        if (dtype !== 'F32' || values.length !== shape.reduce((product, length) => product * length, 1)) {
          throw new ExportError(
            `The tensor ${name} of the safetensors file has another type or size than it was written with.`,
          )
        }
        return [name, { shape, values }]
      },
    ),
  )
}
