import type { SharpHeader } from './decoded-image.js'

const icc = Buffer.from('ICC_PROFILE\0', 'latin1')

/**
 * The header of a plain JPEG: with Huffman codes, of 8 bits, grey or in three colours. Null for any other, a damaged one,
 * and one with EXIF data, which may turn it: sharp reads those. Opening an image in sharp takes ten times as long, which
 * counts where the headers of all images are read first.
 */
export function plainJpegHeader(bytes: Uint8Array): SharpHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null
  let frame: { channels: 1 | 3; height: number; width: number } | null = null
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = view.getUint16(at)
    const length = view.getUint16(at + 2)
    // The scan: what decides about the pixels lies before it.
    if (marker === 0xffda) return frame && headerOf(frame)
    if (!isPlainSegment(marker) || length < 2 || at + 2 + length > bytes.length) return null
    const segment = bytes.subarray(at + 4, at + 2 + length)
    // Others in the same place are previews and gain maps.
    if (marker === 0xffe2 && !icc.equals(segment.subarray(0, icc.length))) return null
    if (marker >= 0xffc0 && marker <= 0xffc2) {
      const [bits, channels] = [segment[0], segment[5]]
      if (frame !== null || bits !== 8 || (channels !== 1 && channels !== 3) || length !== 8 + 3 * channels) return null
      frame = { channels, height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    }
    at += 2 + length
  }
  return null
}

/** Frames with Huffman codes, tables, comments and APP segments but APP1, where EXIF data lie. */
function isPlainSegment(marker: number): boolean {
  const isFrame = marker >= 0xffc0 && marker <= 0xffc2
  const isTable = marker === 0xffc4 || marker === 0xffdb || marker === 0xffdd
  return isFrame || isTable || marker === 0xfffe || (marker >= 0xffe0 && marker <= 0xffef && marker !== 0xffe1)
}

function headerOf(frame: { channels: 1 | 3; height: number; width: number }): SharpHeader {
  const space = frame.channels === 1 ? 'b-w' : 'srgb'
  return { ...frame, isTurned: false, stored: { format: 'jpeg', depth: 'uchar', space } }
}
