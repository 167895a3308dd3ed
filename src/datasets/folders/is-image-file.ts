import type { FileSource } from '../file-tree/file-tree.js'
import { imageKind, kindBytes } from './decode/image-kind.js'

/** Endings by which files are taken for images unread; the format itself is recognised by content. */
const imageEnding = /\.(png|jpe?g|jpe|jfif|gif|bmp|webp|tiff?|avif|heic|heif|p[bgnp]m)$/i

/** Whether a name has an ending of images. */
export function hasImageEnding(name: string): boolean {
  return imageEnding.test(name)
}

/** Whether a file is an image by its name or its content. */
export async function isImageFile(source: FileSource, file: string): Promise<boolean> {
  if (hasImageEnding(file)) return true
  try {
    return imageKind(await source.start(file, kindBytes)) !== null
  } catch {
    // Not to be read, so nothing is known of it but its name.
    return false
  }
}
