import { describe, expect, it } from 'vitest'
import { classCounts } from '../../../src/datasets/class-balance.js'
import type { Split } from '../../../src/datasets/dataset.js'
import { type Drawing, drawLabelled } from '../../../src/datasets/synthetic/draw-labelled.js'
import { labelImages } from '../../../src/datasets/synthetic/label-images.js'
import { drawNoise, noiseScale, noiseValues } from '../../../src/datasets/synthetic/noise.js'
import { createScorer, exactScore, scoreImages } from '../../../src/datasets/synthetic/scorer.js'
import type { Engine, EngineName } from '../../../src/engines/engine.js'
import { loadEngine } from '../../../src/engines/registry.js'
import { DataError } from '../../../src/platform/errors.js'
import { createRng } from '../../../src/platform/rng.js'
import { normalisationTable } from '../../../src/training/batches.js'

const inputs = 48
const small: Drawing = { name: 'noise', seed: 5, split: 'train', inputs, classes: 4, perClass: 30, mostDraws: 20_000 }
const draw = async (change: Partial<Drawing> = {}, engine?: Engine): Promise<Split> =>
  drawLabelled({ ...small, ...change }, engine ?? (await loadEngine('wasm')), () => {})

const imagesOf = ({ pixels, labels, count }: Split): string[] =>
  Array.from({ length: count }, (_, i) => `${labels[i]} ${pixels.subarray(i * inputs, (i + 1) * inputs).join()}`)

/** The definition, written out: Linear, ReLU, Linear. */
function scoreOf(parameters: Float32Array, image: Float32Array): number {
  const at = (i: number): number => parameters[i] as number
  const [bias, output] = [inputs * inputs + inputs, inputs * inputs + 2 * inputs]
  let score = at(output + inputs)
  for (let unit = 0; unit < inputs; unit++) {
    const sum = image.reduce((total, value, i) => total + value * at(unit * inputs + i), at(bias + unit))
    score += Math.max(0, sum) * at(output + unit)
  }
  return score
}

describe('drawLabelled', () => {
  it('gives as many images of every class, sorted by class', async () => {
    const split = await draw()
    expect(classCounts(split, 4)).toEqual([30, 30, 30, 30])
    expect([...split.labels]).toEqual([...split.labels].sort())
    expect(new Set(imagesOf(split)).size).toBe(120)
  })

  it('labels an image by the scorer that gives it the highest score', async () => {
    const { pixels, labels, count } = await draw()
    const scorers = Array.from({ length: 4 }, (_, i) => createScorer(inputs, createRng('noise', 5, 'scorer', i)))
    const image = new Float32Array(inputs)
    for (let i = 0; i < count; i++) {
      noiseValues(pixels.subarray(i * inputs, (i + 1) * inputs), image)
      const scores = scorers.map(({ parameters }) => scoreOf(parameters, image))
      expect(labels[i]).toBe(scores.indexOf(Math.max(...scores)))
    }
  })

  it('only adds images when more of a class are asked for', async () => {
    const [few, many] = [await draw({ perClass: 7 }), await draw()]
    const firsts = [0, 30, 60, 90].flatMap((first) => imagesOf(many).slice(first, first + 7))
    expect(imagesOf(few)).toEqual(firsts)
  })

  it('follows the seed and the split', async () => {
    const images = imagesOf(await draw())
    expect(imagesOf(await draw())).toEqual(images)
    const others = [...imagesOf(await draw({ seed: 6 })), ...imagesOf(await draw({ split: 'test' }))]
    expect(others.filter((image) => images.includes(image))).toEqual([])
  })

  it.each(['native', 'tfjs-cpu'] as EngineName[])('does not depend on the engine: %s', async (name) => {
    const engine = await loadEngine(name).catch(() => null)
    if (engine === null) {
      process.stdout.write(`skipped: synthetic images by ${name}: it does not load\n`)
      return
    }
    expect(imagesOf(await draw({}, engine))).toEqual(imagesOf(await draw()))
  })

  it('says how many there are of each class when one is too rare', async () => {
    const short = draw({ perClass: 400, mostDraws: 600 })
    await expect(short).rejects.toThrow(DataError)
    await expect(short).rejects.toThrow(
      /noise is short of train images: after 600 draws its classes have \d+(, \d+){3}/,
    )
  })

  it('tells how far it has come', async () => {
    const drawn: number[] = []
    await drawLabelled(small, await loadEngine('wasm'), (progress) => drawn.push(progress.drawn))
    expect(drawn).toEqual(drawn.toSorted((a, b) => a - b))
    expect(drawn.at(-1)).toBeGreaterThanOrEqual(120)
  })
})

describe('labelImages', () => {
  it('settles by exact scores what an engine cannot tell apart', async () => {
    // Scorers 1 and 2 differ by less than any engine resolves; with scorer 0, which is far below them.
    const base = createScorer(inputs, createRng('tie'))
    const shifted = (by: number) => {
      const parameters = Float32Array.from(base.parameters)
      parameters[parameters.length - 1] = (parameters.at(-1) as number) + by
      return { inputs, parameters }
    }
    const images = new Uint8Array(20 * inputs)
    drawNoise(createRng('images'), images)
    for (const order of [
      [-1, 0, 1e-6],
      [-1, 1e-6, 0],
    ]) {
      const scorers = { inputs, count: 3, create: (i: number) => shifted(order[i] as number) }
      const labels = await labelImages(images, scorers, await loadEngine('wasm'), () => {})
      expect(new Set(labels)).toEqual(new Set([order.indexOf(1e-6)]))
    }
  })
})

describe('a scorer', () => {
  it('is uniform in +-1/sqrt(inputs), and an engine scores as its definition does', async () => {
    const scorer = createScorer(inputs, createRng('scorer'))
    const numbers = scorer.parameters.filter((value) => value !== 1)
    expect(numbers.length).toBe(inputs * inputs + 2 * inputs + 1)
    const bound = 1 / Math.sqrt(inputs)
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(bound)
    const variance = numbers.reduce((sum, value) => sum + value ** 2, 0) / numbers.length
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1)

    const count = 300
    const bytes = new Uint8Array(count * inputs)
    drawNoise(createRng('images'), bytes)
    const scores = scoreImages(scorer, await loadEngine('wasm'), count, (from, images, batch) =>
      noiseValues(bytes.subarray(from * inputs, (from + images) * inputs), batch),
    )
    const image = new Float32Array(inputs)
    for (let i = 0; i < count; i++) {
      noiseValues(bytes.subarray(i * inputs, (i + 1) * inputs), image)
      expect(exactScore(scorer, image)).toBeCloseTo(scoreOf(scorer.parameters, image), 12)
      expect(Math.abs((scores[i] as number) - exactScore(scorer, image))).toBeLessThan(2e-6)
    }
  })
})

describe('noise', () => {
  it('is standard normal, in bytes that stand for what networks see', () => {
    const bytes = new Uint8Array(200_000)
    drawNoise(createRng('noise'), bytes)
    const values = new Float32Array(bytes.length)
    noiseValues(bytes, values)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.02)
    expect(values.filter((value) => value > 1).length / values.length).toBeCloseTo(0.1587, 2)

    const table = normalisationTable(noiseScale)
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const seen = new Float32Array(256)
    noiseValues(all, seen)
    for (const byte of all) expect(table[byte]).toBeCloseTo(seen[byte] as number, 5)
  })
})
