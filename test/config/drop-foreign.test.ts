import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig, loadYaml } from '../../src/config/load-config.js'
import { simulationSchema } from '../../src/config/schema/simulation.js'
import { ConfigError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const file = path.join(temporaryFolder('drop'), 'job.yaml')
const base = 'data: { name: fashion-mnist }\nbudget: { trials: 3 }\n'

function load(text: string, ...sets: readonly string[]) {
  writeFileSync(file, text)
  const notes: string[] = []
  return { config: loadConfig(file, sets, (note) => notes.push(note)), notes }
}

describe('--set GROUP.name=...', () => {
  it('leaves the settings out that the new kind does not have, and says so', () => {
    const text = `${base}evaluator: { name: fear, threshold: 0.6, ratio: 2, stage2: { epochs: 3 } }\n`
    const { config, notes } = load(text, 'evaluator.name=full-training')
    expect(config.evaluator).toEqual({ name: 'full-training' })
    expect(notes).toEqual([
      'evaluator.name=full-training  leaves out evaluator.threshold, evaluator.ratio, evaluator.stage2 of the file, ' +
        'which full-training does not have',
    ])
  })

  it('keeps what both kinds have, and says nothing where nothing is lost', () => {
    const text = `${base}evaluator: { name: short-training, epochs: 7, batch: 64 }\n`
    const { config, notes } = load(text, 'evaluator.name=zero-cost')
    expect(config.evaluator).toMatchObject({ name: 'zero-cost', batch: 64 })
    expect(notes).toEqual([
      'evaluator.name=zero-cost  leaves out evaluator.epochs of the file, which zero-cost does not have',
    ])
    expect(load(text, 'evaluator.name=short-training').notes).toEqual([])
    expect(load(base, 'evaluator.name=full-training').notes).toEqual([])
  })

  it.each([
    ['strategy: { name: tpe, good: 0.2, duplicates: string }\n', 'strategy.name=random', 'strategy.good'],
    ['strategy: { name: asha, eta: 4 }\n', 'strategy.name=local-search', 'strategy.eta'],
    ['space: { channels: 4, cells: 2 }\n', 'space.name=nats-sss', 'space.channels, space.cells'],
    ['space: { name: cell, nodes: 4, cells: 2 }\n', 'space.name=nats-tss', 'space.nodes'],
  ])('in %s %s leaves out %s', (group, set, dropped) => {
    expect(load(`${base}${group}`, set).notes).toEqual([expect.stringContaining(`leaves out ${dropped} of the file`)])
  })

  it('does so in arms, lower fidelities and rankings', () => {
    const arms = `${base}arms:
  - { name: a, evaluator: { name: fear, threshold: 0.7 }, strategy: { name: tpe, good: 0.3 } }
  - { name: b, evaluator: { name: fear, threshold: 0.8 } }
rank: { evaluators: [{ name: fear, threshold: 0.5 }] }
`
    const sets = [
      'arms.0.evaluator.name=full-training',
      'arms.0.strategy.name=random',
      'rank.evaluators.0.name=zero-cost',
    ]
    const { config, notes } = load(arms, ...sets)
    expect(config.arms?.[0]).toMatchObject({ evaluator: { name: 'full-training' }, strategy: { name: 'random' } })
    expect(config.arms?.[1]?.evaluator).toMatchObject({ name: 'fear', threshold: 0.8 })
    expect(notes).toHaveLength(3)
  })

  it('does so for the data set, whose name is no choice of a group', () => {
    const text = 'data: { name: folders, path: pictures, channels: 1, testShare: 0.1 }\nbudget: { trials: 3 }\n'
    expect(load(text, 'data.name=arrays')).toMatchObject({
      config: { data: { name: 'arrays', path: 'pictures', testShare: 0.1 } },
      notes: ['data.name=arrays  leaves out data.channels of the file, which arrays does not have'],
    })
    expect(load(text, 'data.name=fashion-mnist').config.data).not.toHaveProperty('testShare')
  })

  it('does so in a simulation', () => {
    writeFileSync(file, 'table: t.csv\nreport: test\nspace: { name: cell, nodes: 3 }\n')
    const notes: string[] = []
    const { space } = loadYaml(simulationSchema, file, ['space.name=nats-tss'], { onNote: (note) => notes.push(note) })
    expect(space).toEqual({ name: 'nats-tss' })
    expect(notes).toHaveLength(1)
  })

  it.each([
    [
      'what --set gives itself',
      'evaluator: { name: fear }\n',
      ['evaluator.threshold=0.7', 'evaluator.name=full-training'],
    ],
    ['it in either order', 'evaluator: { name: fear }\n', ['evaluator.name=full-training', 'evaluator.threshold=0.7']],
    ['a group that --set gives', '', ['evaluator={ name: fear, threshold: 0.7 }', 'evaluator.name=full-training']],
    ['a slip', 'evaluator: { name: fear, treshold: 0.7 }\n', ['evaluator.name=full-training']],
    [
      'a slip in a kind that there is not',
      'evaluator: { name: fier, threshold: 0.7 }\n',
      ['evaluator.name=full-training'],
    ],
  ])('does not leave out %s', (_, group, sets) => {
    expect(() => load(`${base}${group}`, ...sets)).toThrow(ConfigError)
    expect(() => load(`${base}${group}`, ...sets)).toThrow('is not a setting. Known settings: name.')
  })

  it('goes by the last of several', () => {
    const text = `${base}evaluator: { name: fear, threshold: 0.6 }\n`
    const { config, notes } = load(text, 'evaluator.name=full-training', 'evaluator.name=fear')
    expect(config.evaluator).toMatchObject({ name: 'fear', threshold: 0.6 })
    expect(notes).toEqual([])
  })
})
