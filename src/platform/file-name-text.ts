const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The text of a file's name in an archive: UTF-8, or else a character for each byte, since archives do not say which
 * encoding it is. Then letters look wrong, but different names stay different.
 */
export function fileNameText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}
