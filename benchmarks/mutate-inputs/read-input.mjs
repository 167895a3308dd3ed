/*
 * Reads data files through the whole path that a run takes, and says what came of it and what it cost. As a program:
 *
 *   node benchmarks/mutate-inputs/read-input.mjs KIND LOCATION
 *
 * prints one line of JSON: the outcome ("read", "refused" or "other error"), the message, processor seconds, and the most
 * memory that the process has held, in MB. As a forked process it answers `{ kind, location, inThread }` with the same, again
 * and again; it reads in a worker thread of its own if `inThread` is true.
 */
import { once } from 'node:events'
import path from 'node:path'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { cachedImages } from '../../dist/datasets/image-cache.js'
import { recognise } from '../../dist/datasets/inspect/recognise.js'
import { parsePixelRows } from '../../dist/datasets/pixel-rows.js'
import { rawImagesLoader } from '../../dist/datasets/registry.js'
import { readAccuracyTable } from '../../dist/evaluators/tabular/accuracy-table.js'
import { FearNasError } from '../../dist/platform/errors.js'
import { readPlainFile } from '../../dist/platform/plain-file.js'
import { natsTss } from '../../dist/spaces/nats-tss/index.js'

/** How each kind is read: the name of a data set, or a reader of its own. */
const readers = {
  csv: (file) => {
    const table = readAccuracyTable(file, { space: natsTss, partial: true })
    for (const name of table.columnNames) table.column(name)
  },
  cache: (file) =>
    cachedImages(file, 'seed', async () => {
      throw new FearNasError('the cache file is not what was kept')
    }),
  'pixel-rows': (file) => parsePixelRows(readPlainFile(file), 784, file),
  recognise,
}

/** All images of a data set, resized, as those of mixed sizes are. */
const requestOf = (name, location) => ({
  name,
  path: location,
  train: 0,
  validation: 0,
  test: 0,
  size: 8,
  channels: 3,
  seed: 1,
})

export async function readInput(kind, location) {
  // Decoded images are kept; here each is to be decoded.
  process.env.FEAR_NAS_CACHE = path.join(path.dirname(location), 'cache')
  const before = process.cpuUsage()
  let outcome = 'read'
  let message = ''
  try {
    const read = readers[kind] ?? ((file) => rawImagesLoader({ name: kind })(requestOf(kind, file), {}))
    await read(location)
  } catch (error) {
    outcome = error instanceof FearNasError ? 'refused' : 'other error'
    message = String(error instanceof FearNasError ? error.message : error?.stack)
  }
  const { user, system } = process.cpuUsage(before)
  return { outcome, message, seconds: (user + system) / 1e6, peakMB: process.resourceUsage().maxRSS / 1024 }
}

/** Reads in a worker thread. An error that ends the thread ends this process, and so counts as a crash. */
async function readInThread(question) {
  thread ??= new Worker(new URL(import.meta.url))
  thread.postMessage(question)
  const [answer] = await once(thread, 'message')
  return answer
}
let thread = null

if (!isMainThread) {
  parentPort.on('message', async ({ kind, location }) => parentPort.postMessage(await readInput(kind, location)))
} else if (process.send !== undefined) {
  process.on('message', async (question) => {
    const { kind, location, inThread } = question
    process.send(inThread ? await readInThread(question) : await readInput(kind, location))
  })
} else {
  const [kind, location] = process.argv.slice(2)
  process.stdout.write(`${JSON.stringify(await readInput(kind, location))}\n`)
}
