import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load-config.js'
import { evaluatorNames, isOwn } from '../../src/evaluators/registry.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('config')

function load(rank: string, sets: readonly string[] = []) {
  const file = path.join(folder, 'job.yaml')
  writeFileSync(file, `data: { name: fashion-mnist }\nbudget: { trials: 3 }\nrank:\n  ${rank}\n`)
  return loadConfig(file, sets)
}

describe('the settings of a ranking', () => {
  it('have defaults', () => {
    const { rank } = load('evaluators: [{ name: short-training }]')
    expect(rank).toEqual({
      evaluators: [{ name: 'short-training', epochs: 4, batch: 128, score: 'train', scoreEpoch: 'best' }],
      truth: { accuracy: 'test', sharedSeeds: false },
      bootstrap: 1000,
    })
  })

  it('let FEAR reject nothing, unless a ratio is given', () => {
    const { evaluator, rank } = load('evaluators: [{ name: fear }, { name: fear, ratio: 4 }]')
    expect(rank?.evaluators).toMatchObject([{ ratio: null }, { ratio: 4 }])
    // As it is in a search, otherwise.
    expect(evaluator).toEqual(rank?.evaluators[1])
  })

  it('take items of a list by number on the command line', () => {
    const sets = ['rank.evaluators.1.epochs=7', 'rank.evaluators.0.stage2.epochs=2']
    const { rank } = load('evaluators: [{ name: fear }, { name: short-training }]', sets)
    expect(rank?.evaluators).toMatchObject([{ stage2: { epochs: 2 } }, { epochs: 7 }])
  })

  it('come back the same from the resolved configuration', () => {
    const config = load('evaluators: [{ name: fear }, { name: short-training, score: validation }]')
    const file = path.join(folder, 'resolved.yaml')
    writeFileSync(file, stringify(config))
    expect(loadConfig(file)).toEqual(config)
  })

  it('are absent where there is no ranking', () => {
    const file = path.join(folder, 'search.yaml')
    writeFileSync(file, 'data: { name: fashion-mnist }\nbudget: { trials: 3 }\n')
    expect(loadConfig(file).rank).toBeUndefined()
  })

  it('take every evaluator that gives a score of its own', () => {
    const others = ['calibration', 'full-training', 'measures-in-training', 'resumable-training', 'tabular']
    const names = evaluatorNames.filter((name) => !others.includes(name) && !isOwn({ name }))
    const { rank } = load(`evaluators: [${names.map((name) => `{ name: ${name} }`).join(', ')}]`)
    expect(rank?.evaluators.map(({ name }) => name)).toEqual(names)
    expect(() => load('evaluators: [{ name: full-training }]')).toThrow(
      'rank.evaluators.0.name must be one of fear, short-training',
    )
  })
})
