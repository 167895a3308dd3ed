import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { describeExecutor } from '../../src/conformance/executor/describe-executor.js'
import { tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { ConfigError } from '../../src/platform/errors.js'
import { physicalCores } from '../../src/platform/hardware.js'
import { temporaryFolder } from '../support/temporary-folder.js'

function program(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url))
}

describeExecutor(
  'of processes',
  (setup, workers) => createProcessPoolExecutor(setup, { workers, program: program('faulty-process.mjs') }),
  { deadly: (architecture) => `${architecture} ! kill` },
)

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

  it.each([
    [undefined, 'auto', [0, 1, 2]],
    ['2,0', 'auto', [2, 0]],
    [undefined, 2, [0, 1]],
    ['1', 2, [1, 1]],
  ] as const)('of CUDA_VISIBLE_DEVICES=%s gives %s workers these GPUs: %j', async (selection, workers, expected) => {
    const folder = temporaryFolder('gpus')
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
