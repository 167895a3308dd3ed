import { bytesText } from '../platform/bytes-text.js'
import { counted } from '../platform/count.js'
import { ConfigError } from '../platform/errors.js'
import { memoryLimitBytes } from '../platform/memory.js'
import { either, worded } from '../platform/wording.js'
import { settingWords } from './setting-words.js'

/** Images of one size, one byte per channel and pixel. */
export interface ImageBulk {
  readonly images: number
  readonly channels: number
  readonly height: number
  readonly width: number
}

/**
 * Refuses images that do not fit into this machine's memory, before allocating it.
 *
 * @throws ConfigError that names the settings.
 */
export function requireMemory(
  name: string,
  { images, channels, height, width }: ImageBulk,
  memoryBytes = memoryLimitBytes(),
): void {
  const bytes = images * channels * height * width
  if (bytes <= memoryBytes) return
  throw new ConfigError(
    worded`${name}: ${images} images of ${width}x${height} pixels and ${counted(channels, 'channel')} take ${bytesText(bytes)}, and this machine has ${bytesText(memoryBytes)}. Set a lower ${settingWords.size}, or take fewer images${either(' (data.train, data.validation, data.test)', '')}.`,
  )
}
