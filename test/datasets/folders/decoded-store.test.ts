import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecodedStore, imageKey, readStore, writeStore } from '../../../src/datasets/folders/decoded-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const file = path.join(temporaryFolder('store'), 'store.bin')
const store: DecodedStore = {
  shape: { channels: 3, height: 2, width: 4 },
  keys: ['a', 'b', 'c'].map((name) => imageKey([name, 1])),
  isTurned: Uint8Array.of(0, 1, 0),
  pixels: Uint8Array.from({ length: 72 }, (_, i) => 3 * i),
}
const plain = (read: DecodedStore | null) => read && { ...read, isTurned: [...read.isTurned], pixels: [...read.pixels] }

describe('the store of decoded images', () => {
  it('gives back what was written', () => {
    writeStore(file, 'settings', store)
    expect(plain(readStore(file, 'settings'))).toEqual(plain(store))
  })

  it('is not read with other settings, or if there is none', () => {
    expect(readStore(file, 'others')).toBeNull()
    expect(readStore(`${file}.none`, 'settings')).toBeNull()
  })

  it('is not read if any byte was changed, or if it was cut off', () => {
    const whole = readFileSync(file)
    const damaged = `${file}.damaged`
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(whole)
        bytes[at] = (bytes[at] as number) ^ change
        writeFileSync(damaged, bytes)
        expect(readStore(damaged, 'settings')).toBeNull()
        writeFileSync(damaged, whole.subarray(0, at))
        expect(readStore(damaged, 'settings')).toBeNull()
      }),
    )
  })

  it('that cannot be written is a warning', () => {
    const warnings: string[] = []
    writeStore(path.join(file, 'below-a-file.bin'), 'settings', store, (text) => warnings.push(text))
    expect(warnings).toEqual([expect.stringContaining('could not be written, so the data will be decoded again')])
  })
})
