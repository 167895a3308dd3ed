import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load-config.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('config')
const file = path.join(folder, 'job.yaml')

function load(rank: string) {
  writeFileSync(
    file,
    `data: { name: fashion-mnist }\nbudget: { trials: 3 }\ntraining: { epochs: 3 }\nrank:\n  ${rank}\n`,
  )
  return loadConfig(file)
}

describe('the settings of measures in training', () => {
  it('have defaults, and need no evaluators beside them', () => {
    expect(load('inTraining: {}').rank).toMatchObject({
      evaluators: [],
      inTraining: {
        measures: ['grad_norm', 'plain', 'snip', 'grasp', 'fisher', 'jacob_cov', 'synflow', 'synflow_bn'],
        batch: 256,
        epochs: [0, 1, 2, 4, 8],
        training: 'paper',
        threshold: null,
      },
    })
  })

  it('come back the same from the resolved configuration', () => {
    const config = load('inTraining: { epochs: [0, 3], training: recipe, threshold: 0.5 }')
    const resolved = path.join(folder, 'resolved.yaml')
    writeFileSync(resolved, stringify(config))
    expect(loadConfig(resolved)).toEqual(config)
  })

  it.each([
    [
      'a misspelt measure',
      'inTraining: { measures: [snip, synflo] }',
      /job\.yaml:5:34 {2}rank\.inTraining\.measures\.1 must be one of grad_norm, .*Did you mean synflow\?/,
    ],
    [
      'a measure twice',
      'inTraining: { measures: [snip, params, snip] }',
      /job\.yaml:5:42 {2}rank\.inTraining\.measures\.2 is snip, the same as rank\.inTraining\.measures\.0\. Remove one\./,
    ],
    ['no epochs', 'inTraining: { epochs: [] }', /must be a list of at least one number of epochs/],
    [
      'epochs out of order',
      'inTraining: { epochs: [0, 4, 4] }',
      /job\.yaml:5:32 {2}rank\.inTraining\.epochs\.2 must be more than the value before it, 4, got 4\./,
    ],
    [
      'more epochs than full training has',
      'inTraining: { training: recipe, epochs: [1, 4] }',
      /rank\.inTraining\.epochs\.1 must be at most training\.epochs \(3\) with rank\.inTraining\.training: recipe, got 4\./,
    ],
    ['a threshold in per cent', 'inTraining: { threshold: 30 }', /must be in \(0, 1\], got 30\. Did you mean 0\.3\?/],
    [
      'neither evaluators nor measures',
      'bootstrap: 3',
      /must be a list of at least one evaluator, or rank\.inTraining/,
    ],
  ])('are refused for %s', (_, rank, message) => {
    expect(() => load(rank)).toThrow(message)
  })
})
