/** The beginning of a file, by which its format is told. */
export interface FileStart {
  /** In lower case, without its folder. */
  readonly name: string
  readonly bytes: Uint8Array
  /** The same as text, one character per byte. */
  readonly text: string
}

/** A format of files that fear-nas does not read. */
export interface UnreadFile {
  /** In words, for `it is ...`. The table in docs/data.md has the same words. */
  readonly is: string
  readonly matches: (start: FileStart) => boolean
  /** The next step, with the line that converts. */
  readonly next: (file: string) => string
  /** Whether the programs that write the format pack it by gzip: it is told by what is unpacked. */
  readonly isPacked?: true
}

/** Bytes at the beginning of a file that tell its format. */
export const formatBytes = 4096

type Matcher = UnreadFile['matches']

/** By the first characters. */
export function begins(...marks: readonly string[]): Matcher {
  return ({ text }) => marks.some((mark) => text.startsWith(mark))
}

/** By the characters at a place. */
export function hasAt(offset: number, ...marks: readonly string[]): Matcher {
  return ({ text }) => marks.some((mark) => text.startsWith(mark, offset))
}

/** By the end of the name. */
export function ends(...endings: readonly string[]): Matcher {
  return ({ name }) => endings.some((ending) => name.endsWith(ending))
}

/** Whether a file is text: no control characters but those of lines, tabs and pages. */
export function isText({ bytes }: FileStart): boolean {
  return bytes.length > 0 && !bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))
}

/** Whether a file is HTML or XML with an element or a type of its own. */
export function isMarkup({ text }: FileStart, element: RegExp): boolean {
  return /^(\xef\xbb\xbf)?\s*</.test(text) && element.test(text)
}
