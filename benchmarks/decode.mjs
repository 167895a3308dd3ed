/**
 * How long it takes to decode a folder of photos and to resize them to 64x64: one after the other, and as a data set is
 * read, several at a time. Alternating rounds; medians, in milliseconds per image.
 *
 *   npm run build && node benchmarks/decode.mjs [IMAGES]
 *   taskset -c 0 node benchmarks/decode.mjs            # on one core
 *
 * "cpu" is the processor time of all threads, which other programs on the machine change less. "sharp alone" is the least
 * that decoding takes: sharp's pixels of files in memory, one after the other, not resized.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { diskTree } from '../dist/datasets/file-tree/disk-tree.js'
import { decodeFitted } from '../dist/datasets/folders/decode/decode-image.js'
import { decodeAll } from '../dist/datasets/folders/decode-all.js'
import { readFileHeader } from '../dist/datasets/folders/image-headers.js'
import { describeHardware } from '../dist/platform/hardware.js'
import { createRng } from '../dist/platform/rng.js'

const count = Number(process.argv[2] ?? 200)
if (!Number.isInteger(count) || count < 1) throw new RangeError('IMAGES must be a positive integer')
const [width, height, size, rounds] = [500, 375, 64, 9]

/** Waves of several lengths, as a JPEG of some 30 KB. */
async function makePhoto(file, seed) {
  const rng = createRng('decode', seed)
  const waves = Array.from({ length: 18 }, (_, i) => ({
    channel: i % 3,
    across: rng.next() / 4,
    down: rng.next() / 4 - 1 / 8,
    height: 5 + 15 * rng.next(),
  }))
  const pixels = Buffer.alloc(3 * width * height)
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = [128, 128, 128]
      for (const wave of waves) colour[wave.channel] += wave.height * Math.sin(wave.across * x + wave.down * y)
      for (const value of colour) pixels[o++] = Math.min(255, Math.max(0, Math.round(value)))
    }
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(file)
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-decode-'))
try {
  const files = Array.from({ length: count }, (_, i) => path.join(folder, `${i}.jpg`))
  for (const [i, file] of files.entries()) await makePhoto(file, i)
  const source = diskTree(folder)
  const keyed = files.map((file) => ({ file, key: file, bytes: statSync(file).size }))
  const inMemory = await Promise.all(files.map((file) => source.read(file)))
  const ways = {
    'sharp alone': async () => {
      for (const bytes of inMemory) await sharp(bytes).raw().toBuffer()
    },
    'one after the other': async () => {
      for (const file of files) {
        await decodeFitted(await source.read(file), { size }, await readFileHeader(source, file))
      }
    },
    'as a data set': () => decodeAll({ root: folder, source, files: keyed, known: null, keep() {} }, { size }, {}),
  }
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, { wall: [], cpu: [] }]))
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [way, run] of Object.entries(ways)) {
      const before = process.cpuUsage()
      const start = performance.now()
      await run()
      const wall = performance.now() - start
      const { user, system } = process.cpuUsage(before)
      if (round === 0) continue
      times[way].wall.push(wall / count)
      times[way].cpu.push((user + system) / 1000 / count)
    }
  }
  const { cpu, logicalCores, node } = describeHardware()
  const kilobytes = keyed.reduce((sum, { bytes }) => sum + bytes, 0) / count / 1000
  process.stdout.write(
    `${count} JPEGs of ${width}x${height}, ${kilobytes.toFixed(0)} KB each, to ${size}x${size}; ${cpu}, ` +
      `${logicalCores} cores, Node ${node}, sharp ${sharp.versions.sharp}\n`,
  )
  for (const [way, { wall, cpu: processor }] of Object.entries(times)) {
    process.stdout.write(`${way.padEnd(20)} ${median(wall).toFixed(2)} ms, cpu ${median(processor).toFixed(2)} ms\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
