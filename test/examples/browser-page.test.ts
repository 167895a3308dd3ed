import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeFitted } from '../../src/datasets/folders/decode/decode-image.js'
import type { Model } from '../../src/models/model.js'
import { createRng } from '../../src/platform/rng.js'
import { exportNetwork } from '../../src/runs/export-network.js'
import { loadNetwork } from '../../src/runs/load-network.js'
import { train } from '../../src/runs/train.js'
import { findChromium, startChromium } from '../support/chromium.js'
import { pngFile, writeFiles } from '../support/made-folders.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type ServedPage, servePage } from './serve-page.js'

const classes = ['red', 'green', 'blue']
const size = 16
const folder = temporaryFolder('browser-page')
const browserPath = findChromium('the page of examples/browser')
const rng = createRng('images of the page')

/** Noise, brighter in the colour of its class; the fourth channel is opacity. */
function noise(label: number, width: number, height: number, channels: number): Uint8Array {
  return pngFile(width, height, channels, (i) => Math.floor((i % channels === label ? 255 : 170) * rng.nextFloat()))
}

const pngs = Object.fromEntries(
  classes.flatMap((name, label) =>
    Array.from({ length: 20 }, (_, i) => [`${name}/${i}.png`, noise(label, size, size, 3)] as const),
  ),
)

/** Files to give to the page that no training image is like. */
async function uploads(): Promise<Readonly<Record<string, Uint8Array>>> {
  const photo = sharp(noise(0, 60, 44, 3)).blur(3)
  return {
    ...Object.fromEntries(classes.map((name, label) => [`large-${name}.png`, noise(label, 71, 40, 3)])),
    'small.png': noise(1, 7, 9, 3),
    'narrow.png': noise(2, 5, 90, 3),
    'grey.png': noise(0, 33, 21, 1),
    'grey-opacity.png': noise(0, 20, 30, 2),
    'opacity.png': noise(1, 40, 24, 4),
    'transparent.png': await sharp(noise(2, 30, 30, 3))
      .ensureAlpha(0)
      .png()
      .toBuffer(),
    'palette.png': await sharp(noise(1, 30, 30, 3))
      .png({ palette: true })
      .toBuffer(),
    'profile.png': await sharp(noise(1, 30, 30, 3))
      .withIccProfile('p3')
      .png()
      .toBuffer(),
    'photo.jpg': await photo.clone().jpeg({ quality: 90 }).toBuffer(),
    'progressive.jpg': await photo.clone().jpeg({ progressive: true }).toBuffer(),
    'turned.jpg': await photo.clone().withMetadata({ orientation: 6 }).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
    'lossless.webp': await photo.clone().webp({ lossless: true }).toBuffer(),
  }
}

let model: Model
let server: ServedPage
let browser: Browser
let page: Page
/** What the page's console said. */
const complaints: string[] = []

async function start(): Promise<void> {
  const root = writeFiles(path.join(folder, 'images'), pngs)
  const directory = path.join(folder, 'run')
  const config = {
    data: { name: 'folders', path: root, size, validation: 9 },
    space: { channels: 4, cells: 1 },
    training: { epochs: 6, batch: 16 },
    seed: 1,
  } as const
  const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|skip_connect~2|'
  await train({ architecture, ...config }, { directory })
  const exported = await exportNetwork(directory, { format: 'tfjs', directory: path.join(folder, 'model') })
  model = await loadNetwork(exported.network)
  server = await servePage(exported.directory)
  browser = await startChromium(browserPath as string)
  page = await browser.newPage()
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(server.address)
  await page.waitForSelector('#file:enabled')
}

/** What the page or the library made of a file. */
interface Answer {
  readonly probabilities: Readonly<Record<string, number>>
  /** `[channels, height, width]`, as the network takes them. */
  readonly pixels: readonly number[]
}

/** Chooses a file in the page, waits for its classes, and reads them and the picture of what the network sees. */
async function choose(file: string): Promise<Answer> {
  await page.setInputFiles('#file', file)
  await waitForName(path.basename(file))
  const lines = await page
    .locator('#classes li')
    .evaluateAll((items: readonly Line[]) =>
      items.map(({ dataset, firstChild }) => [firstChild.textContent, Number(dataset.probability)] as const),
    )
  const rgba = await page
    .locator('#seen')
    .evaluate((canvas: Canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data])
  const pixels = [0, 1, 2].flatMap((channel) => rgba.filter((_, i) => i % 4 === channel))
  return { probabilities: Object.fromEntries(lines), pixels }
}

/** The name as a whole: `grey-opacity.png`, which was shown before, holds `opacity.png`. */
async function waitForName(name: string): Promise<void> {
  await page.locator(`#name:text-is("${name}")`).waitFor()
}

/** The parts of the page's elements that are read; Node has no types of them. */
interface Line {
  readonly dataset: { readonly probability: string }
  readonly firstChild: { readonly textContent: string }
}

interface Canvas {
  readonly width: number
  readonly height: number
  getContext(kind: '2d'): {
    getImageData(...area: readonly number[]): { readonly data: Iterable<number> }
  }
}

/** What the library says of the same file. */
async function predicted(file: string): Promise<Answer> {
  const { pixels } = await decodeFitted(readFileSync(file), { size, channels: 3 })
  const [prediction] = model.predict(pixels)
  const probabilities = model.classNames.map((name, i) => [name, prediction?.probabilities[i] ?? Number.NaN] as const)
  return { probabilities: Object.fromEntries(probabilities), pixels: [...pixels] }
}

describe.runIf(browserPath !== null)('the page of examples/browser, in Chromium', () => {
  beforeAll(start, 120_000)

  afterAll(async () => {
    server?.stop()
    await browser?.close()
    model?.dispose()
  })

  it('says what network it has', async () => {
    expect(await page.textContent('#about')).toMatch(/^run: 3 classes/)
    const facts = await page.textContent('#facts')
    for (const fact of ['16 x 16 pixels, colour', 'blue, green, red', 'folders']) expect(facts).toContain(fact)
  })

  it('takes the focus by keyboard', async () => {
    await page.keyboard.press('Tab')
    expect(await page.locator('#file:focus-visible').count()).toBe(1)
  })

  it('sees the pixels and predicts the classes that the library does, from the same files', async () => {
    const files = { ...Object.fromEntries(Object.entries(pngs).filter((_, i) => i % 12 === 0)), ...(await uploads()) }
    expect(Object.keys(files)).toHaveLength(20)
    const told = new Set<string>()
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(folder, name.replace('/', '-'))
      writeFileSync(file, bytes)
      const seen = await choose(file)
      const expected = await predicted(file)
      // Decoders of JPEG may round differently.
      const most = name.endsWith('.jpg') ? { level: 2, share: 0.05 } : { level: 0, share: 1e-6 }
      const levels = seen.pixels.map((value, i) => Math.abs(value - (expected.pixels[i] ?? Number.NaN)))
      expect(levels.length, name).toBe(expected.pixels.length)
      expect(Math.max(...levels), name).toBeLessThanOrEqual(most.level)
      for (const className of classes) {
        const difference =
          (seen.probabilities[className] ?? Number.NaN) - (expected.probabilities[className] ?? Number.NaN)
        expect(Math.abs(difference), `${name}, ${className}`).toBeLessThan(most.share)
      }
      const [first = ''] = Object.keys(seen.probabilities)
      expect(await page.textContent('#answer')).toBe(first)
      told.add(first)
      expect(await page.isVisible('#note')).toBe(false)
    }
    expect([...told].toSorted()).toEqual(classes.toSorted())
  }, 120_000)

  it('refuses a file that is no image, and goes on', async () => {
    const notes = path.join(folder, 'notes.png')
    writeFileSync(notes, 'not an image')
    await page.setInputFiles('#file', notes)
    const problem = page.locator('#problem')
    await problem.waitFor()
    expect(await problem.textContent()).toBe('notes.png is not an image that this browser can read.')
    expect(await page.isVisible('#result')).toBe(false)
    await choose(path.join(folder, 'grey.png'))
    expect(await page.isVisible('#result')).toBe(true)
    expect(await problem.isVisible()).toBe(false)
  })

  it('takes a file that is dropped', async () => {
    const data = readFileSync(path.join(folder, 'small.png')).toString('base64')
    // A program of the page, since Node has no types of its objects.
    const transfer = await page.evaluateHandle(`(() => {
      const bytes = Uint8Array.from(atob('${data}'), (letter) => letter.charCodeAt(0))
      const transfer = new DataTransfer()
      transfer.items.add(new File([bytes], 'dropped.png'))
      return transfer
    })()`)
    await page.dispatchEvent('#drop', 'drop', { dataTransfer: transfer })
    await waitForName('dropped.png')
  })

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
  })

  it('leaves the console empty', () => {
    expect(complaints).toEqual([])
  })
})
