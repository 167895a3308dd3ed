import { readFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { plainJpegHeader } from '../../../src/datasets/folders/decode/jpeg-header.js'
import { readBySharp } from '../../../src/datasets/folders/decode/sharp-decoder.js'
import { createRng } from '../../../src/platform/rng.js'

const images = path.join(import.meta.dirname, '../fixtures/images.json')
const fixtures = JSON.parse(readFileSync(images, 'utf8')) as Readonly<Record<string, { readonly file: string }>>
const bytesOf = (name: string): Buffer => Buffer.from(fixtures[name]?.file ?? '', 'base64')

const plain = [
  'jpeg-grey',
  'jpeg-colour',
  'jpeg-progressive',
  'jpeg-subsampled',
  'jpeg-rgb',
  'jpeg-grey-restart',
  'jpeg-grey-progressive-restart',
]

it.each(plain)('%s has the header that sharp reads', async (name) => {
  const header = plainJpegHeader(bytesOf(name))
  expect(header).not.toBeNull()
  expect(header).toEqual(await readBySharp(bytesOf(name)))
})

it('colour profiles are read over; images that may be turned, and those that are no plain JPEG, are left to sharp', async () => {
  const image = sharp(bytesOf('jpeg-colour'))
  const profiled = await image.clone().withIccProfile('p3').jpeg().toBuffer()
  expect(plainJpegHeader(profiled)).toEqual(await readBySharp(profiled))
  expect(plainJpegHeader(await image.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer())).toBeNull()
  for (const name of Object.keys(fixtures).filter((other) => !plain.includes(other))) {
    expect(plainJpegHeader(bytesOf(name)), name).toBeNull()
  }
})

it('a damaged header has the size and kind that sharp reads, or is left to sharp', async () => {
  const rng = createRng('jpeg header', 1)
  let compared = 0
  for (let i = 0; i < 2000; i++) {
    const bytes = bytesOf(plain[i % plain.length] as string)
    const end = bytes.indexOf(Buffer.of(0xff, 0xda))
    for (let change = rng.integer(3); change >= 0; change--) bytes[2 + rng.integer(end - 2)] = rng.integer(256)
    const header = plainJpegHeader(bytes)
    if (header === null) continue
    // sharp also refuses what only decoding needs, such as tables.
    const read = await readBySharp(bytes).catch(() => null)
    if (read === null) continue
    compared++
    expect(header).toEqual(read)
  }
  expect(compared).toBeGreaterThan(500)
})
