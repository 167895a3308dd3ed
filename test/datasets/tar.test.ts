import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTar, type TarFile } from '../../src/datasets/tar.js'
import { UnpackingBudget } from '../../src/datasets/unpack.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('tar')

/** Sizes around the block of 512 bytes, in folders, one with a path that only ustar's prefix can hold. */
const contents = new Map<string, Buffer>(
  [0, 1, 511, 512, 513, 5000].map((size) => [`data/f${size}.bin`, Buffer.alloc(size, size % 251)]),
)
contents.set(`data/${'long-folder/'.repeat(9)}leaf.txt`, Buffer.from('leaf'))
for (const [name, bytes] of contents) {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), bytes)
}
/** Made by the system's tar, so that the reader is not judged by a writer of our own. */
const archive = execFileSync('tar', ['--format=ustar', '-cf', '-', 'data'], { cwd: folder })

async function* inChunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length)
}

async function readAll(bytes: Uint8Array, chunk = 4096): Promise<TarFile[]> {
  const files: TarFile[] = []
  for await (const file of readTar(inChunks(bytes, chunk), {
    wants: () => true,
    mostFileBytes: 1e6,
    budget: new UnpackingBudget(1e6),
  }))
    files.push(file)
  return files
}

describe('readTar', () => {
  it('reads every file whatever the size of the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: archive.length + 1 }), async (chunk) => {
        const files = await readAll(archive, chunk)
        expect(files.map(({ name }) => name).sort()).toEqual([...contents.keys()].sort())
        for (const { name, bytes } of files) expect(Buffer.compare(bytes, contents.get(name) ?? Buffer.of())).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('reads names of any length', async () => {
    const name = `${'deep/'.repeat(40)}${'long'.repeat(60)}.bin`
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), 'leaf')
    for (const format of ['gnu', 'pax']) {
      const bytes = execFileSync('tar', [`--format=${format}`, '-cf', '-', 'deep'], { cwd: folder })
      const [file, ...others] = await readAll(bytes)
      expect(others).toEqual([])
      expect(file?.name, format).toBe(name)
      expect(bytes.toString('utf8', file?.offset, (file?.offset ?? 0) + (file?.size ?? 0))).toBe('leaf')
      expect(Buffer.from(file?.bytes ?? []).toString()).toBe('leaf')
    }
  })

  it('notices an archive that ends too early', async () => {
    const lastHeader = archive.length - (archive.length % 512) - 512
    const end = archive.subarray(0, lastHeader).findLastIndex((byte) => byte !== 0)
    for (const length of [0, 100, 512, 700, 3000, end - 1]) {
      await expect(readAll(archive.subarray(0, length))).rejects.toThrow('ends too early')
    }
  })

  it('notices a size that is no number, instead of waiting for its bytes', async () => {
    const damaged = execFileSync('tar', ['--format=ustar', '-cf', '-', 'data/f5000.bin'], { cwd: folder })
    // Neither octal nor base 256.
    damaged.fill(0x81, 124, 136)
    damaged.fill(' ', 148, 156)
    const sum = damaged.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    damaged.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    await expect(readAll(damaged)).rejects.toThrow('this is not a tar archive, or it is damaged')
  })

  it('notices any damaged byte of a header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(511), fc.integer({ min: 1, max: 255 }), async (position, flip) => {
        const damaged = Buffer.from(archive)
        damaged[position] = (damaged[position] as number) ^ flip
        // Within the checksum's own field some bytes, such as its trailing blank, carry no meaning.
        if (position >= 148 && position < 156) return
        await expect(readAll(damaged)).rejects.toThrow(/wrong checksum/)
      }),
    )
  })
})
