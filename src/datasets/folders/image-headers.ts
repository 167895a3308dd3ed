import { ConfigError, DataError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { FileKindError } from '../../platform/plain-file.js'
import type { FileSource } from '../file-tree/file-tree.js'
import { readImageHeader } from './decode/decode-image.js'
import type { ImageHeader } from './decode/decoded-image.js'

/** Enough for the header of nearly every image; the others are read whole. */
const headerBytes = 64 * 1024

/**
 * Reads the header of an image file.
 *
 * @throws DataError, FileKindError or the system's error for a file that cannot be read; ConfigError without a decoder.
 */
export async function readFileHeader(source: FileSource, file: string): Promise<ImageHeader> {
  const start = await source.start(file, headerBytes)
  try {
    return await readImageHeader(start)
  } catch (error) {
    if (!(error instanceof DataError) || start.length < headerBytes) throw error
    return readImageHeader(await source.read(file))
  }
}

/** Image files that cannot be read, each with the reason. */
export class BrokenImages {
  readonly #root: string
  readonly #reasons: string[] = []

  constructor(root: string) {
    this.#root = root
  }

  get count(): number {
    return this.#reasons.length
  }

  /** Notes an error; one that every image would have is thrown again. */
  add(file: string, error: unknown): void {
    if (error instanceof ConfigError) throw error
    const reason = messageOf(error)
    // Errors of the file already have its name.
    this.#reasons.push(error instanceof FileKindError ? reason : `${file}: ${reason}`)
  }

  /** @throws DataError with all of them counted and the first few named, if there are any. */
  check(images: number): void {
    const reasons = this.#reasons
    if (reasons.length === 0) return
    const more = reasons.length > mostNamed ? [`and ${reasons.length - mostNamed} more`] : []
    throw new DataError(
      [
        `${this.#root}: ${reasons.length} of ${images} images cannot be read. Repair, convert or remove them.`,
        ...[...reasons.sort().slice(0, mostNamed), ...more].map((line) => `  ${line}`),
      ].join('\n'),
    )
  }
}

/** Maximum number of broken images to name. */
const mostNamed = 5
