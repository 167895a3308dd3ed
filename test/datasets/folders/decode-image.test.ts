import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage, readImageHeader, withChannels } from '../../../src/datasets/folders/decode/decode-image.js'
import { DataError } from '../../../src/platform/errors.js'
import { pngChunk, pngOf } from '../../support/hostile-files.js'

interface Fixture {
  readonly file: string
  readonly shape: readonly [number, number, number]
  readonly pixels: string
  readonly luma: string
}
/** Made by `fixtures/make-images.py` with Pillow 13.0.0: files, and the pixels that Pillow sees in them. */
const fixtures = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../fixtures/images.json'), 'utf8'),
) as Readonly<Record<string, Fixture>>
const names = Object.keys(fixtures)
const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')
const fixture = (name: string): Fixture => fixtures[name] as Fixture

/** The largest difference of two lists of bytes. */
const difference = (a: Uint8Array, b: Uint8Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)
}

async function failure(bytes: Uint8Array): Promise<string> {
  try {
    await decodeImage(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(DataError)
    return (error as Error).message
  }
  return 'no failure'
}

describe('decodeImage', () => {
  it.each(names.filter((name) => name !== 'avif'))('sees in %s what Pillow sees', async (name) => {
    const { file, shape, pixels, luma } = fixture(name)
    const image = await decodeImage(bytesOf(file))
    expect([image.channels, image.height, image.width]).toEqual(shape)
    expect(difference(image.pixels, bytesOf(pixels))).toBe(0)
    expect(difference(withChannels(image, 1).pixels, bytesOf(luma))).toBe(0)
  })

  it('sees in an AVIF image what Pillow sees, but for colours between those that are stored', async () => {
    const { file, shape, pixels } = fixture('avif')
    const image = await decodeImage(bytesOf(file))
    expect([image.channels, image.height, image.width]).toEqual(shape)
    const wanted = bytesOf(pixels)
    // The colours have half the resolution, and the libraries interpolate differently.
    expect(
      image.pixels.reduce((sum, value, i) => sum + Math.abs(value - (wanted[i] as number)), 0) / wanted.length,
    ).toBeLessThan(6)
    expect(difference(withChannels(image, 1).pixels, bytesOf(fixture('avif').luma))).toBeLessThanOrEqual(12)
  })

  it.each(names)('reads the size and kind of %s from its header', async (name) => {
    const { file, shape } = fixture(name)
    const [channels, height, width] = shape
    expect(await readImageHeader(bytesOf(file))).toMatchObject({ channels, height, width, isTurned: false })
  })

  it('turns an image as its EXIF data say', async () => {
    const data = Uint8Array.from({ length: 3 * 4 * 3 }, (_, i) => 7 * i)
    const image = sharp(data, { raw: { width: 4, height: 3, channels: 3 } })
    const turned = await image.withMetadata({ orientation: 6 }).png().toBuffer()
    expect(await readImageHeader(turned)).toMatchObject({ channels: 3, height: 4, width: 3, isTurned: true })
    const { height, width, pixels } = await decodeImage(turned)
    expect([height, width]).toEqual([4, 3])
    // A quarter turn clockwise: the first row is the first column from below.
    expect([0, 1, 2].map((x) => pixels[x])).toEqual([2, 1, 0].map((y) => data[y * 12]))
  })

  it('reads a JPEG with bytes between its segments, as every program does', async () => {
    const whole = bytesOf(fixture('jpeg-colour').file)
    const at = whole.indexOf(Buffer.of(0xff, 0xdb))
    const mixed = Buffer.concat([whole.subarray(0, at), Buffer.from('abc'), whole.subarray(at)])
    // Side by side, for reasons of failures get lost then.
    const images = await Promise.all([mixed, whole, mixed, mixed, mixed].map(decodeImage))
    for (const { pixels } of images) expect(difference(pixels, images[1]?.pixels ?? mixed)).toBe(0)
  })

  it('reads a PNG whose text has no name', async () => {
    const whole = bytesOf(fixture('png-colour-8').file)
    const odd = Buffer.concat([whole.subarray(0, 33), pngChunk('tEXt', Buffer.from('\0hello')), whole.subarray(33)])
    expect(difference((await decodeImage(odd)).pixels, (await decodeImage(whole)).pixels)).toBe(0)
  })

  it.each([
    ['P2 # text\n2 2\n15\n0 5\n10 15\n', [0, 85, 170, 255]],
    ['P1\n3 2\n1 0 1\n010\n', [0, 255, 0, 255, 0, 255]],
    ['P3 1 1 255 1 2 3', [1, 2, 3]],
    ['P5 2 1 65535\n\0\0\xff\xff', [0, 255]],
  ])('reads %j', async (text, pixels) => {
    expect([...(await decodeImage(Buffer.from(text, 'latin1'))).pixels]).toEqual(pixels)
  })

  it.each([1, 2, 4])('stretches grey of %i bits to bytes', async (depth) => {
    const most = 2 ** depth - 1
    const width = 5
    const values = Array.from({ length: 2 * width }, (_, i) => (i * 3) % (most + 1))
    const rowBytes = Math.ceil((width * depth) / 8)
    const rows = Buffer.alloc(2 * (1 + rowBytes))
    for (const [i, value] of values.entries()) {
      const bit = (i % width) * depth
      const at = Math.floor(i / width) * (1 + rowBytes) + 1 + (bit >> 3)
      rows[at] = (rows[at] ?? 0) | (value << (8 - depth - (bit & 7)))
    }
    const image = await decodeImage(greyPng(width, 2, depth, rows))
    expect([...image.pixels]).toEqual(values.map((value) => (value * 255) / most))
  })

  /** Saved by Pillow 12: 40x17 pixels of grey without and with restart markers, baseline and progressive. */
  const restarts = [
    [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO',
      'UlNSMj5aYVpQYEpRUk//wAALCAARACgBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABQf/xAAWEAADAAAAAAAAAAAAAAAAAAAABEH/',
      '2gAIAQEAAD8AnqcHk4OpweTg6nCEpweTg6nB5ODqcISnB5ODqcHk4Opw/9k=',
    ].join(''),
    [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO',
      'UlNSMj5aYVpQYEpRUk//wAALCAARACgBAREA/8QAFwABAQEBAAAAAAAAAAAAAAAABQcGA//EABYQAAMAAAAAAAAAAAAAAAAAAAAE',
      'Qf/dAAQAA//aAAgBAQAAPwCepweTg6nD/9BdODqcISnD/9HNpwdTg8nD/9LaJwhKcHk4f//T4JweTg6nD//Z',
    ].join(''),
    [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO',
      'UlNSMj5aYVpQYEpRUk//wgALCAARACgBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABAb/2gAIAQEAAAABnnue+Ee574R7nv8A/8QA',
      'FRABAQAAAAAAAAAAAAAAAAAAAAL/2gAIAQEAAQUChCEIQhCEIQhCH//EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEABj8Cf//E',
      'ABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEAAT8hcAAf/9oACAEBAAAAEDGN/8QAFRABAQAAAAAAAAAAAAAAAAAAAEH/2gAIAQEA',
      'AT8QhCEIQhCEIQhCH//Z',
    ].join(''),
    [
      '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO',
      'UlNSMj5aYVpQYEpRUk//wgALCAARACgBAREA/8QAFwABAQEBAAAAAAAAAAAAAAAABAYFA//dAAQAA//aAAgBAQAAAAGee7//0Fvh',
      'P//RzXP/AP/S2oR//9Pm9/8A/8QAFRABAQAAAAAAAAAAAAAAAAAAAAL/2gAIAQEAAQUChCH/0IQh/9GEIf/ShCH/04Qh/8QAFBAB',
      'AAAAAAAAAAAAAAAAAAAAEP/aAAgBAQAGPwJ//9B//9F//9J//9N//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABPyFH/9BH',
      '/9FH/9JH/9NH/9oACAEBAAAAED//0J//0X//0h//09//xAAVEAEBAAAAAAAAAAAAAAAAAAAAQf/aAAgBAQABPxCEIf/QhCH/0YQh',
      '/9KEIf/ThCH/2Q==',
    ].join(''),
  ]

  it.each(['baseline', 'progressive'])('reads a %s JPEG with restart markers as the one without', async (kind) => {
    const [without, withMarkers] = restarts.slice(kind === 'baseline' ? 0 : 2) as [string, string]
    const [a, b] = [await decodeImage(bytesOf(without)), await decodeImage(bytesOf(withMarkers))]
    expect([b.width, b.height, b.channels]).toEqual([40, 17, 1])
    expect(withMarkers).not.toBe(without)
    expect(difference(a.pixels, b.pixels)).toBe(0)
  })

  it('passes over the palette that a colour PNG may propose', async () => {
    const whole = bytesOf(fixture('png-colour-8').file)
    const end = 8 + 25
    const proposed = Buffer.concat([whole.subarray(0, end), pngChunk('PLTE', Buffer.of(1, 2, 3)), whole.subarray(end)])
    const [plain, other] = [await decodeImage(whole), await decodeImage(proposed)]
    expect(difference(plain.pixels, other.pixels)).toBe(0)
  })

  it.each([1, 2, 4, 8])('reads interlaced grey of %i bits', async (depth) => {
    const [width, height, most] = [11, 9, 2 ** depth - 1]
    const value = (x: number, y: number): number => (x * 5 + y * 3) % (most + 1)
    // Adam7: where each pass begins, and how far apart its pixels are.
    const passes = [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ] as const
    const rows: number[] = []
    for (const [left, top, stepX, stepY] of passes) {
      for (let y = top; y < height; y += stepY) {
        let bits = ''
        for (let x = left; x < width; x += stepX) bits += value(x, y).toString(2).padStart(depth, '0')
        const bytes = bits.match(/.{1,8}/g) ?? []
        if (bytes.length > 0) rows.push(0, ...bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)))
      }
    }
    const data = pngChunk('IDAT', deflateSync(Buffer.from(rows)))
    const image = await decodeImage(pngOf({ width, height, depth, interlace: 1 }, data))
    expect([...image.pixels]).toEqual(
      Array.from({ length: width * height }, (_, i) => (value(i % width, Math.floor(i / width)) * 255) / most),
    )
  })

  it('makes grey images colour by repeating them', async () => {
    const grey = await decodeImage(bytesOf(fixture('png-grey-8').file))
    const colour = withChannels(grey, 3)
    expect(colour.channels).toBe(3)
    for (const channel of [0, 1, 2]) {
      expect(difference(colour.pixels.subarray(channel * 35, (channel + 1) * 35), grey.pixels)).toBe(0)
    }
    expect(difference(withChannels(colour, 1).pixels, grey.pixels)).toBe(0)
  })

  it('refuses HEIC by its name', async () => {
    expect(await failure(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))).toMatch(
      /it is a HEIC image, which is not read \(PNG, JPEG, .*\): convert it to JPEG/,
    )
  })

  it('refuses an empty file and a text', async () => {
    expect(await failure(new Uint8Array(0))).toBe('it is empty')
    expect(await failure(Buffer.from('no image at all'))).toBe('it is not a known image format')
  })

  it('refuses images that are cut off', async () => {
    // A GIF may leave out rows.
    for (const name of names.filter((candidate) => !candidate.startsWith('gif'))) {
      const whole = bytesOf(fixture(name).file)
      for (const share of [0.1, 0.5, 0.8]) {
        expect(await failure(whole.subarray(0, Math.floor(share * whole.length))), `${share} of ${name}`).toMatch(
          /it is a damaged|not a known image format|it is empty/,
        )
      }
    }
  })

  it('never sees another image in a PNG in which a bit was changed', async () => {
    const whole = bytesOf(fixture('png-colour-8').file)
    const { pixels } = await decodeImage(whole)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: whole.length - 1 }), fc.nat(7), async (at, bit) => {
        const bytes = Buffer.from(whole)
        bytes[at] = (bytes[at] as number) ^ (1 << bit)
        const image = await decodeImage(bytes).catch((error: unknown) => error)
        if (image instanceof Error) expect(image).toBeInstanceOf(DataError)
        else expect(image).toHaveProperty('pixels', pixels)
      }),
    )
  })
})

/** A PNG of grey pixels whose rows, each with its filter byte, are given. */
function greyPng(width: number, height: number, depth: number, rows: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
