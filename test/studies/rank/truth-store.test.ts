import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { noCost, type ScoredOutcome } from '../../../src/evaluators/outcome.js'
import type { WorkerSetup } from '../../../src/execution/executor.js'
import { openTruthStore, truthFingerprint } from '../../../src/studies/rank/truth-store.js'
import { tinySetup, tinyTask } from '../../execution/tiny-setup.js'

const setup = await tinySetup()
const folder = (): string => mkdtempSync(path.join(tmpdir(), 'fear-nas-truth-'))

const outcome: ScoredOutcome = {
  kind: 'scored',
  score: 0.75,
  metric: 'validation-accuracy',
  trainAccuracy: 0.8,
  validationAccuracy: 0.75,
  testAccuracy: 0.7,
  cost: { ...noCost, computeSeconds: 12 },
  phases: { train: { ...noCost, computeSeconds: 12 } },
}

describe('a truth store', () => {
  it('finds what was kept, in another run too, and nothing else', () => {
    const parent = folder()
    openTruthStore(parent, setup).keep(tinyTask(0), outcome)
    const store = openTruthStore(parent, setup)
    expect(store.find(tinyTask(0))).toEqual(outcome)
    expect(store.find(tinyTask(1))).toBeNull()
    expect(store.find(tinyTask(0, { trialSeed: ['another run', 'trial', 0] }))).toBeNull()
    expect(store.find(tinyTask(0, { dataSeed: ['another run', 'data'] }))).toBeNull()
  })

  it.each<[string, Partial<WorkerSetup>]>([
    ['data', { dataset: { ...setup.dataset, fingerprint: 'other images' } }],
    ['training', { recipe: { ...setup.recipe, epochs: 3 } }],
    ['space', { space: { ...setup.space, macro: { ...setup.space.macro, channels: 8 } } }],
    ['engine', { engine: setup.engine === 'wasm' ? 'native' : 'wasm' }],
  ])('has another fingerprint for another %s', (_, change) => {
    const parent = folder()
    openTruthStore(parent, setup).keep(tinyTask(0), outcome)
    expect(truthFingerprint({ ...setup, ...change })).not.toBe(truthFingerprint(setup))
    expect(openTruthStore(parent, { ...setup, ...change }).find(tinyTask(0))).toBeNull()
  })

  it('that cannot be written warns once, and loses no outcome', () => {
    const file = path.join(folder(), 'file')
    writeFileSync(file, '')
    const warnings: string[] = []
    const store = openTruthStore(file, setup, (message) => warnings.push(message))
    for (const trial of [0, 1]) store.keep(tinyTask(trial), outcome)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('so later runs will train these again')
    expect(store.find(tinyTask(0))).toBeNull()
  })

  it('does not care how long a trial may take', () => {
    expect(truthFingerprint({ ...setup, timeoutSeconds: 1 })).toBe(truthFingerprint(setup))
  })

  it('takes a damaged file, or one without a test accuracy, for none', () => {
    const parent = folder()
    const store = openTruthStore(parent, setup)
    store.keep(tinyTask(0), outcome)
    const [name] = readdirSync(path.join(parent, store.fingerprint))
    const file = path.join(parent, store.fingerprint, name as string)
    const { testAccuracy: _, ...unmeasured } = outcome
    const { architecture } = tinyTask(0)
    for (const text of ['', '{"arch', 'null', JSON.stringify({ architecture, outcome: unmeasured })]) {
      writeFileSync(file, text)
      expect(store.find(tinyTask(0))).toBeNull()
    }
  })
})
