import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { newOwner } from '../../src/journal/lock-owner.js'
import { systemClock } from '../../src/platform/clock.js'
import { NoNetworkError } from '../../src/runs/finished-runs.js'
import { resume } from '../../src/runs/resume.js'
import { train } from '../../src/runs/train.js'
import type { TrainInput } from '../../src/runs/train-options.js'
import type { TrainedRun } from '../../src/runs/trained-run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const input = {
  architecture: '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|',
  data: { name: 'fashion-mnist', train: 200, validation: 60, test: 100, size: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 60, batch: 32 },
  seed: 3,
} as const satisfies TrainInput

const folder = temporaryFolder('resume-training')
const directory = path.join(folder, 'stopped')
const readRecord = () => JSON.parse(readFileSync(path.join(directory, 'training.json'), 'utf8'))

beforeAll(async () => {
  const controller = new AbortController()
  const onEvent = (): void => controller.abort()
  await expect(train(input, { directory, onEvent, signal: controller.signal })).rejects.toThrow(NoNetworkError)
})

describe('resume of a training', () => {
  it('refuses what would change it', async () => {
    for (const option of [{ add: ['trials=2'] }, { allowOtherDevice: true }, { config: 'other.yaml' }]) {
      await expect(resume(directory, option)).rejects.toThrow('goes on as it was begun')
    }
  })

  it('runs no module of others without consent, and refuses a damaged record', async () => {
    const file = path.join(directory, 'training.json')
    const kept = readFileSync(file)
    const record = readRecord()
    const evil = path.join(directory, 'evil.mjs')
    writeFileSync(
      evil,
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(`${evil}.ran`)}, '')\n`,
    )
    const engine = { name: 'module', module: evil }
    writeFileSync(file, JSON.stringify({ ...record, call: { ...record.call, input: { ...input, engine } } }))
    await expect(resume(directory)).rejects.toThrow('If you trust it, let its code run with your rights: resume(')
    expect(existsSync(`${evil}.ran`)).toBe(false)
    for (const broken of [
      { ...record, call: null },
      { ...record, modules: { a: 1 } },
      { ...record, date: 5 },
    ]) {
      writeFileSync(file, JSON.stringify(broken))
      await expect(resume(directory)).rejects.toThrow('is damaged, or of another version')
    }
    writeFileSync(file, kept)
  })

  it('gives the trained network, and again after its end, when it removes what a kill has left', async () => {
    const whole = await train(input)
    const resumed = await resume(directory)
    if (resumed.kind !== 'train') expect.fail('it is a training')
    const { computeSeconds: _, curve, load: __, ...figures } = whole
    const facts = ({ computeSeconds, curve, load, ...rest }: TrainedRun) => rest
    expect(facts(resumed)).toEqual({ ...figures, directory })
    expect(resumed.curve).toHaveLength(curve.length)
    const names = readdirSync(directory)
    copyFileSync(path.join(directory, 'network.bin'), path.join(directory, 'checkpoint-1.bin'))
    const { pid } = spawnSync(process.execPath, ['--version'])
    writeFileSync(path.join(directory, 'lock'), JSON.stringify({ ...newOwner(systemClock), pid }))
    writeFileSync(path.join(directory, `report.html.${pid}.${randomUUID()}.tmp`), 'half')
    const again = await resume(directory)
    if (again.kind !== 'train') expect.fail('it is a training')
    expect(facts(again)).toEqual(facts(resumed))
    expect(again.computeSeconds).toBe(resumed.computeSeconds)
    expect(readdirSync(directory)).toEqual(names)
    const [one, other] = [await whole.load(), await again.load()]
    expect(other.weights()).toEqual(one.weights())
    for (const model of [one, other]) model.dispose()
  })
})
