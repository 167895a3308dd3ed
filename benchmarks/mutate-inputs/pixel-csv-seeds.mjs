/* Tables of pixels, as seeds of `seeds.mjs`. */
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { bytes, write } from './seed-files.mjs'

const pixelNames = Array.from({ length: 16 }, (_, i) => `pixel${i}`)
const pixelRows = (separator, at = (value) => value) =>
  Array.from({ length: 12 }, (_, row) =>
    Array.from(
      bytes(16, (i) => (i * 7 + row * 16) % 256),
      at,
    ).join(separator),
  )
const pixelCsvs = {
  header: `label,${pixelNames}\n${pixelRows(',')
    .map((row, i) => `${i % 3},${row}\n`)
    .join('')}`,
  floats: `${pixelNames.join(';')};class\r\n${pixelRows(';', (value) => value / 255)
    .map((row, i) => `${row};"${'ab'[i % 2]}"\r\n`)
    .join('')}`,
  bare: pixelRows(',')
    .map((row, i) => `${i % 3},${row}\n`)
    .join(''),
  lists: `emotion,pixels,Usage\n${pixelRows(' ')
    .map((row, i) => `${i % 2},"${row}",${['Training', 'Training', 'PublicTest', 'PrivateTest'][(i >> 1) % 4]}\n`)
    .join('')}`,
}
const pixelCsv = (text, pack = (mutant) => mutant) => ({
  kind: 'arrays',
  bytes: Buffer.from(text),
  place: (folder, mutant) => path.join(write(folder, { 'a.csv': pack(mutant) }), 'a.csv'),
})

export const pixelCsvSeeds = {
  ...Object.fromEntries(Object.entries(pixelCsvs).map(([name, text]) => [`pixel-csv-${name}`, pixelCsv(text)])),
  'pixel-csv-packed': pixelCsv(pixelCsvs.header, gzipSync),
  'pixel-csv-gzip': pixelCsv(gzipSync(pixelCsvs.header)),
  'pixel-csv-recognised': { ...pixelCsv(pixelCsvs.header), kind: 'recognise' },
}
