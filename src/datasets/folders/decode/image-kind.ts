/** The formats that are decoded. */
export const imageKinds = ['PNG', 'JPEG', 'GIF', 'BMP', 'WebP', 'TIFF', 'AVIF', 'PNM'] as const
export type ImageKind = (typeof imageKinds)[number]

/** Bytes at the beginning of a file that tell its kind. */
export const kindBytes = 32

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** The kind of an image by its first bytes, whatever its name; `HEIC` is known, but not decoded; null: no image. */
export function imageKind(bytes: Uint8Array): ImageKind | 'HEIC' | null {
  if (pngSignature.equals(bytes.subarray(0, 8))) return 'PNG'
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'JPEG'
  const start = Buffer.from(bytes.subarray(0, kindBytes)).toString('latin1')
  if (/^GIF8[79]a/.test(start)) return 'GIF'
  if (start.startsWith('BM')) return 'BMP'
  if (/^RIFF.{4}WEBP/s.test(start)) return 'WebP'
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return 'TIFF'
  // Portable bitmap, greymap and pixmap, as text and as bytes.
  if (/^P[1-6]\s/.test(start)) return 'PNM'
  if (start.slice(4, 8) !== 'ftyp') return null
  // The brand, or one of those that it is compatible with.
  if (/avi[fs]/.test(start.slice(8))) return 'AVIF'
  return /hei[cfms]|hev[cms]|mif1|msf1/.test(start.slice(8)) ? 'HEIC' : null
}
