/** What a `.npy` file says of itself. */
export interface NpyOptions {
  /** As NumPy writes it: `|u1`, `<f4`... */
  readonly descr: string
  readonly shape: readonly number[]
  readonly fortran?: boolean
}

/** A `.npy` file of version 1 around the bytes of its elements. */
export function npyFile(data: Uint8Array, { descr, shape, fortran = false }: NpyOptions): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tuple}, }`
  const padded = `${text}${' '.repeat(63 - ((10 + text.length) % 64))}\n`
  const length = Buffer.alloc(2)
  length.writeUInt16LE(padded.length)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(padded, 'latin1'), data])
}

/** Bytes of images or labels, `[count, ...]`. */
export const bytesNpy = (data: Uint8Array, ...shape: readonly number[]): Uint8Array =>
  npyFile(data, { descr: '|u1', shape })

/** Float32 images. */
export const floatsNpy = (data: Float32Array, ...shape: readonly number[]): Uint8Array =>
  npyFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), { descr: '<f4', shape })

/** Images `[count, channels, height, width]`, each told from every other, and labels in turn. */
export function stripedImages(count: number, classes: number, channels: number, height: number, width: number) {
  const length = channels * height * width
  const pixels = Uint8Array.from({ length: count * length }, (_, i) => {
    const image = Math.floor(i / length)
    // The first two pixels number the image; the others follow its class.
    if (i % length === 0) return image % 256
    if (i % length === 1) return image >> 8
    return (((i % length) * (1 + (image % classes))) % 8) * 30 + (image % 7)
  })
  return { pixels, labels: Uint8Array.from({ length: count }, (_, i) => i % classes) }
}
