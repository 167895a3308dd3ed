import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { newOwner } from '../../../src/journal/lock-owner.js'
import { systemClock } from '../../../src/platform/clock.js'
import { renderList } from '../../../src/reports/status/list-table.js'
import { renderTrainingStatus } from '../../../src/reports/status/training-text.js'
import { listRuns } from '../../../src/results/status/run-list.js'
import { readTrainingStatus } from '../../../src/results/status/training-status.js'
import { planOf } from '../../../src/runs/run-plan.js'
import { type TrainedEpoch, writeCheckpoint } from '../../../src/training/checkpoint.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('training-status')
const record = {
  schema: 1,
  date: '2026-01-02T03:04:05.000Z',
  call: { input: {}, choices: {} },
  decides: { architecture: 'conv\u001b[2J', seeds: 3, training: { epochs: 10 } },
}

const epochs = (count: number, accuracy: number | null): readonly TrainedEpoch[] =>
  Array.from({ length: count }, (_, epoch) => ({
    epoch,
    trainAccuracy: 0.25,
    trainLoss: 1,
    validationAccuracy: accuracy === null ? null : accuracy - epoch / 100,
    validationLoss: null,
    seconds: 2,
  }))

/** A training with a checkpoint of each history. */
function trainingOf(name: string, ...histories: readonly (readonly TrainedEpoch[])[]): string {
  const directory = path.join(folder, name)
  mkdirSync(directory, { recursive: true })
  writeFileSync(path.join(directory, 'training.json'), JSON.stringify(record))
  histories.forEach((history, index) => {
    const one = new Float32Array(1)
    writeCheckpoint(path.join(directory, `checkpoint-${index + 1}.bin`), {
      key: 'k',
      history,
      phases: {},
      weights: { parameters: one, runningMean: one, runningVariance: one },
      momentum: null,
      best: null,
    })
  })
  return directory
}

const lock = (directory: string, owner: object): void =>
  writeFileSync(path.join(directory, 'lock'), JSON.stringify(owner))
const statusOf = (directory: string) => readTrainingStatus(directory, systemClock)

describe('the status of a training', () => {
  it('counts the epochs of all networks, and what is left of them', () => {
    const directory = trainingOf('begun', epochs(10, 0.6), epochs(4, 0.7))
    expect(statusOf(directory)).toMatchObject({
      ...{ command: 'train', state: 'stopped', network: 2, networks: 3, epoch: 4, epochs: 10, date: record.date },
      ...{ trainAccuracy: 0.25, validationAccuracy: 0.7, testAccuracy: null, secondsLeft: 2 * (6 + 10), owner: null },
      resume: `fear-nas resume ${directory}`,
    })
  })

  it('knows no pace before the first epoch, and no accuracy without validation images', () => {
    expect(statusOf(trainingOf('new'))).toMatchObject({ epoch: 0, network: 1, secondsLeft: null, trainAccuracy: null })
    expect(statusOf(trainingOf('all-data', epochs(2, null)))).toMatchObject({
      validationAccuracy: null,
      secondsLeft: 56,
    })
  })

  it('tells a training that runs from one that was killed', () => {
    const directory = trainingOf('held', epochs(1, 0.5))
    const { pid } = spawnSync(process.execPath, ['--version'])
    lock(directory, { ...newOwner(systemClock), pid })
    expect(statusOf(directory)).toMatchObject({ state: 'killed', owner: { pid, alive: false } })
    lock(directory, { ...newOwner(systemClock), pid: process.ppid, identity: null })
    expect(statusOf(directory)).toMatchObject({ state: 'running', resume: null, owner: { alive: true } })
  })

  it('is shown in lines for a terminal, without characters of others that are none', () => {
    const text = renderTrainingStatus(statusOf(trainingOf('shown', epochs(5, 0.5))), () => 60)
    expect(text).toContain('network 1 of 3, epoch 5 of 10')
    expect(text).toContain('validation accuracy, best so far: 50.00 %')
    expect(text).toContain('left: about')
    expect(text).toContain('continue with: fear-nas resume ')
    expect(text).not.toContain('\u001b[2J')
  })
})

it('a list has trainings among the runs, and a damaged one as broken', async () => {
  const list = path.join(folder, 'list')
  trainingOf('list/good', epochs(5, 0.5))
  writeFileSync(path.join(trainingOf('list/bad'), 'training.json'), '{')
  const runs = await listRuns(list, planOf, systemClock)
  expect(runs).toMatchObject([
    { command: 'train', state: 'stopped', date: record.date, arms: null, trials: null },
    { command: null, state: 'broken', error: expect.stringContaining('is damaged, or of another version') },
  ])
  expect(renderList(runs, list)).toMatch(/2026-01-02 03:04 │ train +│ - +│ stopped │ - +│ - +│ - /)
})
