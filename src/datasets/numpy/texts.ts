import type { NumpyArray } from './numpy-array.js'

/** Whether the elements are texts: `U`, of characters of 4 bytes, or `S`, of bytes. */
export function isText(dtype: string): boolean {
  return /^[US]/.test(dtype)
}

/** Bytes of an element: a `U8` has 8 characters of 4 bytes. */
export function elementBytes(dtype: string): number {
  return Number(dtype.slice(1)) * (dtype.startsWith('U') ? 4 : 1)
}

/** Reads texts, without the zeros that fill them up; `S` as UTF-8. */
export function textReader({ dtype, isBigEndian, bytes }: NumpyArray): (i: number) => string {
  const length = elementBytes(dtype)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const decoder = new TextDecoder()
  return (i) => {
    if (dtype.startsWith('S')) {
      const text = bytes.subarray(i * length, (i + 1) * length)
      const end = text.findLastIndex((byte) => byte !== 0)
      return decoder.decode(text.subarray(0, end + 1))
    }
    let text = ''
    for (let at = i * length; at < (i + 1) * length; at += 4) {
      const code = view.getUint32(at, !isBigEndian)
      // A damaged file may hold anything.
      text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    }
    return text.replace(/\0+$/, '')
  }
}
