import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeImage } from '../../src/datasets/folders/decode/decode-image.js'
import { DataError } from '../../src/platform/errors.js'

const fixtures = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/images.json'), 'utf8')) as Readonly<
  Record<string, { readonly file: string }>
>

it('every format is read or refused, whatever is damaged, at little cost', async () => {
  const program = path.join(import.meta.dirname, '../../benchmarks/mutate-inputs.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--count', '330', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    total: { 'other error': 0, slow: 0, large: 0, crashed: 0 },
    found: [],
  })
})

it('a PNG whose checksums are right is read or refused, whatever else is wrong', async () => {
  const pngs = Object.keys(fixtures).filter((name) => name.startsWith('png'))
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...pngs),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (name, changes) => {
        const bytes = Buffer.from(fixtures[name]?.file ?? '', 'base64')
        for (const { at, to } of changes) bytes[8 + Math.floor(at * (bytes.length - 9))] = to
        for (let at = 8, end = 0; at + 12 <= bytes.length; at = end) {
          end = at + 12 + bytes.readUInt32BE(at)
          if (end > bytes.length) break
          bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end - 4)), end - 4)
        }
        const outcome: unknown = await decodeImage(bytes).catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DataError)
        else expect(outcome).toHaveProperty('pixels')
      },
    ),
    { numRuns: 500 },
  )
})
