import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Split } from '../../src/datasets/dataset.js'
import { loadFashionMnist } from '../../src/datasets/fashion-mnist.js'
import { cachedImages } from '../../src/datasets/image-cache.js'
import type { RawImages } from '../../src/datasets/raw-images.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('image-cache')
const file = path.join(folder, 'images.bin')

const whole = await loadFashionMnist(undefined, {})
const first = (split: Split, count: number): Split => ({
  count,
  pixels: new Uint8Array(split.pixels.subarray(0, count * 784)),
  labels: new Uint8Array(split.labels.subarray(0, count)),
})
/** Real images, few enough to be written a hundred times. */
const few: RawImages = { ...whole, train: first(whole.train, 6), test: first(whole.test, 4) }

/** What the cache gives for `source`, and whether it had to build. */
async function load(source = 'package 1.0', made = few): Promise<{ images: RawImages; built: boolean }> {
  let built = false
  const images = await cachedImages(file, source, async () => {
    built = true
    return made
  })
  return { images, built }
}

/** The images as text, with a digest for pixels, so that a difference prints in a few lines. */
const plain = (images: RawImages) =>
  JSON.stringify(images, (_, value) =>
    value instanceof Uint8Array ? createHash('sha256').update(value).digest('hex') : value,
  )

beforeEach(() => rmSync(file, { force: true }))

describe('the image cache', () => {
  it('builds once and then gives back the same images', async () => {
    expect((await load()).built).toBe(true)
    const again = await load()
    expect(again.built).toBe(false)
    expect(plain(again.images)).toBe(plain(few))
    expect(readdirSync(folder)).toEqual(['images.bin'])
  })

  it('keeps validation images, too', async () => {
    const { test, ...rest } = few
    const made = { ...rest, validation: first(whole.test, 3), test }
    await load('with validation', made)
    const { built, images } = await load('with validation', made)
    expect([built, plain(images)]).toEqual([false, plain(made)])
  })

  it('builds anew from another source', async () => {
    await load()
    expect((await load('package 1.1')).built).toBe(true)
    expect((await load('package 1.1')).built).toBe(false)
  })

  it('notices any changed byte, builds anew and is whole again', async () => {
    await load()
    const sound = readFileSync(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (position, flip) => {
        const damaged = Buffer.from(sound)
        damaged[position] = (damaged[position] as number) ^ flip
        writeFileSync(file, damaged)
        const { images, built } = await load()
        expect(built).toBe(true)
        expect(plain(images)).toBe(plain(few))
        expect(readFileSync(file).equals(sound)).toBe(true)
      }),
    )
  })

  it('notices a file cut at any length', async () => {
    await load()
    const sound = readFileSync(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), async (length) => {
        writeFileSync(file, sound.subarray(0, length))
        expect((await load()).built).toBe(true)
      }),
    )
    for (let length = 0; length < 50; length++) {
      writeFileSync(file, sound.subarray(0, length))
      expect((await load()).built).toBe(true)
    }
  })

  /** The file with another header, or other labels, whose hash is right. */
  function forged(
    sound: Buffer,
    change: (header: Record<string, unknown>) => unknown,
    tail = (rest: Buffer) => rest,
  ): Buffer {
    const end = 44 + sound.readUInt32LE(40)
    const header = Buffer.from(JSON.stringify(change(JSON.parse(sound.toString('utf8', 44, end)))) ?? '')
    const length = Buffer.alloc(4)
    length.writeUInt32LE(header.length)
    const content = Buffer.concat([length, header, tail(Buffer.from(sound.subarray(end)))])
    return Buffer.concat([sound.subarray(0, 8), createHash('sha256').update(content).digest(), content])
  }

  it('believes no header that does not fit its pixels, though its hash is right', async () => {
    await load()
    const sound = readFileSync(file)
    writeFileSync(
      file,
      forged(sound, (header) => header),
    )
    expect((await load()).built).toBe(false)
    const keys = ['source', 'classNames', 'channels', 'height', 'width', 'trainCount', 'testCount']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.jsonValue(), async (key, value) => {
        // Other names fit as well: the labels are all 0.
        fc.pre(key !== 'classNames' || !Array.isArray(value) || value.some((name) => typeof name !== 'string'))
        const isSame =
          JSON.stringify(value) ===
          JSON.stringify(
            (JSON.parse(sound.toString('utf8', 44, 44 + sound.readUInt32LE(40))) as Record<string, unknown>)[key],
          )
        writeFileSync(
          file,
          forged(sound, (header) => ({ ...header, [key]: value })),
        )
        expect((await load()).built).toBe(!isSame)
      }),
      {
        numRuns: 200,
        examples: [
          ['height', 1e9],
          ['trainCount', 1],
          ['channels', 0.5],
          ['width', -28],
        ],
      },
    )
    for (const whole of [null, [], 'text', 5]) {
      writeFileSync(
        file,
        forged(sound, () => whole),
      )
      expect((await load()).built).toBe(true)
    }
  })

  it('believes no label of no class', async () => {
    await load()
    writeFileSync(
      file,
      forged(
        readFileSync(file),
        (header) => header,
        (rest) => rest.fill(10, rest.length - 1),
      ),
    )
    expect((await load()).built).toBe(true)
  })

  it('may be filled by several at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => load()))
    for (const { images } of all) expect(plain(images)).toBe(plain(few))
    expect(readdirSync(folder)).toEqual(['images.bin'])
    expect((await load()).built).toBe(false)
  })

  it('only warns where it cannot be written', async () => {
    const warnings: string[] = []
    const nowhere = path.join(folder, 'absent', 'images.bin')
    const images = await cachedImages(
      nowhere,
      'x',
      async () => few,
      (message) => warnings.push(message),
    )
    expect(images).toBe(few)
    expect(warnings).toEqual([expect.stringContaining(`${nowhere} could not be written`)])
  })
})
