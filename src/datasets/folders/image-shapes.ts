import { ConfigError } from '../../platform/errors.js'
import { worded } from '../../platform/wording.js'
import { freeUnpackedBytes, mostDatasetBytes, mostDecodedRatio } from '../limits.js'
import { settingWords as words } from '../setting-words.js'
import type { DecodedImage, ImageHeader } from './decode/decoded-image.js'

/** The shape of images in memory. */
export type Shape = Pick<DecodedImage, 'channels' | 'height' | 'width'>

interface WantedShape {
  readonly size: number | null
  readonly channels: 1 | 3 | undefined
}

/**
 * The one shape of all images.
 *
 * @param headers by file
 * @throws ConfigError if they differ in size or kind and no setting says how to convert them, naming files of each.
 */
export function commonShape(
  root: string,
  headers: ReadonlyMap<string, ImageHeader>,
  { size, channels }: WantedShape,
): Shape {
  const sizes = new Map<string, Alike>()
  const kinds: Record<1 | 3, Alike> = { 1: noImages, 3: noImages }
  let smallest = Infinity
  for (const [file, header] of headers) {
    const { height, width } = header
    const text = `${width}x${height}`
    sizes.set(text, oneMore(sizes.get(text) ?? noImages, file))
    kinds[header.channels] = oneMore(kinds[header.channels], file)
    smallest = Math.min(smallest, height, width)
  }
  if (size === null && sizes.size > 1) {
    const common = [...sizes].sort(([, a], [, b]) => b.count - a.count)
    const shown = common.slice(0, 3).map(([text, { count }]) => `${count} of ${text}`)
    const [odd, { first }] = common.at(-1) as (typeof common)[number]
    const proposal = Math.max(4, Math.min(64, 4 * Math.floor(smallest / 4)))
    throw new ConfigError(
      worded`${root}: its images have ${sizes.size} sizes (${shown.join(', ')}; ${first} has ${odd}). Set ${words.size}, such as ${proposal}, to which all are resized.`,
    )
  }
  if (channels === undefined && kinds[1].count > 0 && kinds[3].count > 0) {
    const [rare, what] = kinds[1].count < kinds[3].count ? [kinds[1], 'grey'] : [kinds[3], 'in colour']
    throw new ConfigError(
      worded`${root}: ${kinds[1].count} of its images are grey and ${kinds[3].count} colour (${rare.first} is ${what}). Set ${words.channels} to 1 (grey) or 3 (colour).`,
    )
  }
  const [first] = headers.values()
  const side = size ?? undefined
  return {
    channels: channels ?? first?.channels ?? 1,
    height: side ?? first?.height ?? 0,
    width: side ?? first?.width ?? 0,
  }
}

/** Images with something in common: how many, and the first. */
interface Alike {
  readonly count: number
  readonly first: string
}

const noImages: Alike = { count: 0, first: '' }
const oneMore = ({ count, first }: Alike, file: string): Alike => ({
  count: count + 1,
  first: count === 0 ? file : first,
})

/**
 * Checks the memory that images take, before it is allocated. Images of a single colour compress to almost nothing: a
 * folder of few bytes could fill the memory.
 *
 * @param fileBytes of all image files together
 * @throws ConfigError that names the limit.
 */
export function checkDecodedBytes(
  root: string,
  images: number,
  { channels, height, width }: Shape,
  fileBytes: number,
): void {
  const bytes = images * channels * height * width
  if (bytes > mostDatasetBytes) {
    throw new ConfigError(
      worded`${root}: its ${images} images of ${width}x${height} pixels take ${bytes} bytes, and at most ${mostDatasetBytes} are kept. Set ${words.size} to a smaller number, such as 64.`,
    )
  }
  if (bytes <= Math.max(freeUnpackedBytes, mostDecodedRatio * fileBytes)) return
  throw new ConfigError(
    worded`${root}: ${fileBytes} bytes of its images decode to ${bytes}, and at most ${freeUnpackedBytes} are kept, or ${mostDecodedRatio} times their files. Set ${words.size}, such as 64, to which all are resized.`,
  )
}
