import { constants, crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

/** `bytes` zeros, packed raw, a thousandth as many bytes; made at once from a piece that is repeated. */
export function packedZeros(bytes: number): Buffer {
  const pieceBytes = 2 ** 24
  // After a full flush nothing refers to what was before, so that the same piece may follow.
  const piece = deflateRawSync(Buffer.alloc(pieceBytes), { finishFlush: constants.Z_FULL_FLUSH })
  const pieces = new Array<Buffer>(Math.floor(bytes / pieceBytes)).fill(piece)
  return Buffer.concat([...pieces, deflateRawSync(Buffer.alloc(bytes % pieceBytes))])
}

/** The same in zlib's format, as PNG has it. Its checksum is wrong: who reads so far has read too much. */
export const zlibZeros = (bytes: number): Buffer =>
  Buffer.concat([Buffer.of(0x78, 0x9c), packedZeros(bytes), Buffer.alloc(4)])

/** The same in gzip's, after `start`. */
export function gzipZeros(start: Buffer, bytes: number): Buffer {
  const header = gzipSync(Buffer.alloc(0)).subarray(0, 10)
  const first = deflateRawSync(start, { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([header, first, packedZeros(bytes), Buffer.alloc(8)])
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A PNG whose header says `width` x `height`, of `kind` (0: grey, 3: palette) and `depth` bits, with these chunks. */
export function pngOf(
  {
    width,
    height,
    kind = 0,
    depth = 8,
    interlace = 0,
  }: Readonly<Record<'width' | 'height', number>> & {
    readonly kind?: number
    readonly depth?: number
    readonly interlace?: number
  },
  ...chunks: readonly Buffer[]
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, kind, 0, 0, interlace], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, pngChunk('IHDR', header), ...chunks, pngChunk('IEND', Buffer.alloc(0))])
}

/** Grey image data of zeros. */
export const greyData = (width: number, height: number): Buffer =>
  pngChunk('IDAT', deflateSync(Buffer.alloc(height * (width + 1))))

/** A ZIP archive with one deflated entry that claims `size` bytes. */
export function zipOf(name: string, packed: Buffer, size: number): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(size, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end])
}

/** The header of a file in a tar archive. */
export function tarHeader(name: string, size: number, type = '0'): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 'latin1')
  header.write(`${size.toString(8).padStart(11, '0')} `, 124, 'latin1')
  header.write(' '.repeat(8), 148, 'latin1')
  header.write(type, 156, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

function jpegSegment(marker: number, content: Uint8Array): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0)
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

/** A grey JPEG that claims `width` x `height`, with the given scans behind its tables; every code is one bit. */
export function jpegOf(width: number, height: number, isProgressive: boolean, scans: readonly Buffer[]): Buffer {
  const frame = Buffer.of(8, 0, 0, 0, 0, 1, 1, 0x11, 0)
  frame.writeUInt16BE(height, 1)
  frame.writeUInt16BE(width, 3)
  const oneCode = (spec: number, symbol: number): Buffer =>
    Buffer.from([spec, 1, ...new Array<number>(15).fill(0), symbol])
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    jpegSegment(0xdb, Buffer.concat([Buffer.of(0), Buffer.alloc(64, 1)])),
    jpegSegment(isProgressive ? 0xc2 : 0xc0, frame),
    // DC: no difference. AC: no more in this and the next 2^14 to 2^15 blocks.
    jpegSegment(0xc4, Buffer.concat([oneCode(0x00, 0), oneCode(0x10, isProgressive ? 0xe0 : 0)])),
    ...scans,
    Buffer.of(0xff, 0xd9),
  ])
}

/** A scan of a grey JPEG. */
export function jpegScan(first: number, last: number, bits: number, data: Uint8Array): Buffer {
  return Buffer.concat([jpegSegment(0xda, Buffer.of(1, 1, 0, first, last, bits)), data])
}
