import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { ArraySizeError, ByteReader } from '../../src/datasets/unpack.js'
import { openZip } from '../../src/datasets/zip.js'
import { DataError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('zip')

async function readAll(bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const file = path.join(folder, 'archive.zip')
  writeFileSync(file, bytes)
  const zip = await openZip(file)
  try {
    const files: Record<string, Uint8Array> = {}
    for (const entry of zip.entries) files[entry.name] = new Uint8Array(await zip.read(entry))
    return files
  } finally {
    await zip.close()
  }
}

describe('openZip', () => {
  it('reads what fflate packs, stored or deflated', async () => {
    const contents = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}\.npy$/), fc.uint8Array({ maxLength: 3000 }), {
      maxKeys: 4,
    })
    await fc.assert(
      fc.asyncProperty(contents, fc.constantFrom(0, 6) as fc.Arbitrary<0 | 6>, async (files, level) => {
        expect(await readAll(zipSync({ ...files }, { level }))).toEqual({ ...files })
      }),
      { numRuns: 50 },
    )
  })

  it.each([0, 6] as const)('refuses every damage to the content (level %i)', async (level) => {
    const content = Uint8Array.from({ length: 400 }, (_, i) => (i * i) % 251)
    const whole = zipSync({ 'a.npy': content }, { level })
    const start = 30 + 5
    const length = level === 0 ? 400 : whole.length - start - 46 - 5 - 22
    for (let at = start; at < start + length; at += 17) {
      const damaged = Uint8Array.from(whole)
      damaged[at] = (damaged[at] as number) ^ 16
      await expect(readAll(damaged), `byte ${at}`).rejects.toThrow(/a.npy in it is damaged/)
    }
  })

  it('refuses every beginning of an archive', async () => {
    const whole = zipSync({ 'a.npy': new Uint8Array(40) }, { level: 0 })
    for (let length = 0; length < whole.length; length += 9) {
      await expect(readAll(whole.subarray(0, length))).rejects.toThrow(DataError)
    }
  })

  it('reads or refuses an archive whose directory was changed, and takes no memory for what it claims', async () => {
    const whole = zipSync({ 'a.npy': new Uint8Array(40), 'b.npy': new Uint8Array(50) }, { level: 6 })
    const change = fc.record({ at: fc.nat(180), to: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = Uint8Array.from(whole)
        for (const { at, to } of changes) bytes[bytes.length - 1 - (at % bytes.length)] = to
        const error: unknown = await readAll(bytes).then(
          () => null,
          (reason: unknown) => reason,
        )
        if (error !== null) expect(error).toBeInstanceOf(DataError)
      }),
      { numRuns: 100 },
    )
  })
})

describe('ByteReader', () => {
  it('refuses more than an array may have, before it takes memory', async () => {
    const nothing = (async function* () {})()
    await expect(new ByteReader(nothing).read(2 ** 32)).rejects.toThrow(
      new ArraySizeError('it has 4294967296 bytes, more than the limit of 4294967295'),
    )
  })
})
