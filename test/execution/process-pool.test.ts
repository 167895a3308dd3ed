import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import type { FearOptions } from '../../src/evaluators/fear/options.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { ConfigError } from '../../src/platform/errors.js'
import { physicalCores } from '../../src/platform/hardware.js'
import { describeExecutor } from '../conformance/executor-conformance.js'
import { tinyFear, tinySetup, tinyTask } from './tiny-setup.js'

describeExecutor('the pool of two processes', (setup) => createProcessPoolExecutor(setup, { workers: 2 }))

function program(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url))
}

/** With an architecture that never reaches its threshold, trains for hours if nothing stops it. */
const endless: FearOptions = { ...tinyFear, cost: 'seconds', threshold: 1, maxEpochs: 1_000_000 }

describe('the pool of processes', () => {
  it('has a worker for each physical core where nothing else is said, and tells its engine', async () => {
    const setup = await tinySetup()
    const pool = await createProcessPoolExecutor(setup, { workers: 'auto' })
    expect(pool.workers).toBe(physicalCores())
    expect(pool.engine.name).toBe(setup.engine)
    await pool.close()
  })

  it('says why a process cannot start', async () => {
    const setup = await tinySetup()
    const lost = createProcessPoolExecutor(
      { ...setup, space: { ...setup.space, name: 'nats-tsx' as 'nats-tss' } },
      { workers: 2 },
    )
    await expect(lost).rejects.toThrow(ConfigError)
    await expect(lost).rejects.toThrow(/^There is no search space "nats-tsx"/)
    const broken = createProcessPoolExecutor(setup, { workers: 2, program: program('no-such-program.mjs') })
    await expect(broken).rejects.toThrow(/process could not start: its process exited with code: 1/)
  })

  it('hears what a running trial has cost, and tells it that the budget is used up elsewhere', async () => {
    const pool = await createProcessPoolExecutor(await tinySetup(), { workers: 1 })
    const channel = pool.openChannel({ computeSeconds: 'sum', epochs: 'sum', trainingFlops: 'sum' }, 1)
    const member = channel.join()
    const budget = { limits: { computeSeconds: 1e9, epochs: 1e9, trainingFlops: 1e30 } }
    const running = pool.evaluate(tinyTask(3, { evaluator: endless, budget, channel: member.ref }))
    await vi.waitFor(() => expect(channel.read('epochs')).toBeGreaterThan(0), { timeout: 60_000 })
    const heard = member.values()
    channel.abort()
    const { outcome } = await running
    expect(outcome.kind).toBe('aborted')
    for (const key of ['computeSeconds', 'epochs', 'trainingFlops'] as const) {
      expect(outcome.cost[key]).toBeGreaterThanOrEqual(heard[key] ?? Infinity)
    }
    await pool.close()
  })

  it('tells a running trial of a lower reference that another one offers', async () => {
    const pool = await createProcessPoolExecutor(await tinySetup(), { workers: 2 })
    const channel = pool.openChannel({ cheapest: 'min' }, 2)
    const rejection = { kind: 'shared', number: 'cheapest' } as const
    const [one, other] = [channel.join().ref, channel.join().ref]
    const running = pool.evaluate(tinyTask(3, { evaluator: endless, rejection, channel: one }))
    const seconds: FearOptions = { ...tinyFear, cost: 'seconds' }
    const scored = await pool.evaluate(tinyTask(0, { evaluator: seconds, rejection, channel: other }))
    expect(scored.outcome.kind).toBe('scored')
    expect((await running).outcome).toMatchObject({ kind: 'rejected', unit: 'seconds' })
    expect(channel.read('cheapest')).toBeLessThan(Infinity)
    await pool.close()
  })

  it.each([
    [undefined, 'auto', [0, 1, 2]],
    ['2,0', 'auto', [2, 0]],
    [undefined, 2, [0, 1]],
    ['1', 2, [1, 1]],
  ] as const)('of CUDA_VISIBLE_DEVICES=%s gives %s workers these GPUs: %j', async (selection, workers, expected) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'fear-nas-gpus-'))
    const lines = [0, 1, 2].map((index) => `echo "GPU ${index}: NVIDIA A100-SXM4-40GB (UUID: GPU-${index})"`)
    writeFileSync(path.join(folder, 'nvidia-smi'), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    vi.stubEnv('CUDA_VISIBLE_DEVICES', selection)
    try {
      const options = { workers, program: program('gpu-process.mjs') }
      const pool = await createProcessPoolExecutor(await tinySetup('tfjs-cpu'), options)
      const empty = new Float32Array(0)
      const weights = { parameters: empty, runningMean: empty, runningVariance: empty }
      const task = { architecture: '', weights }
      expect(await Promise.all(expected.map(() => pool.test(task)))).toEqual(expected)
      expect(pool.workers).toBe(expected.length)
      await pool.close()
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    }
  })

  it('ends with the driver, even one that is killed while a trial runs', async () => {
    const driver = fork(program('endless-driver.mjs'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    if (driver.stderr === null) throw new Error('the driver has no standard error')
    // Not even between the steps of a training does its thread look up.
    const task = tinyTask(0, { architecture: `${tinyTask(0).architecture} ! busy` })
    driver.send({ setup: await tinySetup(), task, program: program('telling-process.mjs') })
    const told: string[] = []
    for await (const line of createInterface(driver.stderr)) {
      told.push(line.split(' ')[0] ?? '')
      if (told.includes('busy')) driver.kill('SIGKILL')
    }
    // The workers hold the other end of this stream: it has closed, so they have ended.
    expect(told).toEqual(['started', 'started', 'busy'])
  })
})
