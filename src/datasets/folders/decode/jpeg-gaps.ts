/**
 * A JPEG without the bytes that some programs leave between its segments, which libjpeg calls damage and reads all the
 * same; null if there are none. Only segments before the first scan are looked at.
 */
export function withoutGaps(bytes: Uint8Array): Uint8Array | null {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  let at = 2
  let hasGap = false
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] as number
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff) {
      hasGap ||= bytes[at] !== 0xff
      at++
      continue
    }
    // Start of scan: image data follow.
    if (marker === 0xda) return hasGap ? Buffer.concat([...kept, bytes.subarray(at)]) : null
    const end = at + 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
    kept.push(bytes.subarray(at, end))
    at = end
  }
  return null
}
