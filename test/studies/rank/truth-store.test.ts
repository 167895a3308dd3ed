import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tinySetup, tinyTask } from '../../../src/conformance/executor/tiny-setup.js'
import { noCost, type ScoredOutcome } from '../../../src/evaluators/outcome.js'
import type { WorkerSetup } from '../../../src/execution/executor.js'
import { resultsVersion } from '../../../src/journal/results-version.js'
import { PartValue } from '../../../src/platform/parts/part-value.js'
import { openTruthStore, truthFingerprint } from '../../../src/studies/rank/truth-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const setup = await tinySetup()
const engine = { version: '1', device: 'avx2' }
const folder = (): string => temporaryFolder('truth')

const outcome: ScoredOutcome = {
  kind: 'scored',
  score: 0.75,
  metric: 'validation-accuracy',
  trainAccuracy: 0.8,
  validationAccuracy: 0.75,
  testAccuracy: 0.7,
  lost: [{ message: 'The worker failed', stack: 'Error' }],
  cost: { ...noCost, computeSeconds: 12 },
  phases: { train: { ...noCost, computeSeconds: 12 } },
}

/** A store that holds one network, and the file in which. */
function kept() {
  const parent = folder()
  const store = openTruthStore(parent, setup, engine)
  store.keep(tinyTask(0), outcome)
  const [name = ''] = readdirSync(path.join(parent, store.fingerprint))
  const file = path.join(parent, store.fingerprint, name)
  const text = readFileSync(file, 'utf8')
  return { parent, store, file, text }
}

describe('a truth store', () => {
  it('finds what was kept, in another run too, and nothing else', () => {
    const again = openTruthStore(kept().parent, setup, engine)
    expect(again.find(tinyTask(0))).toEqual(outcome)
    expect(again.find(tinyTask(1))).toBeNull()
    expect(again.find(tinyTask(0, { trialSeed: ['another run', 'trial', 0] }))).toBeNull()
    expect(again.find(tinyTask(0, { dataSeed: ['another run', 'data'] }))).toBeNull()
  })

  it('has another fingerprint where the file of a module has changed', () => {
    const parent = folder()
    const module = path.join(parent, 'space.mjs')
    const own = { ...setup, space: { name: 'module', module, settings: {}, macro: setup.space.macro } } as const
    const fingerprintOf = (text: string): string => {
      writeFileSync(module, text)
      return truthFingerprint(own, engine)
    }
    const first = fingerprintOf('export default null\n')
    expect(fingerprintOf('export default 1\n')).not.toBe(first)
    expect(fingerprintOf('export default null\n')).toBe(first)
  })

  it('writes nothing where the space or the engine is a value, which another program may call the same', () => {
    const parent = folder()
    const value = { name: 'value', value: new PartValue('mine', {} as never) } as const
    for (const own of [
      { ...setup, space: { ...value, macro: setup.space.macro } },
      { ...setup, engine: value },
    ]) {
      const store = openTruthStore(parent, own, engine)
      store.keep(tinyTask(0), outcome)
      expect([store.find(tinyTask(0)), store.find(tinyTask(1))]).toEqual([outcome, null])
      expect(openTruthStore(parent, own, engine).find(tinyTask(0))).toBeNull()
    }
    expect(readdirSync(parent)).toEqual([])
  })

  it.each<[string, Partial<WorkerSetup>, Partial<typeof engine>?]>([
    ['data', { dataset: { ...setup.dataset, fingerprint: 'other images' } }],
    ['training', { recipe: { ...setup.recipe, epochs: 3 } }],
    ['space', { space: { ...setup.space, macro: { ...setup.space.macro, channels: 8 } } }],
    ['engine', { engine: setup.engine === 'wasm' ? 'native' : 'wasm' }],
    ["engine's version", {}, { version: '2' }],
    ['instruction set', {}, { device: 'avx512' }],
  ])('has another fingerprint for another %s', (_, change, engineChange = {}) => {
    const { parent, store, text } = kept()
    const other = openTruthStore(parent, { ...setup, ...change }, { ...engine, ...engineChange })
    expect(other.fingerprint).not.toBe(store.fingerprint)
    expect(other.find(tinyTask(0))).toBeNull()
    // Nor does it believe the file where somebody has moved it.
    other.keep(tinyTask(0), { ...outcome, testAccuracy: 0.1 })
    const [name = ''] = readdirSync(path.join(parent, other.fingerprint))
    writeFileSync(path.join(parent, other.fingerprint, name), text)
    expect(other.find(tinyTask(0))).toBeNull()
  })

  it('records the results version, and does not believe another one', () => {
    const { file, store, text } = kept()
    expect(JSON.parse(text).key.run.resultsVersion).toBe(resultsVersion)
    writeFileSync(file, text.replace(`"resultsVersion":${resultsVersion}`, `"resultsVersion":${resultsVersion + 1}`))
    expect(store.find(tinyTask(0))).toBeNull()
  })

  it('that cannot be written warns once, and loses no outcome', () => {
    const file = path.join(folder(), 'file')
    writeFileSync(file, '')
    const warnings: string[] = []
    const store = openTruthStore(file, setup, engine, (message) => warnings.push(message))
    for (const trial of [0, 1]) store.keep(tinyTask(trial), outcome)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('so later runs will train these again')
    expect(store.find(tinyTask(0))).toBeNull()
  })

  it('does not care how long a trial may take', () => {
    expect(truthFingerprint({ ...setup, timeoutSeconds: 1 }, engine)).toBe(truthFingerprint(setup, engine))
  })

  it.each([
    ['an accuracy of 5', '"testAccuracy":0.7', '"testAccuracy":5'],
    ['an accuracy of 1e999', '"testAccuracy":0.7', '"testAccuracy":1e999'],
    ['a negative accuracy', '"testAccuracy":0.7', '"testAccuracy":-0.1'],
    ['no test accuracy', '"testAccuracy":0.7,', ''],
    ['an accuracy that is a text', '"testAccuracy":0.7', '"testAccuracy":"0.7"'],
    ['an accuracy that is null', '"validationAccuracy":0.75', '"validationAccuracy":null'],
    ['a score of 2', '"score":0.75', '"score":2'],
    ['negative seconds', '"computeSeconds":12', '"computeSeconds":-12'],
    ['endless seconds', '"computeSeconds":12', '"computeSeconds":1e999'],
    ['FLOPs without end', '"trainingFlops":0', '"trainingFlops":1e999'],
    ['half a step', '"steps":0', '"steps":0.5'],
    ['another kind', '"kind":"scored"', '"kind":"rejected"'],
    ['another metric', '"metric":"validation-accuracy"', '"metric":"train-accuracy"'],
    ['another architecture', '"architecture":"', '"architecture":"!'],
    ['other seeds', '"trialSeed":["tiny"', '"trialSeed":["other"'],
    ['other images', '"data":"stripes"', '"data":"spots"'],
  ])('does not believe a file with %s', (_, before, after) => {
    const { file, store, text } = kept()
    expect(text).toContain(before)
    writeFileSync(file, text.replace(before, after))
    expect(store.find(tinyTask(0))).toBeNull()
    // It is trained again, and kept.
    store.keep(tinyTask(0), outcome)
    expect(store.find(tinyTask(0))).toEqual(outcome)
  })

  it('takes a damaged file for none, whatever stands in it', () => {
    const { file, store, text } = kept()
    for (const damaged of ['', '{"arch', 'null', '[]', text.slice(0, -3)]) {
      writeFileSync(file, damaged)
      expect(store.find(tinyTask(0))).toBeNull()
    }
    fc.assert(
      fc.property(fc.json(), (json) => {
        writeFileSync(file, JSON.stringify({ ...JSON.parse(text), outcome: JSON.parse(json) }))
        expect(store.find(tinyTask(0))).toBeNull()
      }),
    )
  })

  it('reads no more than a file of its own could have, and nothing but a plain one', () => {
    const { file, store, text } = kept()
    writeFileSync(file, `${text}${' '.repeat(2 ** 20)}`)
    expect(store.find(tinyTask(0))).toBeNull()
    rmSync(file)
    // Reading a named pipe would wait for ever.
    execFileSync('mkfifo', [file])
    expect(store.find(tinyTask(0))).toBeNull()
  })
})
